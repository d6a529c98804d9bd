/** Sites that sign guest tokens: the address that their code makes is opened as a browser opens it. */
import { deepEqual, equal, match, notEqual } from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fetched } from './php.mjs';
import { output, version } from './program.mjs';
import { Client } from './tally.mjs';
import { SALES } from './world.mjs';

const TEN_MINUTES = 10 * 60;
const PHP_LIBRARY = 'ipeevski/metabase-php';

/** As Metabase's guide for Node has it: this package, `resource`, `params` and ten minutes. */
export async function jsonwebtoken(world, installed) {
  const jwt = createRequire(join(installed, 'package.json'))('jsonwebtoken');
  const client = new Client('jsonwebtoken', await version(installed, 'jsonwebtoken'));
  const url = async ({ base, secret }, kind, id, params) => {
    const token = jwt.sign({ resource: { [kind]: id }, params, exp: Math.round(Date.now() / 1000) + TEN_MINUTES }, secret);
    return `${base}/embed/${kind}/${token}#bordered=true&titled=true`;
  };
  await embeds(client, world, url);
  return client;
}

/** A library's own class, on the libraries that it names; or why it cannot be had. */
export async function php(world, installed) {
  const library = await fetched(join(installed, 'php')).catch((error) => error);
  if (library instanceof Error) return `${PHP_LIBRARY}: ${library.message}`;
  const client = new Client(PHP_LIBRARY, library.commit.slice(0, 7));
  const script = (call, life) => `
    spl_autoload_register(function ($class) { foreach (json_decode(getenv('PLACES'), true) as $name => $folder) if (str_starts_with($class, $name)) require $folder . strtr(substr($class, strlen($name)), '\\\\', '/') . '.php'; });
    [$_, $base, $secret, $id, $params] = $argv;
    echo (new Metabase\\Embed($base, $secret, true, '100%', '800', true${life}))->${call}((int) $id, json_decode($params, true));`;
  const made = ({ base, secret }, kind, id, params, life = `, ${TEN_MINUTES}`) =>
    output('php', ['-d', 'error_reporting=E_ALL & ~E_DEPRECATED', '-r', script(`${kind}Url`, life), '--', base, secret, String(id), JSON.stringify(params)], { env: { PLACES: JSON.stringify(library.places) } });
  await embeds(client, world, made);

  const { operator, library: { dashboard }, tenants: { alder } } = world;
  const { secret } = await operator('/v1/tenants/alder/embed-keys', { name: 'without exp', dialect: 'metabase', allow_missing_exp: true });
  await client.works('dashboardUrl, without exp, of a key that allows it', () => made({ ...alder, secret }, 'dashboard', dashboard.number, {}, ''), async (url) => equal((await fetch(api(url))).status, 200));
  await client.refused('dashboardUrl, without exp', async () => {
    const answer = await fetch(api(await made(alder, 'dashboard', dashboard.number, {}, '')));
    if (!answer.ok) throw new Error(await answer.text());
  }, /exp/, 'the key does not allow it (`--allow-missing-exp`)');
  return client;
}

/** The address of the page's own calls, for the address of a page. */
const api = (url) => url.split('#')[0].replace(/\/embed\/(dashboard|question)\//, (_, kind) => `/api/embed/${kind === 'question' ? 'card' : kind}/`);

async function rowsOf(url) {
  const answer = await fetch(url);
  const { status, data } = await answer.json();
  deepEqual([answer.status, status], [202, 'completed']);
  return data.rows;
}

async function embeds(client, { library: { card, dashboard }, tenants }, url) {
  for (const tenant of Object.values(tenants)) {
    const of = (what) => `${what}, ${tenant.slug}`;
    const sales = SALES[tenant.slug];
    await client.works(of('dashboard'), () => url(tenant, 'dashboard', dashboard.number, {}), async (made) => {
      const page = await fetch(made);
      deepEqual([page.status, page.headers.get('content-type').split(';')[0]], [200, 'text/html']);
      const shown = await (await fetch(api(made))).json();
      deepEqual([shown.name, shown.parameters.map(({ slug }) => slug), shown.dashcards.length], ['Board of sales', ['city'], 1]);
      const [{ id, card_id }] = shown.dashcards;
      deepEqual(await rowsOf(`${api(made)}/dashcard/${id}/card/${card_id}`), sales);
      deepEqual(await rowsOf(`${api(made)}/dashcard/${id}/card/${card_id}?city=${sales[0][0]}`), sales.slice(0, 1));
    });
    await client.works(of('dashboard with a value'), () => url(tenant, 'dashboard', dashboard.number, { city: [sales[1][0]] }), async (made) => {
      const [{ id, card_id }] = (await (await fetch(api(made))).json()).dashcards;
      deepEqual(await rowsOf(`${api(made)}/dashcard/${id}/card/${card_id}`), sales.slice(1));
    });
    await client.works(of('question'), () => url(tenant, 'question', card.number, {}), async (made) => {
      equal((await fetch(made)).status, 200);
      deepEqual(await rowsOf(`${api(made)}/query`), sales);
      match(await (await fetch(`${api(made)}/query/csv`)).text(), new RegExp(`^city,amount\\s+${sales[0].join(',')}\\s+${sales[1].join(',')}\\s*$`));
    });
  }
  const { alder, birch } = tenants;
  const refusal = async (made) => {
    const answer = await fetch(api(await made));
    notEqual(answer.status, 200);
    throw new Error(`${answer.status} ${await answer.text()}`);
  };
  // One client's secret at the other's address, and a secret that is nobody's.
  for (const kind of ['dashboard', 'question']) {
    const id = { dashboard, question: card }[kind].number;
    await client.missing(`${kind}, signed by another`, (secret) => refusal(url({ base: birch.base, secret }, kind, id, {})), alder.secret, '0'.repeat(64), /no embed key for such tokens has signed it/);
    // The other's own thing, and a number that nobody has, signed by the right secret.
    await client.missing(`${kind} of another`, (number) => refusal(url(birch, kind, number, {})), { dashboard: alder.dashboard, question: alder.card }[kind].number, 2_147_483_000);
  }
}
