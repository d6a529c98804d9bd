/** A small server of our own: the built pages under the real policy, and an API that misbehaves on request. */
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { answer, LISTED, shown } from './fixture.mjs';
import { POLICY } from './policy.mjs';

const dist = pathToFileURL(`${resolve(fileURLToPath(new URL('../..', import.meta.url)), process.env.WEB_DIST ?? 'dist')}/`);
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.html': 'text/html; charset=utf-8' };

/**
 * `seen` holds what was asked; `plan` changes answers: busy once, slow, and so on. A token is words (`tabs,locale=ar`), or a JWT whose
 * claim `fake` holds them and whose `exp` is kept to.
 */
export async function start(port = 0) {
  const seen = { runs: [], values: [], linked: [], shows: [], requests: [], aborted: 0 };
  const plan = { busy: 0, slow: 0, origins: [], theme: {}, down: false };
  const server = createServer((request, response) => void handle(request, response, seen, plan).catch(() => response.destroy()));
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, seen, plan, close: () => server.close() };
}

async function handle(request, response, seen, plan) {
  const { pathname, searchParams } = new URL(request.url, 'http://here');
  seen.requests.push({ method: request.method, path: pathname, token: request.headers.authorization ?? null, referer: request.headers.referer ?? null, cookie: request.headers.cookie ?? null });
  const bearer = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const claims = claimsOf(bearer);
  const token = claims ? (claims.exp * 1000 <= Date.now() ? 'expired' : (claims.fake ?? 'plain')) : bearer;
  // As the server does for pages of other origins.
  response.setHeader('access-control-allow-origin', '*');
  response.setHeader('access-control-expose-headers', 'date, retry-after, content-disposition');
  if (request.method === 'OPTIONS') {
    response.writeHead(204, { 'access-control-allow-headers': 'authorization, content-type', 'access-control-allow-methods': 'GET, POST', 'access-control-max-age': '7200' });
    return response.end();
  }
  if (pathname.startsWith('/assets/')) return file(response, pathname.slice(1), { 'cache-control': 'public, max-age=31536000, immutable' });
  if (['/embed.js', '/frame.js', '/embed.json'].includes(pathname)) return file(response, pathname.slice(1), {});
  if (pathname.endsWith('/app/embed.js')) return file(response, 'metabase.js', {});
  if (/\/embed\/(dashboard|card)/.test(pathname)) {
    // As the server does: the key is known when the token is in the path, and only then.
    const known = /\/embed\/(dashboard|card)\/./.test(pathname) ? plan.origins.join(' ') : '';
    return page(response, 'embed.html', `frame-ancestors ${known === '' ? '*' : known}`, known);
  }
  if (pathname === '/docs') return page(response, 'docs.html', "frame-ancestors 'none'");
  if (pathname === '/playground') return page(response, 'playground.html', "frame-src 'self'; frame-ancestors 'none'");
  if (pathname === '/demo/portals.json') return json(response, 200, portals());
  if (pathname === '/demo') return page(response, 'demo/index.html', "frame-src 'self'; frame-ancestors 'none'");
  const portal = /^\/demo\/(alder|birch|cedar)(\/token)?$/.exec(pathname);
  if (portal?.[2]) return json(response, 200, { token: `locale=${{ alder: 'en-GB', birch: 'de', cedar: 'fr' }[portal[1]]}` });
  if (portal) return page(response, `demo/${portal[1]}.html`, "frame-src 'self'; frame-ancestors 'self'");
  if (pathname === '/openapi.json') return openapi(response);
  const route = /\/v1\/embed(.*)$/.exec(pathname)?.[1];
  if (route === undefined) return problem(response, 404, 'not-found');
  if (token === 'expired') return problem(response, 401, 'token-expired');
  if (token === 'invalid') return problem(response, 401, 'token-invalid');
  if (token === 'gone') return problem(response, 404, 'not-found');
  if (plan.down) return response.destroy();
  if (route === '') {
    seen.shows.push(searchParams.get('locale'));
    const options = Object.fromEntries(token.split(',').map((part) => [part.split('=')[0], part.split('=')[1] ?? true]));
    const found = shown({ theme: plan.theme, ...options });
    return json(response, 200, { ...found, origins: plan.origins, ...(claims ? { expires_at: new Date(claims.exp * 1000).toISOString() } : {}) });
  }
  if (route === '/run') {
    response.on('close', () => (seen.aborted += response.writableFinished ? 0 : 1));
    return run(response, JSON.parse(await body(request)), seen, plan);
  }
  if (route.endsWith('/values')) {
    const name = decodeURIComponent(/parameters\/([^/]+)/.exec(route)[1]);
    const asked = request.method === 'POST' ? JSON.parse(await body(request)) : {};
    const search = asked.search ?? searchParams.get('search') ?? '';
    seen.values.push(search);
    if (name === 'country' || name === 'town') {
      seen.linked.push([name, asked.parameters ?? null]);
      const towns = { France: ['Lyon', 'Nice'], Spain: ['Madrid', 'Vigo'] };
      const list = name === 'country' ? Object.keys(towns) : (towns[asked.parameters?.country] ?? Object.values(towns).flat());
      return json(response, 200, { values: list.map((one) => ({ value: one, label: one })), more: false });
    }
    const values = LISTED.filter((one) => one.label.toLowerCase().includes(search.toLowerCase()));
    return json(response, 200, { values: values.slice(0, 20), more: values.length > 20 });
  }
  if (/\/export\/csv$/.test(route)) {
    response.writeHead(200, { 'content-type': 'text/csv', 'content-disposition': `attachment; filename="people.csv"` });
    return response.end('a,b\r\n1,2\r\n');
  }
  return problem(response, 404, 'not-found');
}

async function run(response, { parameters, items }, seen, plan) {
  seen.runs.push({ parameters, items: items ?? null });
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const names = items ?? shown().items.filter((item) => item.kind === 'card').map((item) => item.id);
  const send = (event) => response.write(`${JSON.stringify(event)}\n`);
  if (plan.slow > 0) await new Promise((done) => setTimeout(done, plan.slow));
  for (const item of names) {
    await plan.gate?.(item);
    if (response.destroyed) return;
    if (item === 'away') {
      if (plan.busy > 0) {
        plan.busy -= 1;
        send({ item, event: 'error', problem: { code: 'busy', status: 503, retry_after: 1 } });
      } else if (plan.busy === 0 && plan.healed) {
        whole(send, item, parameters);
      } else send({ item, event: 'error', problem: { code: 'source-unavailable', status: 503 } });
    } else whole(send, item, parameters);
  }
  send({ event: 'end' });
  response.end();
}

function whole(send, item, parameters) {
  const { columns, rows } = answer(item, parameters);
  send({ item, event: 'columns', columns });
  for (let at = 0; at < rows.length; at += 50) send({ item, event: 'rows', rows: rows.slice(at, at + 50) });
  send({ item, event: 'done', row_count: rows.length, truncated: item === 'people', cached: false });
}

/** A token that looks like one; the fake server asks for no signature. */
export function jwt({ fake = 'plain', life = 600, kid = 'emk_1', ...claims } = {}) {
  const part = (data) => Buffer.from(JSON.stringify(data)).toString('base64url');
  const exp = Math.floor(Date.now() / 1000) + life;
  return `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part({ resource: { dashboard: 'overview' }, params: {}, ...claims, fake, exp })}.c2ln`;
}

function claimsOf(token) {
  try {
    const [, body, , ...more] = token.split('.');
    return body && more.length === 0 ? JSON.parse(Buffer.from(body, 'base64url').toString('utf8')) : null;
  } catch {
    return null;
  }
}

function portals() {
  const expires_at = new Date(Date.now() + 600_000).toISOString();
  return [
    ['Alder College', 'alder', '#2563eb', 'SQLite, a file of its own', 'en-GB'],
    ['Birch Health', 'birch', '#0f766e', 'PostgreSQL, a database of its own', 'de'],
    ['Cedar Academy', 'cedar', '#9333ea', 'MariaDB, a database of its own', 'fr'],
  ].map(([name, slug, color, engine, locale]) => ({
    name, slug, color, engine, expires_at,
    embed_url: `/t/${slug}/embed/dashboard#token=locale=${locale}`,
    portal_url: `/demo/${slug}`,
  }));
}

async function openapi(response) {
  const committed = await readFile(new URL('../../../openapi.json', import.meta.url)).catch(() => null);
  const small = await readFile(new URL('openapi.small.json', import.meta.url));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(committed ?? small);
}

async function page(response, name, policy, origins = '') {
  const text = await readFile(new URL(name, dist), 'utf8');
  response.writeHead(200, { 'content-type': TYPES['.html'], 'content-security-policy': `${POLICY}; ${policy}`, 'cache-control': 'no-cache', 'referrer-policy': 'no-referrer' });
  response.end(text.replace('name="cloison-origins" content=""', `name="cloison-origins" content="${origins}"`));
}

async function file(response, name, headers) {
  const bytes = await readFile(new URL(name, dist));
  response.writeHead(200, { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', ...headers });
  response.end(bytes);
}

function json(response, status, value, type = 'application/json') {
  response.writeHead(status, { 'content-type': type });
  response.end(JSON.stringify(value));
}

function problem(response, status, code) {
  json(response, status, { type: `/problems/${code}`, title: code, status, detail: code, code }, 'application/problem+json');
}

async function body(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
