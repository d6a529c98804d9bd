/** The library for scripts: every method that writes, on a tenant of its own, and what came of it as our own API tells it. */
import { deepEqual, equal } from 'node:assert/strict';
import { found, NOBODYS } from './program.mjs';
import { NO_ARCHIVE, NOT_HERE, OF_TABLES, OF_THE_DATABASE } from './reasons.mjs';
import { Shelf, untouched } from './shelf.mjs';
import { ELM } from './world.mjs';

/** What another table of the tenant's has. */
export const OLDER = [['Brest', 4], ['Albi', 6]];

const SQL = 'SELECT city, amount FROM orders ORDER BY id';

/** Methods that return what the answer's status was. */
const STATUS = ['put', 'delete', 'delete_item', 'move_to_archive', 'update_column'];

/** `lines` runs methods of the library with the tenant's key, `reader` one with another tenant's, which reads only. */
export async function writing({ client, lines, reader, elm, alder }) {
  const { database, table, field } = await found({ ...elm, key: elm.writer });
  const shelf = new Shelf(elm);
  // It raises nothing where an answer is none: what it returns then is false, or the status.
  const step = async (method, given) => {
    const { error, is } = await lines.ask([method, given]);
    if (error || is === false || (STATUS.includes(method) && is >= 400)) throw new Error(error ?? String(is));
    return is;
  };
  const works = (method, given, look, what) => client.works(what ? `${method}, ${what}` : method, () => step(method, given()), look);
  const made = {};
  const question = (name, sql = SQL) => ({ name, display: 'table', description: '', dataset_query: { database, type: 'native', native: { query: sql, 'template-tags': {} } } });

  await works('create_collection', () => ({ collection_name: 'Made', parent_collection_name: 'Root', return_results: true }), async ({ id }) => {
    made.folder = id;
    const folder = await shelf.collection(id);
    deepEqual([folder.name, await shelf.place(folder)], ['Made', null]);
  });
  await works('create_card', () => ({ custom_json: question('All'), collection_name: 'Made', return_card: true }), async ({ id }) => {
    made.card = id;
    const card = await shelf.card(id);
    deepEqual([card.name, card.query.sql, card.visualization.type, await shelf.place(card)], ['All', SQL, 'table', made.folder]);
    deepEqual(await shelf.rows(id), ELM);
  });
  await works('copy_card', () => ({ source_card_name: 'All', destination_collection_id: elm.folder.number, postfix: ' again' }), async (id) => {
    made.copy = id;
    const card = await shelf.card(id);
    deepEqual([card.name, card.query.sql, await shelf.place(card)], ['All again', SQL, elm.folder.number]);
    deepEqual(await shelf.rows(id), ELM);
  });
  await works('clone_card', () => ({ card_id: made.card, source_table_name: 'orders', target_table_name: 'older', new_card_name: 'Older', return_card: true }), async ({ id }) => {
    made.older = id;
    const card = await shelf.card(id);
    deepEqual([card.name, card.query.sql, await shelf.place(card)], ['Older', SQL.replace('orders', 'older'), made.folder]);
    deepEqual(await shelf.rows(id), OLDER);
  });
  await works('copy_dashboard', () => ({ source_dashboard_name: elm.dashboard.name, destination_collection_name: 'Made', destination_dashboard_name: 'Board again' }), async (id) => {
    made.board = id;
    const board = await shelf.dashboard(id);
    deepEqual([board.name, await shelf.place(board), await shelf.items(id)], ['Board again', made.folder, [[elm.card.number, 0, 0, 24, 6]]]);
  });
  // It returns nothing, whatever the answer is.
  await works('add_card_to_dashboard', () => ({ card_id: made.card, dashboard_id: made.board }), async () => {
    const shown = await shelf.items(made.board);
    deepEqual(shown.map(([number]) => number), [elm.card.number, made.card]);
  });
  await works('copy_collection', () => ({ source_collection_name: 'Made', destination_parent_collection_id: elm.folder.number, postfix: ' twice', child_items_postfix: ' too' }), async () => {
    const [cards, dashboards, collections] = await Promise.all([shelf.cards(), shelf.dashboards(), shelf.collections()]);
    const { number, id } = collections.find(({ name }) => name === 'Made twice');
    equal(await shelf.place(await shelf.collection(number)), elm.folder.number);
    deepEqual([...cards, ...dashboards].filter(({ collection }) => collection === id).map(({ name }) => name).sort(), ['All too', 'Board again too', 'Older too']);
    deepEqual(await shelf.rows(cards.find(({ name }) => name === 'Older too').number), OLDER);
  });
  await works('put', () => ({ endpoint: `/api/card/${made.copy}`, json: { name: 'Renamed' } }), async () => equal((await shelf.card(made.copy)).name, 'Renamed'));
  await works('post', () => ({ endpoint: `/api/card/${made.copy}/copy`, json: { name: 'Posted' } }), async ({ id }) => {
    made.posted = id;
    equal((await shelf.card(id)).name, 'Posted');
  });
  await works('delete', () => ({ endpoint: `/api/card/${made.posted}` }), async () => equal(await shelf.card(made.posted), undefined));
  await works('delete_item', () => ({ item_type: 'card', item_id: made.copy }), async () => equal(await shelf.card(made.copy), undefined), 'card');
  await works('delete_item', () => ({ item_type: 'dashboard', item_name: 'Board again too' }), async () => equal((await shelf.dashboards()).some(({ name }) => name === 'Board again too'), false), 'dashboard by name');
  await works('make_json', () => ({ raw_json: '{"name": "x"}' }), (made) => deepEqual(made, { name: 'x' }));

  const before = await shelf.whole();
  for (const [why, method, given, said, what] of [
    [OF_TABLES, 'create_card', { card_name: 'Of a table', table_id: table, collection_id: made.folder, return_card: true }, /false/, 'of a table'],
    ['a copy shows the same cards', 'copy_dashboard', { source_dashboard_id: made.board, destination_collection_id: made.folder, destination_dashboard_name: 'Deep', deepcopy: true }, /is_deep_copy/, 'and its cards'],
    ...['card', 'dashboard', 'collection'].map((item_type) => [NO_ARCHIVE, 'move_to_archive', { item_type, item_id: { card: made.card, dashboard: made.board, collection: made.folder }[item_type] }, /^400$/, item_type]),
    [OF_THE_DATABASE, 'update_column', { column_id: field, params: { semantic_type: 'type/Category' } }, /^40[045]$/],
    [NOT_HERE, 'create_segment', { segment_name: 'x', column_name: 'city', column_values: ['Metz'], table_name: 'orders', return_segment: true }, /false/],
    [NOT_HERE, 'copy_pulse', { source_pulse_id: 1, destination_pulse_name: 'x', destination_collection_id: made.folder }, /not support item assignment/],
  ]) await client.refused(what ? `${method}, ${what}` : method, () => step(method, given), said, why);
  await client.holds('what is refused changes nothing', async () => deepEqual(await shelf.whole(), before));

  const { card, dashboard, folder } = alder;
  await untouched(client, alder, async () => {
    for (const [what, given, thing, words = /There is no|^404$/] of [
      ['clone_card', (card_id) => ({ card_id, source_table_name: 'orders', target_table_name: 'older' }), card],
      ['copy_card', (source_card_id) => ({ source_card_id, destination_collection_id: made.folder }), card],
      ['copy_card, by name', (source_card_id) => ({ source_card_id, destination_card_name: 'Taken', destination_collection_id: made.folder }), card, /does not support item assignment/],
      ['copy_dashboard', (source_dashboard_id) => ({ source_dashboard_id, destination_dashboard_name: 'Taken', destination_collection_id: made.folder }), dashboard, /Not found/],
      ['copy_collection', (source_collection_id) => ({ source_collection_id, destination_parent_collection_id: made.folder }), folder],
      ['create_card, its place', (collection_id) => ({ custom_json: question('Taken'), collection_id }), folder, /false/],
      ['create_collection, its place', (parent_collection_id) => ({ collection_name: 'Taken', parent_collection_id, return_results: true }), folder, /false/],
      ...[['card', card], ['dashboard', dashboard], ['collection', folder]].map(([item_type, one]) => [`move_to_archive, ${item_type}`, (item_id) => ({ item_type, item_id }), one]),
      ...[['card', card], ['dashboard', dashboard]].map(([item_type, one]) => [`delete_item, ${item_type}`, (item_id) => ({ item_type, item_id }), one]),
      ['put', (number) => ({ endpoint: `/api/card/${number}`, json: { name: 'Taken' } }), card],
    ]) await client.missing(what, (number) => step(what.split(',')[0], given(number)), thing.number, NOBODYS, words);
    await client.holds('a key that reads writes nothing', async () => deepEqual(await reader(['put', { endpoint: `/api/card/${card.number}`, json: { name: 'Taken' } }]), { is: 403 }));
    // It says the same of all: nothing.
    for (const given of [{ card_id: card.number, dashboard_id: made.board }, { card_id: made.card, dashboard_id: dashboard.number }]) await client.holds('add_card_to_dashboard', () => step('add_card_to_dashboard', given));
  });
  await client.holds('what is refused with another’s name changes nothing', async () => deepEqual(await shelf.whole(), before));
}
