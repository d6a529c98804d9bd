/** Python: a library that scripts use, and dbt's way to know which dashboards its tables are in. */
import { deepEqual, equal } from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { found, Lines, NOBODYS, output } from './program.mjs';
import { OLDER, writing } from './python-writing.mjs';
import { NOT_HERE } from './reasons.mjs';
import { Client } from './tally.mjs';
import { ELM, SALES } from './world.mjs';

/** Calls of the library, a line each; what each returns or raises is a line too. */
const CALLS = `
import contextlib, json, os, sys
from metabase_api import Metabase_API
with contextlib.redirect_stdout(sys.stderr):
    made = {"api_key": os.environ["KEY"]} if sys.argv[1] == "key" else {"email": "scripts@example.org", "password": os.environ["KEY"]}
    client = Metabase_API(os.environ["BASE"], **made)
for line in sys.stdin:
    method, given = json.loads(line)
    with contextlib.redirect_stdout(sys.stderr):
        try:
            said = {"is": getattr(client, method)(**given)}
        except Exception as error:
            said = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(said), flush=True)
`;

/** What it offers. */
const METHODS = `
import json
from metabase_api import Metabase_API
print(json.dumps([name for name in dir(Metabase_API) if not name.startswith("_")]))
`;

/** Logging in, which every call by password does, and printing. */
const WITHOUT_AN_ANSWER = ['authenticate', 'validate_session', 'verbose_print'];

const python = (installed) => join(installed, 'venv/bin/python');

async function wheel(installed, name) {
  return (await output(python(installed), ['-c', `import importlib.metadata as m; print(m.version("${name}"))`])).trim();
}

export async function metabaseApi(world, installed) {
  const { library: { card, dashboard }, tenants: { alder, birch } } = world;
  const client = new Client('metabase-api', await wheel(installed, 'metabase-api'));
  const calls = async ({ base, key }, list, by = 'key') => {
    const said = await output(python(installed), ['-c', CALLS, by], { input: list.map((call) => `${JSON.stringify(call)}\n`).join(''), env: { BASE: base, KEY: key } });
    return said.trim().split('\n').map((line) => JSON.parse(line));
  };
  const { database, table, field } = await found(alder);
  const names = (list) => list.map(({ name }) => name).sort();
  const sales = SALES.alder.map(([city, amount]) => ({ city, amount }));
  const csv = `city,amount|${SALES.alder.map((row) => row.join(',')).join('|')}`;
  const lyon = [{ type: 'category', value: ['Lyon'], target: ['dimension', ['template-tag', 'city']] }];
  const cases = [
    ['search', { q: 'own-sales', item_type: 'card' }, (list) => deepEqual(names(list), ['Cities of own-sales', 'The own-sales'])],
    ['get_card_data', { card_id: card.number }, (rows) => deepEqual(rows, sales)],
    ['get_card_data', { card_name: 'The sales' }, (rows) => deepEqual(rows, sales), 'by name'],
    ['get_card_data', { card_id: card.number, data_format: 'csv' }, (text) => equal(text.trim().split(/\r?\n/).join('|'), csv), 'csv'],
    ['get_card_data', { card_id: card.number, parameters: lyon }, (rows) => deepEqual(rows, [{ city: 'Lyon', amount: 15 }]), 'parameters'],
    ...['database', 'table', 'card', 'collection', 'dashboard'].map((item_type, at) => [
      'get_item_name', { item_type, item_id: [database, table, card.number, alder.folder.number, dashboard.number][at] },
      (name) => equal(name, ['Shop', 'orders', 'The sales', 'Own of alder', 'Board of sales'][at]), item_type,
    ]),
    ['get_item_id', { item_type: 'card', item_name: 'The own-sales', collection_id: alder.folder.number }, (id) => equal(id, alder.card.number), 'card'],
    ['get_item_id', { item_type: 'dashboard', item_name: 'Board of sales' }, (id) => equal(id, dashboard.number), 'dashboard'],
    ['get_item_info', { item_type: 'dashboard', item_id: dashboard.number }, ({ dashcards }) => equal(dashcards[0].card_id, card.number)],
    ['get_item_id', { item_type: 'collection', item_name: 'Own of alder' }, (id) => equal(id, alder.folder.number), 'collection'],
    ['get_item_id', { item_type: 'database', item_name: 'Shop' }, (id) => equal(id, database), 'database'],
    ['get_db_info', { db_name: 'Shop', params: { include: 'tables' } }, ({ tables }) => deepEqual(names(tables), ['orders'])],
    ['get_item_id', { item_type: 'table', item_name: 'orders', db_id: database }, (id) => equal(id, table), 'table'],
    ['get_db_id_from_table_id', { table_id: table }, (id) => equal(id, database)],
    ['get_table_metadata', { table_id: table }, ({ fields }) => deepEqual(names(fields), ['amount', 'city', 'id'])],
    ['get_columns_name_id', { table_id: table }, (columns) => equal(columns.amount, field)],
    ['friendly_names_is_disabled', {}, (is) => equal(is, true)],
    ['get', { endpoint: '/api/user/current' }, ({ common_name }) => equal(common_name, 'scripts')],
  ];
  const outcome = ({ error, ...rest }) => (error ? Promise.reject(new Error(error)) : Promise.resolve(rest.is));
  const said = await calls(alder, cases.map((one) => one.slice(0, 2)));
  for (const [at, [method, , look, more]] of cases.entries()) await client.works(more ? `${method}, ${more}` : method, () => outcome(said[at]), look);
  const [segment] = await calls(alder, [['get_segment_id', { segment_name: 'x' }]]);
  await client.refused('get_segment_id', () => outcome(segment), /./, NOT_HERE);
  await client.works('by e-mail and password', async () => outcome((await calls(alder, [['get_card_data', { card_id: card.number }]], 'password'))[0]), (rows) => deepEqual(rows, sales));

  const [own] = await calls(birch, [['get_card_data', { card_id: card.number }]]);
  await client.holds('the other tenant’s rows', () => deepEqual(own.is, SALES.birch.map(([city, amount]) => ({ city, amount }))));
  for (const [method, given, thing] of [
    ['get_item_name', 'item_id', ['card', alder.card]], ['get_item_name', 'item_id', ['dashboard', alder.dashboard]], ['get_item_name', 'item_id', ['collection', alder.folder]],
  ]) await client.missing(method, async (id) => outcome((await calls(birch, [[method, { item_type: thing[0], [given]: id }]]))[0]), thing[1].number, NOBODYS, /There is no/);

  const elm = await world.another('elm-python', {}, { orders: ELM, older: OLDER });
  const lines = new Lines(python(installed), ['-c', CALLS, 'key'], { BASE: elm.base, KEY: elm.writer });
  try {
    await writing({ client, lines, elm, alder, reader: async (call) => (await calls(alder, [call]))[0] });
  } finally {
    lines.close();
  }
  const methods = JSON.parse(await output(python(installed), ['-c', METHODS]));
  const left = methods.filter((method) => !WITHOUT_AN_ANSWER.includes(method) && !client.calls.some((call) => call === method || call.startsWith(`${method},`)));
  await client.holds('every method is tried', () => deepEqual(left, []));
  return client;
}

/** A project of dbt's with one model, the table. */
const MANIFEST = {
  metadata: {}, child_map: { 'model.shop.orders': [] }, parent_map: { 'model.shop.orders': [] }, sources: {},
  nodes: { 'model.shop.orders': { resource_type: 'model', name: 'orders', alias: 'orders', unique_id: 'model.shop.orders', database: '', schema: 'PUBLIC', config: { materialized: 'table' }, columns: {}, meta: {}, tags: [] } },
};

export async function dbt({ folder, library, tenants }, installed) {
  const client = new Client('dbt-metabase', await wheel(installed, 'dbt-metabase'));
  const manifest = join(folder, 'manifest.json');
  await writeFile(manifest, JSON.stringify(MANIFEST));
  for (const { slug, base, writer, card } of Object.values(tenants)) {
    const place = join(folder, `exposures-${slug}`);
    await mkdir(place);
    const extract = async () => {
      await output(join(installed, 'venv/bin/dbt-metabase'), ['exposures', '--manifest-path', manifest, '--metabase-url', base, '--metabase-api-key', writer, '--output-path', place]);
      return JSON.parse(await output(python(installed), ['-c', 'import json, sys, yaml; json.dump(yaml.safe_load(open(sys.argv[1])), sys.stdout)', join(place, 'exposures.yml')]));
    };
    await client.works(`exposures, ${slug}`, extract, async ({ exposures }) => {
      deepEqual(exposures.map(({ label }) => label).sort(), ['Board of own-sales', 'Board of sales', 'Cities of own-sales', 'Cities of sales', 'The own-sales', 'The sales']);
      const one = exposures.find(({ label }) => label === 'The own-sales');
      deepEqual([one.depends_on, one.url], [["ref('orders')"], `${base}/card/${card.number}`]);
      // The library's SQL is the operator's.
      equal(exposures.find(({ label }) => label === 'The sales').depends_on.length, 0);
      const file = await readFile(join(place, 'exposures.yml'), 'utf8');
      for (const other of Object.values(tenants)) if (other.slug !== slug) for (const thing of [other.card, other.dashboard]) equal(file.includes(String(thing.number)), false);
    });
  }
  await client.refused('models', () => output(join(installed, 'venv/bin/dbt-metabase'), ['models', '--manifest-path', manifest, '--metabase-url', tenants.alder.base, '--metabase-api-key', tenants.alder.writer, '--metabase-database', 'Shop', '--skip-sources', '--sync-timeout', '0']), /404|405|not offered/, 'it writes descriptions of tables');
  return client;
}
