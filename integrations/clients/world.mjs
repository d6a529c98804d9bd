/**
 * The product with two tenants, each with a database, a card and a dashboard of its own beside what the library publishes to all of
 * them. Whoever writes asks for one more, so that what is read stays as it is and no order of clients matters.
 */
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const program = promisify(execFile);

/** Orders of each tenant. No number is in both, so that a mistaken tenant cannot give a right answer. */
export const ROWS = {
  alder: [['Lyon', 10], ['Nice', 20], ['Lyon', 5]],
  birch: [['Oslo', 400], ['Lyon', 700], ['Oslo', 60]],
};

/** Of a tenant that a client writes on, whichever it is: several may have these, but neither of the two above. */
export const ELM = [['Metz', 3], ['Pau', 8], ['Metz', 30]];

/** What the card `sales` says of them, and the whole. */
export const SALES = { alder: [['Nice', 20], ['Lyon', 15]], birch: [['Lyon', 700], ['Oslo', 460]] };
export const TOTAL = { alder: 35, birch: 1160 };

const MAKE = 'import json, sqlite3, sys\n'
  + 'db = sqlite3.connect(sys.argv[1])\n'
  + 'for name, rows in json.loads(sys.argv[2]).items():\n'
  + '    db.execute(f"CREATE TABLE {name} (id INTEGER PRIMARY KEY, city TEXT, amount INTEGER)")\n'
  + '    db.executemany(f"INSERT INTO {name} (city, amount) VALUES (?, ?)", rows)\n'
  + 'db.commit()\n';

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Starts the server in a folder of its own and fills it. */
export async function start(binary) {
  const folder = await mkdtemp(join(tmpdir(), 'cloison-clients-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const env = { PATH: process.env.PATH, HOME: folder, CLOISON_LISTEN: `127.0.0.1:${port}` };
  const child = spawn(binary, ['serve'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const told = [];
  const ended = new Promise((done) => child.once('exit', done).once('error', done));
  child.stderr.on('data', (bytes) => told.push(bytes));
  const close = async () => {
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await ended;
    clearTimeout(timer);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([ready(origin), ended.then(() => Promise.reject(new Error('it ended')))]);
    return { origin, folder, close, ...(await fill(binary, folder, env, origin)) };
  } catch (error) {
    await close();
    throw new Error(`the server did not start: ${error.message}\n${Buffer.concat(told).toString('utf8').slice(-2000)}`, { cause: error });
  }
}

async function ready(origin) {
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((done) => setTimeout(done, 50))) {
    if (await fetch(`${origin}/health/ready`).then(({ ok }) => ok, () => false)) return;
  }
  throw new Error('it was not ready within a minute');
}

async function fill(binary, folder, env, origin) {
  const { stdout } = await program(binary, ['operator', 'create', '--name', 'tests', '--json'], { cwd: folder, env });
  const operator = caller(origin, JSON.parse(stdout).secret);
  await mkdir(join(folder, 'cloison-data/tenants'), { recursive: true });
  await operator('/v1/sources', { slug: 'shop', name: 'Shop', engine: 'sqlite', template: { file: '{slug}.db' } });
  const library = await content(operator, '/v1/library', 'sales');
  for (const publish of [{ dashboard: 'sales-board' }, { card: 'sales' }, { card: 'sales-cities' }]) {
    await operator('/v1/publications', { publish, audience: 'all' });
  }
  const another = async (slug, more = {}, tables = { orders: ELM }) => {
    await program('python3', ['-c', MAKE, join(folder, `cloison-data/tenants/${slug}.db`), JSON.stringify(tables)]);
    await operator('/v1/tenants', { slug, name: `${slug} college`, ...more });
    // Looks at what is there, so that the tenant's tables are known.
    await program(binary, ['placement', 'check', slug, 'shop'], { cwd: folder, env });
    return tenant(operator, origin, slug);
  };
  const tenants = {};
  for (const [slug, orders] of Object.entries(ROWS)) tenants[slug] = await another(slug, {}, { orders });
  return { library, tenants, another, operator };
}

const READING = ['dashboards:read', 'cards:run', 'results:export', 'sql:run'];

/** Its writer is given all that a tenant's key can be given, so that what is refused is refused to everybody. */
async function tenant(operator, origin, slug) {
  const make = (name, actions) => operator(`/v1/tenants/${slug}/api-keys`, { name, scopes: [{ actions, resources: { all: true } }] });
  const writer = (await make('writer', [...READING, 'content:write', 'keys:manage', 'embed:sign'])).secret;
  const key = (await make('scripts', READING)).secret;
  const { secret } = await operator(`/v1/tenants/${slug}/embed-keys`, { name: 'portal', dialect: 'metabase' });
  const call = caller(origin, writer);
  const folder = await call('/v1/content/collections', { slug: 'own', name: `Own of ${slug}` });
  return { slug, key, writer, secret, call, base: `${origin}/t/${slug}`, folder, ...(await content(call, '/v1/content', 'own-sales', { collection: 'own' })) };
}

/** A card, the cities for its filter, and a dashboard with it. */
async function content(call, place, slug, more = {}) {
  const guests = { enable_embedding: true, embedding_params: { city: 'enabled' } };
  const query = {
    sql: 'SELECT city, sum(amount) AS amount FROM orders WHERE {{city}} GROUP BY city ORDER BY amount DESC',
    parameters: [{ name: 'city', type: 'text', multiple: true, column: { sql: 'city' } }],
  };
  const cities = { slug: `${slug}-cities`, name: `Cities of ${slug}`, source: 'shop', query: { sql: 'SELECT DISTINCT city FROM orders ORDER BY city' }, ...more };
  await call(`${place}/cards`, cities);
  const card = await call(`${place}/cards`, { slug, name: `The ${slug}`, source: 'shop', query, visualization: { type: 'bar' }, ...guests, ...more });
  const dashboard = await call(`${place}/dashboards`, {
    slug: `${slug}-board`, name: `Board of ${slug}`,
    parameters: [{ name: 'city', label: 'City', type: 'text', multiple: true, values: { card: { card: `${slug}-cities` } } }],
    items: [{ id: 'sales', x: 0, y: 0, w: 24, h: 6, show: { kind: 'card', card: slug, parameters: { city: 'city' } } }],
    ...guests, ...more,
  });
  return { card, dashboard };
}

/** A caller of our own API. */
function caller(origin, secret) {
  return async (path, body) => {
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    const answer = await fetch(`${origin}${path}`, { method: body ? 'POST' : 'GET', headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}
