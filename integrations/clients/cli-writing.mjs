/** Metabase's own command line: every command that writes, on a tenant of its own, and what came of it as our own API tells it. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { few, found, NOBODYS } from './program.mjs';
import { NEWER, NO_ARCHIVE, NO_FILES, NO_SCAN, NOT_HERE, OF_THE_DATABASE, SETTINGS, SNIPPETS } from './reasons.mjs';
import { Shelf, untouched } from './shelf.mjs';
import { ELM } from './world.mjs';

/** The last word of commands that write. */
export const WRITES = /^(create|update|update-dashcard|archive|delete|delete-table|publish|unpublish|run|cancel|send|set|set-active|upload|csv|append|replace|sync-schema|rescan-values|setup|import|export|stash|wait|cancel-task|create-branch|add-collection|remove-collection|upgrade)$/;

/** It replaces the client itself, and asks no server of ours. */
const NOBODYS_BUT_ITS_OWN = ['upgrade'];

const SQL = 'SELECT city, amount FROM orders ORDER BY id';
const OF_A_CITY = 'SELECT amount FROM orders WHERE city = {{city}} ORDER BY id';
const UUID = '00000000-0000-4000-8000-000000000000';

/** `write` runs as the tenant's writer, `root` likewise at the root, `reader` with another tenant's key that reads only; `index` are the commands as the client lists them. */
export async function writing({ client, write, root, reader, elm, index, world: { folder, library, tenants: { alder } } }) {
  const here = await found({ ...elm, key: elm.writer });
  const shelf = new Shelf(elm);
  const made = await works({ client, write, shelf, elm, here });
  const file = join(folder, 'rows.csv');
  await writeFile(file, 'city,amount\nPau,1\n');

  const before = await shelf.whole();
  const refused = unserved({ ...here, made, file });
  await few(refused.map(([why, words, command, body, what]) => () => client.refused(what ?? plain(command, index), () => write(command, body), words, why)));
  await client.holds('what is refused changes nothing', async () => deepEqual(await shelf.whole(), before));
  await untouched(client, alder, () => few([
    () => client.missing('card update, at the root', (number) => root(`card update ${number}`, { name: 'Taken' }), alder.card.number, NOBODYS),
    () => client.holds('a key that reads writes nothing', () => reader(`card update ${alder.card.number}`, { name: 'Taken' }).then(() => { throw new Error('it does'); }, ({ message }) => ok(/unauthorized API key/.test(message), message))),
    ...foreign(alder, { made, database: here.database }).map(([what, command, body, thing, words]) => () =>
      client.missing(what, (number) => write(command(number), body?.(number)), thing.number, NOBODYS, words)),
  ]));
  await client.holds('what is refused with another’s name changes nothing', async () => deepEqual(await shelf.whole(), before));
  await client.holds('at the root: card update', async () => {
    await root(`card update ${made.card}`, { description: 'At the root' });
    equal((await shelf.card(made.card)).description, 'At the root');
  });
  // What is 403 is an unauthorized key, whatever else is said.
  await client.holds('the library’s card is not written', () => write(`card update ${library.card.number}`, { name: 'Taken' }).then(() => { throw new Error('it is'); }, ({ message }) => ok(/unauthorized API key/.test(message), message)));

  const left = index.filter((command) => WRITES.test(command.split(' ').at(-1)) && !NOBODYS_BUT_ITS_OWN.includes(command) && !client.calls.some((call) => call === command || call.startsWith(`${command},`)));
  await client.holds('every command that writes is tried', () => deepEqual(left, []));
}

/** The command without what it is given. */
const plain = (command, index) => index.find((name) => command === name || command.startsWith(`${name} `));

const staged = (database, sql, tags) => ({ 'lib/type': 'mbql/query', database, stages: [{ 'lib/type': 'mbql.stage/native', native: sql, ...(tags && { 'template-tags': tags }) }] });

/** In the order of somebody at work: what one command makes the next one uses. */
async function works({ client, write, shelf, elm, here: { database } }) {
  const made = {};
  await client.works('collection create', () => write('collection create', { name: 'Made', description: 'By hand', parent_id: elm.folder.number }), async ({ id }) => {
    made.folder = id;
    const folder = await shelf.collection(id);
    deepEqual([folder.name, folder.description, await shelf.place(folder)], ['Made', 'By hand', elm.folder.number]);
  });
  const card = { name: 'All', description: 'Every order', display: 'table', visualization_settings: {}, collection_id: made.folder };
  await client.works('card create', () => write('card create', { ...card, dataset_query: staged(database, SQL) }), async ({ id }) => {
    made.card = id;
    const written = await shelf.card(id);
    deepEqual([written.name, written.description, written.query.sql, written.visualization.type, await shelf.place(written)], ['All', 'Every order', SQL, 'table', made.folder]);
    deepEqual(await shelf.rows(id), ELM);
    deepEqual((await write(`card query ${id}`)).data.rows, ELM);
  });
  await client.works('card create, in the old form', () => write('card create', { ...card, name: 'Old', dataset_query: { database, type: 'native', native: { query: SQL } } }), async ({ id }) => {
    equal((await shelf.card(id)).query.sql, SQL);
    deepEqual(await shelf.rows(id), ELM);
  });
  const city = { city: { id: UUID, name: 'city', 'display-name': 'City', type: 'text' } };
  await client.works('card update', () => write(`card update ${made.card}`, { name: 'Of a city', display: 'bar', dataset_query: staged(database, OF_A_CITY, city) }), async () => {
    const { name, description, query, visualization } = await shelf.card(made.card);
    deepEqual([name, description, query.sql, query.parameters.map((one) => [one.name, one.type]), visualization.type], ['Of a city', 'Every order', OF_A_CITY, [['city', 'text']], 'bar']);
    deepEqual(await shelf.rows(made.card, { city: 'Metz' }), [[3], [30]]);
  });
  const filter = { id: 'f00d', name: 'Where', slug: 'where', type: 'string/=', sectionId: 'string' };
  await client.works('dashboard create', () => write('dashboard create', { name: 'Board', description: 'By hand', collection_id: made.folder, parameters: [filter] }), async ({ id }) => {
    made.board = id;
    const board = await shelf.dashboard(id);
    deepEqual([board.name, board.description, board.parameters.map(({ name, label }) => [name, label]), await shelf.place(board), board.items], ['Board', 'By hand', [['where', 'Where']], made.folder, []]);
  });
  const wired = { parameter_id: 'where', card_id: made.card, target: ['variable', ['template-tag', 'city']] };
  await client.works('dashboard update', () => write(`dashboard update ${made.board}`, {
    name: 'Board of orders',
    tabs: [{ id: -1, name: 'First' }, { id: -2, name: 'Second' }],
    dashcards: [{ id: -1, card_id: made.card, dashboard_tab_id: -2, row: 1, col: 2, size_x: 10, size_y: 5, parameter_mappings: [wired] }],
  }), async ({ dashcards: [{ id }] }) => {
    made.dashcard = id;
    const { name, description, tabs, items: [item] } = await shelf.dashboard(made.board);
    deepEqual([name, description, tabs.map((tab) => tab.name), item.show.parameters], ['Board of orders', 'By hand', ['First', 'Second'], { city: 'where' }]);
    deepEqual(await shelf.items(made.board), [[made.card, 2, 1, 10, 5]]);
  });
  await client.works('dashboard update-dashcard', () => write(`dashboard update-dashcard ${made.board} ${made.dashcard}`, { row: 0, size_x: 12 }), async () => {
    deepEqual(await shelf.items(made.board), [[made.card, 2, 0, 12, 5]]);
    deepEqual((await shelf.dashboard(made.board)).items[0].show.parameters, { city: 'where' });
  });
  await client.works('setting set', () => write('setting set enable-embedding true'), async ({ key, value }) => {
    deepEqual([key, value], ['enable-embedding', true]);
    equal((await write('setting get enable-embedding')).value, true);
  });
  return made;
}

/** Each with what Metabase takes, so that it is the server that refuses: the client looks at it first. */
function unserved({ database, table, field, made: { card, board, dashcard, folder }, file }) {
  const absent = /is not available on/;
  const nowhere = (why) => (command, body) => [why, absent, command, body];
  const newer = (command, body) => [NEWER, /requires Metabase v\d+\+/, command, body];
  const daily = { schedule_type: 'daily', schedule_hour: 8, schedule_day: null, schedule_frame: null };
  const subscription = { name: 'x', dashboard_id: board, cards: [{ id: card, dashboard_card_id: dashcard, include_csv: false, include_xls: false }], channels: [{ channel_type: 'email', enabled: true, ...daily, recipients: [{ email: 'a@example.org' }] }] };
  const alert = { payload_type: 'notification/card', payload: { card_id: card, send_condition: 'has_result' }, subscriptions: [{ type: 'notification-subscription/cron', cron_schedule: '0 0 8 * * ? *' }], handlers: [{ channel_type: 'channel/email', recipients: [{ type: 'notification-recipient/raw-value', details: { value: 'a@example.org' } }] }] };
  const event = { name: 'x', timestamp: '2026-01-01T00:00:00Z', timezone: 'UTC', timeline_id: 1, time_matters: false };
  const counted = { 'lib/type': 'mbql/query', database, stages: [{ 'lib/type': 'mbql.stage/mbql', 'source-table': table, aggregation: [['count', { 'lib/uuid': UUID }]] }] };
  const transform = { name: 'x', source: { type: 'query', query: staged(database, SQL) }, target: { type: 'table', name: 'x', schema: 'main', database } };
  const name = { name: 'x' };
  const said = { name: 'x', revision_message: 'y' };
  return [
    ...[`card archive ${card}`, `dashboard archive ${board}`, `collection archive ${folder}`].map((command) => [NO_ARCHIVE, /There is no archive here/, command]),
    [NO_ARCHIVE, /There is no archive here/, `card update ${card}`, { archived: true }, 'card update, by archiving'],
    [SETTINGS, /operator's/, 'setting set site-name "x"', undefined, 'setting set, the name'],
    ...[`db sync-schema ${database}`, `db rescan-values ${database}`].map((command) => nowhere(NO_SCAN)(command)),
    [OF_THE_DATABASE, /is not offered here/, `table update ${table}`, { description: 'x' }],
    [OF_THE_DATABASE, /is not offered here/, `field update ${field}`, { description: 'x' }],
    ...[`upload csv --file ${file}`, `upload append ${table} --file ${file}`, `upload replace ${table} --file ${file}`].map((command) => nowhere(NO_FILES)(command)),
    ...[['snippet create', { name: 'active', content: 'amount > 5' }], ['snippet update 1', { content: 'amount > 6' }], ['snippet archive 1']].map((call) => nowhere(SNIPPETS)(...call)),
    ...[
      ['subscription create', subscription], ['subscription update 1', name], ['subscription archive 1'],
      ['alert create', alert], ['alert update 1', { active: false }], ['alert send 1'], ['alert archive 1'],
      ['document create', { name: 'x', document: { type: 'doc', content: [] } }], ['document update 1', name], ['document archive 1'],
      ['segment create', { name: 'x', table_id: table, definition: { 'source-table': table, filter: ['=', ['field', field, null], 1] } }], ['segment update 1', said], ['segment archive 1'],
      ['timeline create', name], ['timeline update 1', name], ['timeline archive 1'], ['timeline delete 1 --yes'],
      ['timeline-event create', event], ['timeline-event update 1', name], ['timeline-event archive 1'], ['timeline-event delete 1 --yes'],
    ].map((call) => nowhere(NOT_HERE)(...call)),
    ['it is set up on the command line', /unauthorized API key/, 'setup', { token: 'x', user: { email: 'a@example.org', password: 'abcdefgh1', first_name: 'A', last_name: 'B' }, prefs: { site_name: 'x' } }],
    [NOT_HERE, /premium feature/, `content-translation upload --file ${file}`],
    ...[
      ['library create'], [`library publish --table-ids ${table}`], [`library unpublish --table-ids ${table}`],
      ['measure create', { name: 'x', table_id: table, definition: counted }], ['measure update 1', said], ['measure archive 1'],
      ['transform create', transform], ['transform update 1', name], ['transform delete 1'], ['transform delete-table 1'], ['transform run 1'], ['transform cancel 1'],
      ['transform-job create', { name: 'x', schedule: '0 0 * * * ? *' }], ['transform-job update 1', name], ['transform-job delete 1'], ['transform-job run 1'], ['transform-job set-active true'],
      ['transform-tag create', name], ['transform-tag update 1', name], ['transform-tag delete 1'],
      ...['cancel-task', 'wait', 'import', 'export', 'stash --new-branch x', 'create-branch x', `add-collection ${folder}`, `remove-collection ${folder}`].map((one) => [`git-sync ${one}`]),
    ].map((call) => newer(...call)),
  ];
}

/** Another tenant's things as what is written, and as what is named inside of it. */
function foreign({ card, dashboard, folder }, { made, database }) {
  const question = { name: 'Taken', display: 'table', visualization_settings: {}, dataset_query: staged(database, SQL) };
  const renamed = () => ({ name: 'Taken' });
  const nowhere = /There is no such collection here/;
  return [
    ['card update', (number) => `card update ${number}`, renamed, card],
    ['card archive', (number) => `card archive ${number}`, undefined, card],
    ['card update, its place', () => `card update ${made.card}`, (collection_id) => ({ collection_id }), folder, nowhere],
    ['card create, its place', () => 'card create', (collection_id) => ({ ...question, collection_id }), folder, nowhere],
    ['dashboard update', (number) => `dashboard update ${number}`, renamed, dashboard],
    ['dashboard update, a card', () => `dashboard update ${made.board}`, (card_id) => ({ dashcards: [{ id: -1, card_id, row: 9, col: 0, size_x: 4, size_y: 4 }] }), card],
    ['dashboard update-dashcard', (number) => `dashboard update-dashcard ${number} 1`, () => ({ row: 2 }), dashboard],
    ['dashboard archive', (number) => `dashboard archive ${number}`, undefined, dashboard],
    ['dashboard create, its place', () => 'dashboard create', (collection_id) => ({ name: 'Taken', collection_id }), folder, nowhere],
    ['collection archive', (number) => `collection archive ${number}`, undefined, folder],
    ['collection create, its place', () => 'collection create', (parent_id) => ({ name: 'Taken', parent_id }), folder, nowhere],
  ];
}
