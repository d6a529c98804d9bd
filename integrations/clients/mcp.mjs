/** Servers for agents, over their standard input and output as an agent's program starts them: every tool that reads, and then every tool that writes. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { COGNITION, EASECLOUD, WRITES, writing } from './mcp-writing.mjs';
import { found, NOBODYS, version } from './program.mjs';
import { ELSEWHERE, NOT_HERE, OF_TABLES } from './reasons.mjs';
import { Client } from './tally.mjs';
import { SALES, TOTAL } from './world.mjs';

class Server {
  #said = '';
  #waiting = new Map();
  #last = 0;

  constructor(installed, path, { base, key }) {
    const env = { PATH: process.env.PATH, METABASE_URL: base, METABASE_API_KEY: key };
    this.child = spawn('node', [join(installed, 'node_modules', path), '--all'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout.setEncoding('utf8').on('data', (text) => this.#hear(text));
    this.child.on('close', () => { for (const { fail } of this.#waiting.values()) fail(new Error('the server ended')); });
    this.child.stdin.on('error', () => {});
  }

  #hear(text) {
    const lines = (this.#said + text).split('\n');
    this.#said = lines.pop();
    for (const line of lines.filter((line) => line.startsWith('{'))) {
      const { id, result, error } = JSON.parse(line);
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error) waiting?.fail(new Error(error.message));
      else waiting?.done(result);
    }
  }

  ask(method, params) {
    this.#last += 1;
    const id = this.#last;
    return new Promise((done, fail) => {
      const timer = setTimeout(() => fail(new Error(`no answer to ${method} within a minute`)), 60_000);
      this.#waiting.set(id, { done: (value) => (clearTimeout(timer), done(value)), fail: (error) => (clearTimeout(timer), fail(error)) });
      this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
    });
  }

  async open() {
    await this.ask('initialize', { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'tests', version: '1' } });
    this.child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
    return (await this.ask('tools/list', {})).tools.map(({ name }) => name);
  }

  /** What a tool says: JSON where it is. */
  async tool(name, args) {
    const { content, isError } = await this.ask('tools/call', { name, arguments: args });
    const text = content.map(({ text }) => text).join('');
    if (isError) throw new Error(text);
    try {
      return JSON.parse(text);
    } catch {
      return text;
    }
  }

  close() {
    this.child.kill();
  }
}

/** `cases` says which tools work, which do not and why; `foreign` how another tenant's things are asked for. */
async function run(world, installed, name, path, { cases, foreign, writes }) {
  const { tenants: { alder, birch }, library } = world;
  const client = new Client(name, await version(installed, name));
  const elm = await world.another(`elm-${name.split('/')[0].slice(1)}`, { public_links: true });
  const servers = [alder, birch, { ...elm, key: elm.writer }].map((tenant) => new Server(installed, path, tenant));
  const [one, two, three] = servers;
  try {
    const [tools] = await Promise.all(servers.map((server) => server.open()));
    const here = await found(alder);
    const { works, refused } = cases({ library, alder, here });
    for (const [tool, args, look] of works) await client.works(tool, () => one.tool(tool, args), look);
    for (const [why, calls] of refused) for (const [tool, args] of calls) await client.refused(tool, () => one.tool(tool, args), /status code (400|404|501)/, why);
    await client.holds('the other tenant’s rows', async () => deepEqual((await two.tool('execute_card', { card_id: library.card.number })).data.rows, SALES.birch));
    await client.holds('the other tenant’s SQL', async () => deepEqual((await two.tool('execute_query', { database_id: here.database, query: 'SELECT sum(amount) FROM orders' })).data.rows, [[TOTAL.birch]]));
    for (const [tool, argument, thing] of foreign(alder)) await client.missing(tool, (number) => two.tool(tool, { [argument]: number }), thing.number, NOBODYS);
    await writing({ client, one: three, reader: one, elm, tools, world, ...writes });
    const left = tools.filter((tool) => !WRITES.test(tool) && !client.calls.includes(tool));
    await client.holds('every tool that reads is tried', () => deepEqual(left, []));
  } finally {
    for (const server of servers) server.close();
  }
  return client;
}

const names = (list) => list.map(({ name }) => name).sort();
const CARDS = ['Cities of own-sales', 'Cities of sales', 'The own-sales', 'The sales'];
const BOARDS = ['Board of own-sales', 'Board of sales'];
const SQL = 'SELECT city, amount FROM orders ORDER BY id';
const ORDERS = [['Lyon', 10], ['Nice', 20], ['Lyon', 5]];

/** What both servers have, under the same names. */
function common({ library: { card, dashboard }, alder, here: { database, table } }) {
  const [card_id, dashboard_id, database_id, table_id] = [card.number, dashboard.number, database, table];
  return [
    ['list_dashboards', {}, (list) => deepEqual(names(list), BOARDS)],
    ['get_dashboard', { dashboard_id }, ({ name, dashcards }) => deepEqual([name, dashcards[0].card_id], ['Board of sales', card_id])],
    ['get_dashboard_cards', { dashboard_id }, (list) => deepEqual(list.map((one) => one.card_id), [card_id])],
    ['list_databases', {}, ({ data }) => deepEqual(names(data), ['Shop'])],
    ['get_database', { database_id }, ({ name, details }) => deepEqual([name, details], ['Shop', {}])],
    ['get_database_metadata', { database_id }, ({ tables }) => deepEqual(names(tables[0].fields), ['amount', 'city', 'id'])],
    ['list_database_schemas', { database_id }, (list) => deepEqual(list, ['main'])],
    ['execute_query', { database_id, query: SQL }, ({ data }) => deepEqual(data.rows, ORDERS)],
    ['list_cards', {}, (list) => deepEqual(names(list), CARDS)],
    ['get_card', { card_id }, ({ name }) => equal(name, 'The sales')],
    ['execute_card', { card_id }, ({ data }) => deepEqual(data.rows, SALES.alder)],
    ['get_card_query_metadata', { card_id }, ({ databases }) => deepEqual(names(databases), ['Shop'])],
    ['list_tables', {}, (list) => deepEqual(names(list), ['orders'])],
    ['get_table', { table_id }, ({ name }) => equal(name, 'orders')],
    ['get_table_fks', { table_id }, (list) => deepEqual(list, [])],
    ['list_collections', {}, (list) => deepEqual(names(list), ['Own of alder', 'alder college'])],
    ['list_embeddable_dashboards', {}, (list) => deepEqual(names(list), BOARDS)],
    // The cards of cities are not open to guests.
    ['list_embeddable_cards', {}, (list) => deepEqual(names(list), ['The own-sales', 'The sales'])],
    ['get_card_dashboards', { card_id }, (list) => deepEqual(list.map(({ id, name }) => [id, name]), [[dashboard_id, 'Board of sales']])],
    ['get_card_series', { card_id }, (list) => deepEqual(list, [])],
    // Its key may not manage keys, and so is all that it sees of them.
    ['list_users', {}, ({ data, total }) => deepEqual([names(data.map(({ common_name }) => ({ name: common_name }))), total], [['scripts'], 1])],
    ['get_collection_items', { collection_id: alder.folder.number }, ({ data }) => deepEqual(names(data), ['Board of own-sales', 'Cities of own-sales', 'The own-sales'])],
  ];
}

/** What neither gets here. */
function unserved({ library: { card, dashboard }, here: { table } }) {
  const [card_id, dashboard_id, table_id] = [card.number, dashboard.number, table];
  return [
    [NOT_HERE, [['get_dashboard_related', { dashboard_id }], ['get_dashboard_revisions', { dashboard_id }], ['get_table_related', { table_id }]]],
    [OF_TABLES, [['get_card_table_fks', { card_id }], ['get_card_table_query_metadata', { card_id }], ['get_table_data', { table_id }]]],
    ['pivot its rows', [['execute_pivot_card_query', { card_id }]]],
  ];
}

export function cognition(world, installed) {
  const foreign = ({ card, dashboard, folder }) => [
    ['get_card', 'card_id', card], ['execute_card', 'card_id', card], ['get_card_query_metadata', 'card_id', card],
    ['get_dashboard', 'dashboard_id', dashboard], ['get_dashboard_cards', 'dashboard_id', dashboard], ['get_dashboard_queries', 'dashboard_id', dashboard],
    ['get_collection_items', 'collection_id', folder],
  ];
  const cases = (place) => {
    const { library: { card, dashboard }, here: { database, table } } = place;
    const works = [
      ...common(place),
      ['execute_dashboard_card', { dashboard_id: dashboard.number, card_id: card.number }, ({ status, data }) => deepEqual([status, data.data.rows], ['completed', SALES.alder])],
      ['search_dashboards', { query: 'sales' }, (list) => deepEqual(names(list), BOARDS)],
      ['get_dashboard_queries', { dashboard_id: dashboard.number }, ({ total_cards }) => equal(total_cards, 1)],
      ['audit_dashboard_filters', { dashboard_id: dashboard.number }, ({ parameter_ids }) => deepEqual(parameter_ids, ['city'])],
      ['check_database_health', { database_id: database }, ({ status }) => equal(status, 'ok')],
      ['get_database_schema', { database_id: database, schema_name: 'main' }, (list) => deepEqual(names(list), ['orders'])],
      ['export_card_result', { card_id: card.number, export_format: 'csv' }, (csv) => equal(csv.trim().split(/\r?\n/).join('|'), 'city,amount|Nice,20|Lyon,15')],
      ['get_card_param_values', { card_id: card.number, param_key: 'city' }, ({ values }) => deepEqual(values, [])],
      ['search_card_param_values', { card_id: card.number, param_key: 'city', query: 'Ly' }, ({ values }) => deepEqual(values, [])],
      ['get_card_param_remapping', { card_id: card.number, param_key: 'city', value: 'Lyon' }, (value) => deepEqual(value, ['Lyon'])],
      ['get_table_query_metadata', { table_id: table }, ({ fields }) => deepEqual(names(fields), ['amount', 'city', 'id'])],
      ['get_field_id', { table_id: table, column_name: 'city' }, ({ name, base_type }) => deepEqual([name, base_type], ['city', 'type/Text'])],
      ['search_content', { q: 'sales' }, ({ data }) => deepEqual(names(data), [...BOARDS, ...CARDS].sort())],
      ['get_metabase_playground_link', { query: SQL, display: 'table' }, ({ playground_url }) => ok(playground_url.startsWith(world.tenants.alder.base))],
    ];
    return { works, refused: unserved(place) };
  };
  return run(world, installed, '@cognitionai/metabase-mcp-server', '@cognitionai/metabase-mcp-server/dist/server.js', { cases, foreign, writes: COGNITION });
}

export function easecloud(world, installed) {
  const foreign = ({ card, dashboard, folder }) => [
    ['get_card', 'card_id', card], ['execute_card', 'card_id', card], ['export_card_result', 'card_id', card],
    ['get_dashboard', 'dashboard_id', dashboard], ['get_dashboard_queries', 'dashboard_id', dashboard],
    ['get_collection', 'collection_id', folder], ['get_collection_items', 'collection_id', folder],
  ];
  const cases = (place) => {
    const { library: { card, dashboard }, alder, here: { database, table, dashcard } } = place;
    const [card_id, param_id] = [card.number, 'city'];
    const works = [
      ...common(place),
      ['search_dashboards', { query: 'sales' }, ({ data }) => deepEqual(names(data), BOARDS)],
      ['get_dashboard_queries', { dashboard_id: dashboard.number }, ([one]) => equal(one.card_name, 'The sales')],
      ['export_card_result', { card_id }, (rows) => deepEqual(rows, [{ city: 'Nice', amount: 20 }, { city: 'Lyon', amount: 15 }])],
      ['get_card_param_values', { card_id, param_id }, ({ values }) => deepEqual(values, [])],
      ['search_card_param_values', { card_id, param_id, query: 'Ly' }, ({ values }) => deepEqual(values, [])],
      ['get_card_param_remapping', { card_id, param_id, value: 'Lyon' }, (value) => deepEqual(value, ['Lyon'])],
      ['get_database_schema', { database_id: database }, ({ tables }) => deepEqual(names(tables), ['orders'])],
      ['get_table_metadata', { table_id: table }, ({ fields }) => deepEqual(names(fields), ['amount', 'city', 'id'])],
      ['get_field_id', { table_id: table, field_name: 'city' }, (answer) => ok(JSON.stringify(answer).includes('city'))],
      ['get_schema_cache', { database_id: database }, ({ tables }) => deepEqual(names(tables), ['orders'])],
      ['refresh_schema_cache', { database_id: database }, (said) => ok(said.includes('1 tables cached'), said)],
      ['list_permission_groups', {}, (list) => deepEqual(names(list), ['Administrators', 'All Users', 'dashboards:read, cards:run, results:export, sql:run'])],
      ['get_collection', { collection_id: alder.folder.number }, ({ name }) => equal(name, 'Own of alder')],
      ['search_content', { query: 'sales' }, ({ data }) => deepEqual(names(data), [...BOARDS, ...CARDS].sort())],
      ['execute_dashboard_card', { dashboard_id: alder.dashboard.number, dashcard_id: dashcard, card_id: alder.card.number }, ({ data }) => deepEqual(data.rows, SALES.alder)],
    ];
    const refused = [
      ...unserved(place),
      [ELSEWHERE, [['check_database_health', { database_id: database }], ['get_database_tables', { database_id: database }], ['get_database_sync_status', { database_id: database }], ['test_database_connection', { database_id: database }]]],
    ];
    return { works, refused };
  };
  return run(world, installed, '@easecloudio/mcp-metabase-server', '@easecloudio/mcp-metabase-server/dist/index.js', { cases, foreign, writes: EASECLOUD });
}
