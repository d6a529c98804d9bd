/** Servers for agents: every tool that changes something, on a tenant of the client's own, and what came of it as our own API tells it. */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { found, NOBODYS } from './program.mjs';
import { GROUPS, NO_ARCHIVE, NO_FILES, NO_SCAN, NOT_HERE, OF_THE_DATABASE, OPERATORS, USERS } from './reasons.mjs';
import { Shelf, untouched } from './shelf.mjs';
import { ELM } from './world.mjs';

/** Tools that change something, by the first word of their names. */
export const WRITES = /^(create|update|delete|add|save|revert|favorite|unfavorite|copy|move|remove|append|replace|reorder|rescan|discard|sync|validate)_/;

const FILE = 'city,amount\nPau,1\n';
const SQL = 'SELECT city, amount FROM orders ORDER BY id';
const OF_A_CITY = 'SELECT amount FROM orders WHERE city = {{city}} ORDER BY id';
const native = (database, query, tags = {}) => ({ database, type: 'native', native: { query, 'template-tags': tags } });
const CITY = { city: { id: 'city', name: 'city', 'display-name': 'City', type: 'text' } };
/** As agents write it: that it takes one value follows from what it is wired to. */
const FILTER = [{ id: 'f00d', name: 'Where', slug: 'where', type: 'string/=', sectionId: 'string' }];

/**
 * `named` are the arguments as this client calls them. The order is that of somebody at work: what one call makes the next one uses, and
 * nothing that is looked at was there before.
 */
async function common({ client, one, elm, here: { database }, named }) {
  const shelf = new Shelf(elm);
  const tool = (name, args) => one.tool(name, args);
  const made = {};
  const works = (name, args, look, what) => client.works(what ? `${name}, ${what}` : name, () => tool(name, args()), look);

  await works('create_collection', () => ({ name: 'Made', description: 'By an agent', parent_id: elm.folder.number }), async ({ id }) => {
    made.folder = id;
    const folder = await shelf.collection(id);
    deepEqual([folder.name, folder.description, await shelf.place(folder)], ['Made', 'By an agent', elm.folder.number]);
  });
  await works('update_collection', () => ({ collection_id: made.folder, name: 'Made anew' }), async () => {
    const { name, description } = await shelf.collection(made.folder);
    deepEqual([name, description], ['Made anew', 'By an agent']);
  });
  await works('create_card', () => ({ name: 'All', description: 'Every order', display: 'table', visualization_settings: {}, collection_id: made.folder, dataset_query: native(database, SQL) }), async ({ id }) => {
    made.card = id;
    const card = await shelf.card(id);
    deepEqual([card.name, card.description, card.query.sql, card.visualization.type, await shelf.place(card)], ['All', 'Every order', SQL, 'table', made.folder]);
    deepEqual(await shelf.rows(id), ELM);
    deepEqual((await tool('execute_card', { card_id: id })).data.rows, ELM);
  });
  await works('update_card', () => named.card(made.card, { name: 'Of a city', display: 'bar', dataset_query: native(database, OF_A_CITY, CITY) }), async () => {
    const { name, description, query, visualization } = await shelf.card(made.card);
    deepEqual([name, description, query.sql, query.parameters[0].name, visualization.type], ['Of a city', 'Every order', OF_A_CITY, 'city', 'bar']);
    deepEqual(await shelf.rows(made.card, { city: 'Metz' }), [[3], [30]]);
  });
  await works('copy_card', () => ({ card_id: made.card }), async ({ id }) => {
    made.copy = id;
    const [card, copy] = await Promise.all([shelf.card(made.card), shelf.card(id)]);
    deepEqual([copy.name, copy.query, await shelf.place(copy)], ['Copy of Of a city', card.query, made.folder]);
    deepEqual(await shelf.rows(id, { city: 'Pau' }), [[8]]);
  });
  await works('move_to_collection', () => named.moved('card', made.copy, elm.folder.number), async () => equal(await shelf.place(await shelf.card(made.copy)), elm.folder.number), 'card');
  await works('create_dashboard', () => ({ name: 'Board', description: 'Made by an agent', parameters: FILTER, collection_id: made.folder }), async ({ id }) => {
    made.board = id;
    const board = await shelf.dashboard(id);
    deepEqual([board.name, board.description, board.parameters.map(({ name, label, type }) => [name, label, type]), await shelf.place(board), board.items], ['Board', 'Made by an agent', [['where', 'Where', 'text']], made.folder, []]);
  });
  await works('update_dashboard', () => ({ dashboard_id: made.board, name: 'Board of orders' }), async () => {
    const { name, description } = await shelf.dashboard(made.board);
    deepEqual([name, description], ['Board of orders', 'Made by an agent']);
  });
  const wired = [{ parameter_id: 'where', card_id: made.card, target: ['variable', ['template-tag', 'city']] }];
  await works('add_card_to_dashboard', () => ({ dashboard_id: made.board, ...named.added(made.card), row: 1, col: 2, size_x: 10, size_y: 5, parameter_mappings: wired }), async () => {
    deepEqual(await shelf.items(made.board), [[made.card, 2, 1, 10, 5]]);
    deepEqual((await shelf.dashboard(made.board)).items[0].show.parameters, { city: 'where' });
  });
  await works('add_text_block', () => ({ dashboard_id: made.board, text: 'What *is* here', row: 6, col: 0, size_x: 18, size_y: 2 }), async () => {
    deepEqual(await shelf.items(made.board), [[made.card, 2, 1, 10, 5], ['What *is* here', 0, 6, 18, 2]]);
  });
  const dashcards = async () => (await tool('get_dashboard', { dashboard_id: made.board })).dashcards;
  await client.works('update_dashcard', async () => {
    const [{ id }] = await dashcards();
    return tool('update_dashcard', { dashboard_id: made.board, dashcard_id: id, ...named.patched({ size_x: 12, col: 0 }) });
  }, async () => {
    deepEqual(await shelf.items(made.board), [[made.card, 0, 1, 12, 5], ['What *is* here', 0, 6, 18, 2]]);
    deepEqual((await shelf.dashboard(made.board)).items[0].show.parameters, { city: 'where' });
  });
  await client.works('update_dashboard_cards', async () => {
    const cards = (await dashcards()).map((one) => ({ ...one, row: one.row + 3 }));
    return tool('update_dashboard_cards', { dashboard_id: made.board, cards });
  }, async () => deepEqual(await shelf.items(made.board), [[made.card, 0, 4, 12, 5], ['What *is* here', 0, 9, 18, 2]]));
  await client.works(named.removes.name, async () => tool(named.removes.name, { dashboard_id: made.board, ...named.removes.args((await dashcards()).find(({ card_id }) => card_id === null).id) }),
    async () => deepEqual(await shelf.items(made.board), [[made.card, 0, 4, 12, 5]]));
  await works('copy_dashboard', () => ({ ...named.copied(made.board), name: 'Board again', collection_id: elm.folder.number }), async ({ id }) => {
    made.again = id;
    const copy = await shelf.dashboard(id);
    deepEqual([copy.name, await shelf.place(copy), await shelf.items(id)], ['Board again', elm.folder.number, [[made.card, 0, 4, 12, 5]]]);
  });
  await works('move_to_collection', () => named.moved('dashboard', made.again, null), async () => equal(await shelf.place(await shelf.dashboard(made.again)), null), 'dashboard');
  const places = () => Promise.all([made.card, made.copy].map(async (card) => shelf.place(await shelf.card(card))));
  await works('create_collection', () => ({ name: 'Other', parent_id: made.folder }), async ({ id }) => {
    made.other = id;
    equal(await shelf.place(await shelf.collection(id)), made.folder);
  }, 'in another');
  await works('move_cards', () => ({ card_ids: [made.card, made.copy], collection_id: made.other }), async () => deepEqual(await places(), [made.other, made.other]));
  await works('move_cards_to_collection', () => ({ collection_id: made.folder, ...named.all([made.card, made.copy], made.other) }), async () => deepEqual(await places(), [made.folder, made.folder]));
  await works('delete_collection', () => ({ collection_id: made.other }), async () => equal(await shelf.collection(made.other), undefined));
  await works('delete_dashboard', () => ({ dashboard_id: made.again, hard_delete: true }), async () => equal(await shelf.dashboard(made.again), undefined));
  await works('delete_card', () => ({ card_id: made.copy, hard_delete: true }), async () => {
    equal(await shelf.card(made.copy), undefined);
    ok(await shelf.card(made.card));
  });
  await client.holds('a card that a dashboard shows stays', () => tool('delete_card', { card_id: made.card, hard_delete: true }).then(() => { throw new Error('it is gone'); }, ({ message }) => ok(/409/.test(message), message)));
  return { shelf, made };
}

/** Public links: what is behind one is opened as a visitor opens it, and is not there when the link is ended. */
async function links({ client, one, elm, named: { link, unlink } }) {
  const { number: card_id } = elm.card;
  const { number: dashboard_id } = elm.dashboard;
  const opened = (path) => fetch(`${elm.base}/api/public/${path}`);
  const names = (list) => list.map(({ id, name }) => [id, name]);
  const made = {};
  await client.works('create_card_public_link', () => one.tool('create_card_public_link', { card_id }), async ({ uuid }) => {
    made.card = `card/${uuid}`;
    deepEqual((await (await opened(`${made.card}/query`)).json()).data.rows, [['Metz', 33], ['Pau', 8]]);
  });
  await client.works(link, () => one.tool(link, { dashboard_id }), async ({ uuid }) => {
    made.dashboard = `dashboard/${uuid}`;
    deepEqual((await (await opened(made.dashboard)).json()).name, elm.dashboard.name);
  });
  await client.works('list_public_cards', () => one.tool('list_public_cards', {}), (list) => deepEqual(names(list), [[card_id, elm.card.name]]));
  await client.works('list_public_dashboards', () => one.tool('list_public_dashboards', {}), (list) => deepEqual(names(list), [[dashboard_id, elm.dashboard.name]]));
  await client.works('delete_card_public_link', () => one.tool('delete_card_public_link', { card_id }), async () => {
    deepEqual([(await opened(made.card)).status, (await opened(made.dashboard)).status], [404, 200]);
  });
  await client.works(unlink, () => one.tool(unlink, { dashboard_id }), async () => equal((await opened(made.dashboard)).status, 404));
}

/** What both are refused, each with arguments that Metabase takes. */
function unserved({ database, table, field, made: { card, board, folder }, named }) {
  const [card_id, dashboard_id, database_id, table_id] = [card, board, database, table];
  const connection = { engine: 'postgres', details: { host: 'db.example', port: 5432, db: 'x', dbname: 'x', user: 'x', password: 'x' } };
  return [
    [NO_ARCHIVE, [['delete_card', { card_id }, 'by archiving'], ['delete_dashboard', { dashboard_id }, 'by archiving']]],
    [NOT_HERE, [['favorite_dashboard', { dashboard_id }], ['unfavorite_dashboard', { dashboard_id }], ['revert_dashboard', { dashboard_id, revision_id: 1 }]]],
    [OPERATORS, [['update_database', { database_id, name: 'x' }], ['delete_database', { database_id }], ['validate_database', connection], ['add_sample_database', {}]]],
    [NO_SCAN, [['sync_database_schema', { database_id }], ['sync_table_schema', { table_id }], ['rescan_table_field_values', { table_id }], ['discard_table_field_values', { table_id }]]],
    [OF_THE_DATABASE, [['update_table', { table_id, display_name: 'x' }], ['update_tables', { [named.tables]: [table_id], display_name: 'x' }], ['reorder_table_fields', { table_id, field_order: [field] }]]],
    [NO_FILES, [['append_csv_to_table', { table_id, ...named.appended }], ['replace_table_csv', { table_id, ...named.replaced }]]],
    ['a collection is removed when it is empty', [['delete_collection', { collection_id: folder }, 'with things in it']]],
  ];
}

/** How another tenant's things are named: each is an argument of its own, or inside what is sent. */
function foreign({ card, dashboard, folder }, { made, database, named, elm }) {
  const query = native(database, SQL);
  const in_body = /\b40[04]\b/;
  return [
    ['update_card', (number) => named.card(number, { name: 'Taken' }), card],
    ['delete_card', (card_id) => ({ card_id, hard_delete: true }), card],
    ['delete_card, by archiving', (card_id) => ({ card_id }), card],
    ['copy_card', (card_id) => ({ card_id }), card],
    ['create_card, into a collection', (collection_id) => ({ name: 'Taken', display: 'table', visualization_settings: {}, collection_id, dataset_query: query }), folder, in_body],
    ['move_to_collection, the card', (number) => named.moved('card', number, made.folder), card],
    ['move_to_collection, the dashboard', (number) => named.moved('dashboard', number, made.folder), dashboard],
    ['move_to_collection, the place', (number) => named.moved('card', made.card, number), folder, in_body],
    ['update_dashboard', (dashboard_id) => ({ dashboard_id, name: 'Taken' }), dashboard],
    ['delete_dashboard', (dashboard_id) => ({ dashboard_id, hard_delete: true }), dashboard],
    ['copy_dashboard', (number) => ({ ...named.copied(number), name: 'Taken' }), dashboard],
    ['create_dashboard, into a collection', (collection_id) => ({ name: 'Taken', collection_id }), folder, in_body],
    ['add_card_to_dashboard', (dashboard_id) => ({ dashboard_id, ...named.added(made.card), row: 0, col: 0, size_x: 4, size_y: 4 }), dashboard],
    ['add_card_to_dashboard, the card', (number) => ({ dashboard_id: made.board, ...named.added(number), row: 0, col: 0, size_x: 4, size_y: 4 }), card],
    ['add_text_block', (dashboard_id) => ({ dashboard_id, text: 'Taken', row: 0, col: 0, size_x: 4, size_y: 2 }), dashboard],
    ['update_dashcard', (dashboard_id) => ({ dashboard_id, dashcard_id: 1, ...named.patched({ row: 1 }) }), dashboard],
    ['update_dashboard_cards', (dashboard_id) => ({ dashboard_id, cards: [] }), dashboard],
    [named.removes.name, (dashboard_id) => ({ dashboard_id, ...named.removes.args(1) }), dashboard],
    ['update_collection', (collection_id) => ({ collection_id, name: 'Taken' }), folder],
    ['create_collection, into another', (parent_id) => ({ name: 'Taken', parent_id }), folder, in_body],
    ['delete_collection', (collection_id) => ({ collection_id }), folder],
    ['move_cards', (number) => ({ card_ids: [made.card, number], collection_id: elm.folder.number }), card],
    ['move_cards, the place', (collection_id) => ({ card_ids: [made.card], collection_id }), folder, in_body],
    ['move_cards_to_collection, the place', (collection_id) => ({ collection_id, ...named.all([made.card], made.folder) }), folder, in_body],
    ['create_card_public_link', (card_id) => ({ card_id }), card],
    ['delete_card_public_link', (card_id) => ({ card_id }), card],
    [`${named.link}`, (dashboard_id) => ({ dashboard_id }), dashboard],
    [`${named.unlink}`, (dashboard_id) => ({ dashboard_id }), dashboard],
  ];
}

/** Runs all of a client's tools that write; `reader` has another tenant's key, which reads only; `more` are the tools that the other client has not. */
export async function writing({ client, one, reader, elm, tools, world: { library, tenants: { alder } }, named, more }) {
  const here = await found({ ...elm, key: elm.writer });
  const { shelf, made } = await common({ client, one, elm, here, named });
  await links({ client, one, elm, named });
  const place = { ...here, elm, one, made, shelf, named };
  const { works = [], refused, others = [] } = more(place);
  for (const [call, args, look] of works) await client.works(call, async () => one.tool(call.split(',')[0], await args()), look);
  const before = await shelf.whole();
  for (const [why, calls] of [...unserved(place), ...refused]) {
    for (const [tool, args, what] of calls) await client.refused(what ? `${tool}, ${what}` : tool, () => one.tool(tool, args), /status code 40[0459]/, why);
  }
  await client.holds('what is refused changes nothing', async () => deepEqual(await shelf.whole(), before));
  await untouched(client, alder, async () => {
    for (const [call, args, thing, words] of [...foreign(alder, { made, named, elm, database: here.database }), ...others.map(([call, args]) => [call, args, alder.dashboard])]) {
      await client.missing(call, (number) => one.tool(call.split(',')[0], args(number)), thing.number, NOBODYS, words);
    }
    await client.holds('a key that reads writes nothing', () => reader.tool('update_card', named.card(alder.card.number, { name: 'Taken' })).then(() => { throw new Error('it does'); }, ({ message }) => ok(/403/.test(message), message)));
  });
  await client.holds('what is refused with another’s name changes nothing', async () => deepEqual(await shelf.whole(), before));
  await client.holds('the library’s card is not written', () => one.tool('update_card', named.card(library.card.number, { name: 'Taken' })).then(() => { throw new Error('it is'); }, ({ message }) => ok(/403/.test(message), message)));
  const left = tools.filter((tool) => WRITES.test(tool) && !client.calls.some((call) => call === tool || call.startsWith(`${tool},`)));
  await client.holds('every tool that writes is tried', () => deepEqual(left, []));
}

/** What this client calls its arguments, and the tools that it alone has. */
export const COGNITION = {
  named: {
    card: (card_id, updates) => ({ card_id, updates }),
    moved: (item_type, item_id, collection_id) => ({ item_type, item_id, collection_id }),
    copied: (from_dashboard_id) => ({ from_dashboard_id }),
    added: (cardId) => ({ cardId }),
    patched: (updates) => ({ updates }),
    removes: { name: 'remove_cards_from_dashboard', args: (id) => ({ dashcard_ids: [id] }) },
    link: 'create_public_link', unlink: 'delete_public_link',
    all: (card_ids) => ({ card_ids }),
    tables: 'ids', appended: { filename: 'x.csv', file_content: FILE }, replaced: { csv_file: FILE },
  },
  more: ({ made }) => ({
    refused: [
      [NOT_HERE, [['save_dashboard', { dashboard: { name: 'x' } }], ['save_dashboard_to_collection', { parent_collection_id: made.folder, dashboard: { name: 'x' } }]]],
      [OPERATORS, [['create_database', { engine: 'postgres', name: 'x', details: { host: 'db.example', port: 5432, db: 'x', user: 'x', password: 'x' } }]]],
    ],
  }),
};

export const EASECLOUD = {
  named: {
    card: (card_id, updates) => ({ card_id, ...updates }),
    moved: (model, id, collection_id) => ({ model, id, collection_id }),
    copied: (dashboard_id) => ({ dashboard_id }),
    added: (card_id) => ({ card_id }),
    patched: (updates) => updates,
    removes: { name: 'remove_card_from_dashboard', args: (dashcard_id) => ({ dashcard_id }) },
    link: 'create_dashboard_public_link', unlink: 'delete_dashboard_public_link',
    all: (_, source_collection_id) => ({ source_collection_id }),
    tables: 'table_ids', appended: { csv_content: FILE }, replaced: { csv_content: FILE },
  },
  more: ({ made, shelf, elm, one, dashcard }) => ({
    works: [
      // Onto an empty one: cards without a tab are refused beside tabs, by Metabase too, and this client sends them so.
      ['update_dashboard, tabs', async () => {
        made.tabbed = (await one.tool('create_dashboard', { name: 'Tabbed', collection_id: made.folder })).id;
        return { dashboard_id: made.tabbed, tabs: [{ id: -1, name: 'First', position: 0 }, { id: -2, name: 'Second', position: 1 }] };
      }, async () => deepEqual((await shelf.dashboard(made.tabbed)).tabs.map(({ name }) => name), ['First', 'Second'])],
      ['add_card_to_dashboard, on a tab', async () => {
        const { tabs } = await one.tool('get_dashboard', { dashboard_id: made.tabbed });
        return { dashboard_id: made.tabbed, card_id: made.card, row: 0, col: 0, size_x: 6, size_y: 6, dashboard_tab_id: tabs[1].id };
      }, async () => {
        const { tabs, items: [{ tab }] } = await shelf.dashboard(made.tabbed);
        deepEqual([tab, await shelf.items(made.tabbed)], [tabs[1].id, [[made.card, 0, 0, 6, 6]]]);
      }],
      ['update_dashboard_card', () => ({ dashboard_id: elm.dashboard.number, dashcard_id: dashcard, row: 2, size_x: 20 }), async () => deepEqual(await shelf.items(elm.dashboard.number), [[elm.card.number, 0, 2, 20, 6]])],
      ['save_dashboard', () => ({ dashboard_id: elm.dashboard.number, dashboard: { name: 'Saved', description: 'x' } }), async () => {
        const { name, description, items } = await shelf.dashboard(elm.dashboard.number);
        deepEqual([name, description, items.length, items[0].show.parameters], ['Saved', 'x', 1, { city: 'city' }]);
      }],
      ['create_permission_group', () => ({ name: 'dashboards:read, cards:run, sql:run' }), ({ id, name }) => deepEqual([id, name], [1011, 'dashboards:read, cards:run, sql:run'])],
      ['save_dashboard_to_collection', () => ({ dashboard_id: elm.dashboard.number, collection_id: made.folder }), async () => equal(await shelf.place(await shelf.dashboard(elm.dashboard.number)), made.folder)],
    ],
    others: [
      ['update_dashboard, tabs', (dashboard_id) => ({ dashboard_id, tabs: [{ id: -1, name: 'Taken', position: 0 }] })],
      ['update_dashboard_card', (dashboard_id) => ({ dashboard_id, dashcard_id: 1, row: 2 })],
      ['save_dashboard', (dashboard_id) => ({ dashboard_id, dashboard: { name: 'Taken' } })],
      ['save_dashboard_to_collection', (dashboard_id) => ({ dashboard_id, collection_id: made.folder })],
    ],
    refused: [
      [OPERATORS, [['create_database_connection', { engine: 'postgres', name: 'x', details: { host: 'db.example' } }]]],
      [USERS, [['create_user', { first_name: 'A', last_name: 'B', email: 'a@example.org' }]]],
      [GROUPS, [['create_permission_group', { name: 'Teachers' }, 'of another name']]],
    ],
  }),
};
