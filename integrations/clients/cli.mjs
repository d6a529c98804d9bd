/** Metabase's own command line: every command that reads, and then every command that writes, as its own index lists them. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { join } from 'node:path';
import { WRITES, writing } from './cli-writing.mjs';
import { few, found, NOBODYS, output, version } from './program.mjs';
import { NEWER, NOT_HERE, OF_TABLES, SNIPPETS } from './reasons.mjs';
import { Client } from './tally.mjs';
import { SALES } from './world.mjs';

const NAME = '@metabase/cli';

export async function commandLine(world, installed) {
  const { origin, folder, library, tenants: { alder, birch } } = world;
  const client = new Client(NAME, await version(installed, NAME));
  const env = { HOME: folder, MB_CLI_DISABLE_KEYRING: '1' };
  const text = (args, input) => output('node', [join(installed, 'node_modules', NAME, 'dist/cli.mjs'), ...args.map(String)], { input, env });
  const mb = async (...args) => JSON.parse(await text([...args, '--json']));
  const login = ({ key }, profile, url) => text(['auth', 'login', '--profile', profile, '--url', url, '--json'], key).then(JSON.parse);

  await client.works('auth login', () => login(alder, 'default', alder.base), ({ authenticated, user }) => deepEqual([authenticated, user.name, user.isAdmin], [true, 'scripts', false]));
  // Its list of profiles is one file, so logging in is done one after the other.
  await login(alder, 'root', origin);
  await login(birch, 'birch', birch.base);
  await client.holds('a key of another tenant', () => login(birch, 'wrong', alder.base).then(() => { throw new Error('it is let in'); }, ({ message }) => ok(/401|nauthenticated|rejected|not valid|invalid/i.test(message), message)));

  await few(cases({ client, mb, text, library, alder, birch, here: await found(alder) }));
  await few([...root({ client, mb, library }), ...other({ client, mb, library, alder, birch })]);
  const index = JSON.parse(await text(['--help', '--json'])).commands.map(({ command }) => command);
  const elm = await world.another('elm-cli');
  await login({ key: elm.writer }, 'elm', elm.base);
  await login({ key: elm.writer }, 'elm-root', origin);
  const as = (profile) => (command, body) => mb(...command.split(' '), ...(body === undefined ? [] : ['--body', JSON.stringify(body)]), '--profile', profile);
  await writing({ client, write: as('elm'), root: as('elm-root'), reader: as('default'), elm, index, world });
  await client.works('auth logout', () => mb('auth', 'logout', '--profile', 'root').then(() => mb('auth', 'list')), ({ data }) => ok(!data.some(({ profile }) => profile === 'root')));

  const left = index.filter((command) => !WRITES.test(command.split(' ').at(-1)) && !client.calls.some((call) => call.startsWith(command)));
  await client.holds('every command that reads is tried', () => deepEqual(left, []));
  return client;
}

function cases({ client, mb, text, library: { card, dashboard }, alder, birch, here: { database, table, field, fields } }) {
  const names = ({ data }) => data.map(({ name }) => name).sort();
  // An entity id may begin with a dash.
  const by = (command, id) => text([...command, '--json', '--', id]).then(JSON.parse);
  const sql = 'SELECT city, amount FROM orders ORDER BY id';
  const rows = (wanted) => (answer) => deepEqual([answer.status, answer.row_count, answer.data.rows], ['completed', wanted.length, wanted]);
  const all = rows([['Lyon', 10], ['Nice', 20], ['Lyon', 5]]);
  const native = JSON.stringify({ database, type: 'native', native: { query: sql } });
  const staged = JSON.stringify({ 'lib/type': 'mbql/query', database, stages: [{ 'lib/type': 'mbql.stage/native', native: sql }] });
  const structured = JSON.stringify({ database, type: 'query', query: { 'source-table': table } });
  const lyon = JSON.stringify([{ id: 'city', type: 'string/=', value: ['Lyon'], target: ['dimension', ['template-tag', 'city']] }]);
  const own = ['Board of own-sales', 'Cities of own-sales', 'The own-sales'];
  const shown = [...own, 'Board of sales', 'Cities of sales', 'The sales'].sort();
  const cards = ['Cities of own-sales', 'Cities of sales', 'The own-sales', 'The sales'];

  const works = [
    ['auth list', (answer) => ok(answer.data.some(({ profile, authenticated }) => profile === 'default' && authenticated))],
    ['auth status', ({ user, version: { major } }) => deepEqual([user.name, major], ['scripts', 58])],
    ['db list', (answer) => deepEqual(names(answer), ['Shop'])],
    [`db get ${database}`, ({ name, engine }) => deepEqual([name, engine], ['Shop', 'sqlite'])],
    [`db get ${database} --include tables`, ({ tables }) => deepEqual(tables.map(({ name }) => name), ['orders'])],
    [`db schemas ${database}`, (answer) => deepEqual(names(answer), ['main'])],
    [`db schema-tables ${database} main`, (answer) => deepEqual(names(answer), ['orders'])],
    ['table list', (answer) => deepEqual(names(answer), ['orders'])],
    [`table list --db-id ${database}`, (answer) => deepEqual(names(answer), ['orders'])],
    [`table get ${table}`, ({ name }) => equal(name, 'orders')],
    [`table get ${table} --include fields`, (answer) => deepEqual(answer.fields.map(({ name }) => name).sort(), fields)],
    [`table fields ${table}`, (answer) => deepEqual(names(answer), ['amount', 'city', 'id'])],
    [`field get ${field}`, ({ name, base_type }) => deepEqual([name, base_type], ['amount', 'type/Integer'])],
    [`field values ${field}`, ({ values }) => deepEqual(values, [])],
    ['card list', (answer) => deepEqual(names(answer), cards)],
    ['card list --filter mine', (answer) => deepEqual(names(answer), ['Cities of own-sales', 'The own-sales'])],
    ['card list --filter archived', (answer) => deepEqual(names(answer), [])],
    [`card get ${card.number}`, ({ name, display }) => deepEqual([name, display], ['The sales', 'bar'])],
    [`card query ${card.number}`, rows(SALES.alder)],
    [`dashboard list`, (answer) => deepEqual(names(answer), ['Board of own-sales', 'Board of sales'])],
    [`dashboard get ${dashboard.number}`, ({ name, dashcards }) => deepEqual([name, dashcards.map(({ card_id }) => card_id)], ['Board of sales', [card.number]])],
    [`dashboard cards ${dashboard.number}`, ({ data }) => deepEqual(data.map(({ card_id, size_x }) => [card_id, size_x]), [[card.number, 24]])],
    [`dashboard parameter-values ${dashboard.number} city`, ({ values }) => deepEqual(values, [['Lyon'], ['Nice']])],
    [`dashboard parameter-values ${dashboard.number} city --query Ly`, ({ values }) => deepEqual(values, [['Lyon']])],
    ['collection list', (answer) => deepEqual(names(answer), ['Own of alder', 'alder college'])],
    ['collection get root', ({ id }) => equal(id, 'root')],
    [`collection get ${alder.folder.number}`, ({ name }) => equal(name, 'Own of alder')],
    ['collection items root', (answer) => deepEqual(names(answer), ['Board of sales', 'Cities of sales', 'Own of alder', 'The sales'])],
    [`collection items ${alder.folder.number} --models dashboard`, (answer) => deepEqual(names(answer), ['Board of own-sales'])],
    ['collection tree', (answer) => deepEqual(answer.map(({ name }) => name), ['Own of alder'])],
    ['setting list', ({ data }) => equal(data.find(({ key }) => key === 'site-name').value, 'alder college')],
    ['setting get site-name', ({ value }) => equal(value, 'alder college')],
    ['search sales', (answer) => deepEqual(names(answer), shown)],
    ['search sales --models card --limit 10', (answer) => deepEqual(names(answer), cards)],
    ['uuid', ([one]) => ok(one.length === 36)],
    ['skills list', ({ data }) => ok(data.length > 0)],
  ];
  const refused = [
    [`collection get trash`, /Not found/, NOT_HERE],
    [`field summary ${field}`, /not available/, 'it would count rows of tables; ask with SQL'],
    [`card alerts ${card.number}`, /not available/, NOT_HERE],
    [`dashboard subscriptions ${dashboard.number}`, /not available/, NOT_HERE],
    ...['subscription list', 'subscription get 1', 'alert list', 'alert get 1', 'document list', 'document get 1', 'segment list', 'segment get 1', 'timeline list', 'timeline get 1', 'timeline events 1', 'timeline-event get 1'].map((call) => [call, /not available/, NOT_HERE]),
    ...['snippet list', 'snippet get 1'].map((call) => [call, /not available/, SNIPPETS]),
    ...['library get', 'measure list', 'measure get 1', 'transform list', 'transform get 1', 'transform dependencies 1', 'transform get-run 1', 'transform runs', 'transform-job list', 'transform-job get 1', 'transform-job transforms 1', 'transform-tag list',
      ...['status', 'is-dirty', 'has-remote-changes', 'dirty', 'current-task', 'branches'].map((one) => `git-sync ${one}`)].map((call) => [call, /requires Metabase v\d+\+/, NEWER]),
  ];
  const words = (call) => call.split(' ');
  // Names without the numbers, which are others each time.
  const plain = (call) => words(call).map((word) => (/^\d{4,}$/.test(word) ? 'ID' : word)).join(' ');
  return [
    ...works.map(([call, look]) => () => client.works(plain(call), () => mb(...words(call)), look)),
    ...refused.map(([call, said, why]) => () => client.refused(plain(call), () => mb(...words(call)), said, why)),
    () => client.works('collection items, by entity id', () => by(['collection', 'items'], alder.folder.entity_id), (answer) => deepEqual(names(answer), own)),
    () => client.works('eid', () => by(['eid', '--model', 'card'], card.entity_id), ({ entity_ids }) => deepEqual(entity_ids[card.entity_id], { status: 'ok', type: 'card', id: card.number })),
    () => client.holds('eid of another tenant’s', async () => equal((await by(['eid', '--model', 'card'], birch.card.entity_id)).entity_ids[birch.card.entity_id].status, 'not-found')),
    () => client.works('card query --parameters', () => mb('card', 'query', card.number, '--parameters', lyon), rows([['Lyon', 15]])),
    () => client.works('card query --limit', () => mb('card', 'query', card.number, '--limit', 1), ({ data }) => deepEqual(data.rows, [['Nice', 20]])),
    () => client.works('card query --export-format csv', () => text(['card', 'query', card.number, '--export-format', 'csv']), (csv) => equal(csv.trim().split(/\r?\n/).join('|'), 'city,amount|Nice,20|Lyon,15')),
    () => client.works('card query --export-format json', () => text(['card', 'query', card.number, '--export-format', 'json', '--parameters', lyon]), (json) => deepEqual(JSON.parse(json), [{ city: 'Lyon', amount: 15 }])),
    () => client.works('card query --export-format xlsx', () => text(['card', 'query', card.number, '--export-format', 'xlsx']), (file) => ok(file.startsWith('PK'))),
    () => client.works('query, native', () => mb('query', '--body', native), all),
    () => client.works('query, native, as a stage', () => mb('query', '--body', staged), all),
    () => client.works('query --dry-run', () => mb('query', '--dry-run', '--body', staged), (answer) => equal(answer.ok, true)),
    () => client.works('query --print-schema', () => mb('query', '--print-schema'), ({ schema }) => equal(schema.title, 'Query')),
    () => client.refused('query, of a table', () => mb('query', '--body', structured), /write them as SQL/, OF_TABLES),
    () => client.refused('content-translation download', () => text(['content-translation', 'download']), /not available|requires|Not found/, NOT_HERE),
    () => client.works('skills get', () => text(['skills', 'get', 'core']), (page) => ok(page.length > 100)),
    () => client.works('skills path', () => text(['skills', 'path', 'core']), (path) => ok(path.includes('core'))),
  ];
}

/** At the root the key says whose it is. */
function root({ client, mb, library: { card } }) {
  const at = ['--profile', 'root'];
  return [
    () => client.holds('at the root: card query', async () => deepEqual((await mb('card', 'query', card.number, ...at)).data.rows, SALES.alder)),
    () => client.holds('at the root: collection tree', async () => deepEqual((await mb('collection', 'tree', ...at)).map(({ name }) => name), ['Own of alder'])),
  ];
}

/** The other tenant, with the same commands. */
function other({ client, mb, library: { card, dashboard }, alder }) {
  const birch = (...args) => mb(...args, '--profile', 'birch');
  const same = (what, run, wanted) => () => client.holds(`birch: ${what}`, async () => deepEqual(await run(), wanted));
  const missing = (call, thing, ...rest) => () => client.missing(call, (name) => birch(...call.split(' '), name, ...rest), thing.number, NOBODYS);
  return [
    same('card query', async () => (await birch('card', 'query', card.number)).data.rows, SALES.birch),
    same('parameter-values', async () => (await birch('dashboard', 'parameter-values', dashboard.number, 'city')).values, [['Lyon'], ['Oslo']]),
    same('search', async () => (await birch('search', 'alder')).data, []),
    missing('card get', alder.card),
    missing('card query', alder.card),
    missing('card query', alder.card, '--export-format', 'csv'),
    missing('dashboard get', alder.dashboard),
    missing('dashboard cards', alder.dashboard),
    missing('dashboard parameter-values', alder.dashboard, 'city'),
    missing('collection get', alder.folder),
    missing('collection items', alder.folder),
  ];
}
