/** What a card should say, from the rows that plain SQL gave, against what it says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const content = (path) => JSON.parse(readFileSync(new URL(`../../../../content/moodle/${path}.json`, import.meta.url)));
const NOTHING = '–';

/** The cards of a dashboard of the library, by item. */
export function cards(dashboard) {
  const items = content(`dashboards/${dashboard}`).items.filter(({ show }) => show.kind === 'card');
  return Object.fromEntries(items.map(({ id, show }) => [id, show.card]));
}

/** Whether a text is what this value looks like. Days are days of UTC where all are midnights, else of the viewer's time zone: both are right here. */
function is(text, value, format, timezone) {
  if (value === null) return text === NOTHING;
  if (format?.style === 'epoch_date') {
    const write = (zone) => new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: zone }).format(value * 1000);
    return [write('UTC'), write(timezone)].includes(text);
  }
  if (typeof value === 'string') return text === value.trim();
  if (!/^-?[\d,]+(\.\d+)?( ?%| days?)?$/.test(text)) return false;
  const number = text.replace(/[^\d.-]/g, '');
  const decimals = number.split('.')[1]?.length ?? 0;
  // A number without a format has two decimals at most.
  return (format !== undefined || decimals <= 2) && Math.abs(Number(number) - value) <= 0.5 * 10 ** -decimals + 1e-9;
}

/** Compares one card: `rows` are objects of columns and values, in their order. */
export function compare(place, card, seen, rows, timezone) {
  const { labels = {}, formats = {} } = content(`cards/${card}`).visualization;
  const say = () => `${place}: ${card} says ${JSON.stringify(seen).slice(0, 400)} and not ${JSON.stringify(rows.slice(0, 5))}`;
  if (seen?.figure !== undefined) {
    const [[column, value]] = Object.entries(rows[0]);
    return assert.ok(rows.length === 1 && is(seen.figure, value, formats[column], timezone), say());
  }
  if (rows.length === 0) return assert.equal(seen?.notice, 'No data for this choice', say());
  assert.equal(seen?.total, rows.length, say());
  assert.equal(seen.rows.length, Math.min(rows.length, seen.rows.length > 50 ? 100 : Math.max(50, seen.rows.length)), say());
  seen.head.forEach((head, place) => {
    const columns = Object.keys(rows[0]).filter((name) => (labels[name] ?? name) === head);
    const holds = (name) => seen.rows.every((row, index) => is(row[place], rows[index][name] ?? null, formats[name], timezone));
    assert.ok(columns.some(holds), `${head}. ${say()}`);
  });
}
