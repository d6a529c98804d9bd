/**
 * A tenant of the product itself for the tests: a database file with every kind of answer and with values that try to be more than
 * text, cards and dashboards made over the API, and tokens signed as a site would.
 */
import { createHmac } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sqlite from 'sql.js';
import { CARDS } from './charts.fixture.mjs';

export const EVIL = `<img src=x onerror="window.pwned=1">`;
export const SCRIPT = `</script><script>window.pwned=2</script>`;
export const LINK = 'javascript:window.pwned=3';
export const FORMULA = '=HYPERLINK("https://evil.example","x")';
export const TURNED = '\u202Egnp.exe {a|rich}';

const DECLARED = { integer: 'INTEGER', decimal: 'REAL', float: 'REAL', text: 'TEXT', date: 'DATE', datetime: 'DATETIME', timestamp: 'TIMESTAMPTZ' };
/** Orders: towns lie in countries, months in a year. */
const TOWNS = { France: ['Lyon', 'Nice'], Spain: ['Madrid', 'Vigo'], [EVIL]: [SCRIPT] };
export const ORDERS = Object.entries(TOWNS).flatMap(([country, towns], a) =>
  towns.flatMap((town, b) => Array.from({ length: 6 }, (_, month) => [country, town, `2026-0${month + 1}-15`, 100 * (a + 1) + 10 * b + month])));
const HOSTILE = [[EVIL, LINK, FORMULA], [SCRIPT, ` ${LINK}`, '+1+1'], [TURNED, 'data:text/html,<script>window.pwned=4</script>', '@SUM(A1)'], ['plain', 'https://people.example/1', '1']];

let made;

/** A call of the operator. */
async function operator(demo) {
  const { operator_key: key } = JSON.parse(await readFile(join(demo.folder, 'demo.json'), 'utf8'));
  return async (path, body, method = 'POST') => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
    const answer = await fetch(`${demo.origin}${path}`, { method, headers, body: body ? JSON.stringify(body) : undefined });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? null : JSON.parse(text);
  };
}

/** An embed key of a tenant: its id and its secret. */
export async function keyOf(demo, tenant, more = {}) {
  const found = await (await operator(demo))(`/v1/tenants/${tenant}/embed-keys`, { name: 'tests', ...more });
  return { kid: found.key?.id ?? found.id, secret: found.secret };
}

/** Makes it once for a server. */
export function world(demo) {
  made ??= make(demo);
  return made;
}

async function make(demo) {
  const call = await operator(demo);
  await writeFile(join(demo.folder, 'tenants', 'gallery-shop.db'), await database());
  await call('/v1/sources', { slug: 'shop', name: 'Shop', engine: 'sqlite', template: { file: '{slug}-shop.db' } });
  await call('/v1/tenants', { slug: 'gallery', name: `Gallery ${EVIL}`, locale: 'en-GB', timezone: 'Europe/London' });
  await call('/v1/library/collections', { slug: 'gallery', name: 'Gallery' });
  for (const draft of cards()) await call('/v1/library/cards', { collection: 'gallery', source: 'shop', ...draft });
  for (const draft of dashboards()) await call('/v1/library/dashboards', { collection: 'gallery', ...draft });
  await call('/v1/publications', { publish: { collection: 'gallery' }, audience: { tenants: ['gallery'] } });
  const key = (more) => keyOf(demo, 'gallery', more);
  const usual = await key({});
  /** A token for a dashboard; `life` in seconds. */
  const token = (dashboard, { life = 600, params = {}, with: { kid, secret } = usual, ...claims } = {}) => {
    const part = (data) => Buffer.from(JSON.stringify(data)).toString('base64url');
    const signed = `${part({ alg: 'HS256', typ: 'JWT', kid })}.${part({ resource: { dashboard }, params, exp: Math.floor(Date.now() / 1000) + life, ...claims })}`;
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
  };
  return { call, key, token, address: (dashboard, rest = '') => `${demo.origin}/embed/dashboard#token=${token(dashboard)}${rest}` };
}

async function database() {
  const { Database } = await sqlite();
  const db = new Database();
  const fill = (table, columns, rows) => {
    db.run(`CREATE TABLE "${table}" (${columns.map(([name, type]) => `"${name.replaceAll('"', '""')}" ${type}`).join(', ')})`);
    const insert = db.prepare(`INSERT INTO "${table}" VALUES (${columns.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(row);
    insert.free();
  };
  for (const [id, , , , , columns, rows] of CARDS) fill(`kind_${id}`, columns.map(({ name, type }) => [name, DECLARED[type]]), rows);
  fill('orders', [['country', 'TEXT'], ['town', 'TEXT'], ['sold', 'DATE'], ['amount', 'INTEGER']], ORDERS);
  fill('hostile', [[EVIL, 'TEXT'], ['website', 'TEXT'], ['sheet', 'TEXT']], HOSTILE);
  const bytes = db.export();
  db.close();
  return bytes;
}

const parameter = (name, type, column, more = {}) => ({ name, type, column: { sql: column }, ...more });
const country = parameter('country', 'text', 'country', { multiple: true });
const town = parameter('town', 'text', 'town', { multiple: true });
const period = parameter('period', 'date_range', 'sold');
const filtered = (select, rest) => ({ sql: `SELECT ${select} FROM orders WHERE {{country}} AND {{town}} AND {{period}} ${rest}`, parameters: [country, town, period] });

function cards() {
  return [
    ...CARDS.map(([id, name, , , visualization]) => ({ slug: `kind-${id}`, name, query: { sql: `SELECT * FROM "kind_${id}"` }, visualization })),
    { slug: 'countries', name: 'Countries', query: { sql: 'SELECT DISTINCT country FROM orders ORDER BY country' } },
    { slug: 'towns', name: 'Towns', query: { sql: 'SELECT DISTINCT town FROM orders WHERE {{country}} ORDER BY town', parameters: [country] } },
    { slug: 'by-country', name: 'Amount by country', query: filtered('country, sum(amount) AS amount', 'GROUP BY country ORDER BY country'), visualization: { type: 'bar' } },
    { slug: 'by-month', name: 'Amount by month', query: filtered('sold, sum(amount) AS amount', 'GROUP BY sold ORDER BY sold'), visualization: { type: 'line' } },
    { slug: 'total', name: 'Total', query: filtered('sum(amount) AS amount', ''), visualization: { type: 'scalar' } },
    { slug: 'orders', name: 'Orders', query: filtered('country, town, sold, amount', 'ORDER BY sold, town'), visualization: { type: 'table' } },
    { slug: 'hostile', name: EVIL, description: SCRIPT, query: { sql: 'SELECT * FROM hostile' }, visualization: { type: 'table', columns: { sheet: { link: `https://lms.example/{${'website'}}` } } } },
    { slug: 'hostile-bar', name: SCRIPT, query: { sql: `SELECT country AS "${EVIL.replaceAll('"', '""')}", sum(amount) AS amount FROM orders GROUP BY 1` }, visualization: { type: 'row' } },
  ];
}

function dashboards() {
  let [x, y, tall] = [0, 0, 0];
  const kinds = CARDS.map(([id, , w, h]) => {
    if (x + w > 24) [x, y, tall] = [0, y + tall, 0];
    const item = { id, x, y, w, h, show: { kind: 'card', card: `kind-${id}` } };
    [x, tall] = [x + w, Math.max(tall, h)];
    return item;
  });
  const all = { country: 'country', town: 'town', period: 'period' };
  const card = (id, at, show = {}) => ({ id, x: (at % 2) * 12, y: Math.floor(at / 2) * 6, w: 12, h: 6, show: { kind: 'card', card: id, parameters: all, ...show } });
  const filters = [
    { name: 'country', label: 'Country', type: 'text', multiple: true, values: { card: { card: 'countries' } } },
    { name: 'town', label: 'Town', type: 'text', multiple: true, linked: ['country'], values: { card: { card: 'towns' } } },
    { name: 'period', label: 'Period', type: 'date_range' },
  ];
  return [
    { slug: 'kinds', name: 'Every kind of card', items: kinds },
    {
      slug: 'sales', name: 'Sales', parameters: filters,
      items: [card('by-country', 0), card('by-month', 1), card('total', 2), card('orders', 3, {
        clicks: [{ column: 'town', action: 'open', dashboard: 'one-town', filters: { town: { column: 'town' } } }, { column: 'amount', action: 'visit', url: 'https://crm.example/{town}?n={amount}' }],
      })],
    },
    { slug: 'one-town', name: 'One town', parameters: filters, items: [card('total', 0), card('orders', 1)] },
    {
      slug: 'hostile', name: EVIL, description: SCRIPT, parameters: [{ ...filters[0], label: EVIL }],
      items: [
        { id: 'heading', x: 0, y: 0, w: 24, h: 1, show: { kind: 'heading', text: EVIL } },
        { id: 'text', x: 0, y: 1, w: 24, h: 2, show: { kind: 'text', text: `${SCRIPT} [here](${LINK}) **${EVIL}** [there](https://fine.example)` } },
        { id: 'hostile', x: 0, y: 3, w: 24, h: 7, show: { kind: 'card', card: 'hostile' } },
        { id: 'hostile-bar', x: 0, y: 10, w: 24, h: 7, show: { kind: 'card', card: 'hostile-bar' } },
      ],
    },
  ];
}
