/** Somebody else's site, on an origin of its own, as strict as sites get: no inline anything, no styles from scripts, no HTML from strings. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

export const strict = (cloison) =>
  `default-src 'none'; script-src 'self' ${cloison}; connect-src 'self' ${cloison}; frame-src ${cloison}; style-src 'self'; img-src 'self'; ` +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

/** `pages` holds bodies and scripts by path; `answers` holds what the site's own API says, as functions of the request. */
export async function start(cloison, port = 0) {
  const pages = new Map();
  const answers = new Map();
  const host = { pages, answers, folder: null, strict };
  const server = createServer(async (request, response) => {
    const url = new URL(request.url, 'http://here');
    const answer = answers.get(url.pathname);
    if (answer) {
      const { status = 200, type = 'application/json', body } = answer({ url, headers: request.headers, method: request.method, body: await text(request) });
      response.writeHead(status, { 'content-type': type });
      return response.end(typeof body === 'string' ? body : JSON.stringify(body));
    }
    if (url.pathname.startsWith('/built/') && host.folder) {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      return response.end(readFileSync(join(host.folder, url.pathname.slice('/built/'.length))));
    }
    const script = pages.get(url.pathname.replace(/\.js$/, ''));
    if (url.pathname.endsWith('.js') && script) {
      response.writeHead(200, { 'content-type': 'text/javascript' });
      return response.end(script.script ?? '');
    }
    if (url.pathname.endsWith('.css')) {
      const page = pages.get(url.pathname.replace(/\.css$/, ''));
      response.writeHead(200, { 'content-type': 'text/css' });
      return response.end(page?.style ?? '');
    }
    const page = pages.get(url.pathname);
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': page?.policy ?? strict(cloison) });
    response.end(page ? html(url.pathname, page) : '');
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(host, { origin, close: () => server.close() });
}

async function text(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function html(path, { body = '', embed, script, style }) {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A portal</title><link rel="icon" href="/icon.css">
${style ? `<link rel="stylesheet" href="${path}.css">` : ''}
${embed ? `<script type="module" src="${embed}"></script>` : ''}
${script ? `<script type="module" src="${path}.js"></script>` : ''}
</head><body>${body}</body></html>`;
}
