/** Cards of every kind, with answers that are the same on every run: a training company's numbers. */
import { EVIL } from './fixture.mjs';

const col = (name, type) => ({ name, type });
const noise = (index, seed) => ((index * 7919 + seed * 104729) % 1009) / 1009;
const wave = (index, seed) => Math.round(60 + 40 * Math.sin(index / 5 + seed) + 30 * noise(index, seed));
const month = (index) => `${2025 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`;
const day = (index) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString().slice(0, 10);
/** Roughly a bell, from six even numbers. */
const bell = (index, seed) => [1, 2, 3, 4, 5, 6].reduce((sum, part) => sum + noise(index * 13 + part * 31, seed + part), 0) / 6;

const COURSES = ['Introduction to Biology', 'Statistics for Everyone', 'Health and Safety at Work', 'Data Protection', 'Academic Writing', 'Leadership in Practice', 'First Aid', 'Project Management', 'Fire Safety', 'Negotiation'];
const COUNTRIES = [['DE', 8120], ['FR', 6230], ['ES', 3110], ['IT', 2950], ['PL', 1980], ['GB', 5400], ['SE', 1240], ['NL', 2210], ['AT', 1430], ['CH', 1610], ['PT', 870], ['CZ', 760], ['DK', 690], ['FI', 540], ['IE', 610], ['MT', 90], ['GR', 430], ['HU', 380], ['RO', 520], ['NO', 800]];

/** id, title, width, height, visualization, columns, rows. */
export const CARDS = [
  ['scalar', 'Active learners', 6, 4, { type: 'scalar' }, [col('learners', 'integer')], [[12480]]],
  ['trend', 'Completions per month', 6, 4, { type: 'trend', x: 'month', y: ['completed'] }, [col('month', 'date'), col('completed', 'integer')], Array.from({ length: 14 }, (_, index) => [month(index), 300 + index * 22 + wave(index, 2)])],
  ['progress', 'Yearly target', 6, 4, { type: 'progress', y: ['completed'], goal: { value: 10000, label: 'Certificates in 2026' } }, [col('completed', 'integer')], [[6742]]],
  ['gauge', 'Pass rate', 6, 4, { type: 'gauge', y: ['rate_pct'], goal: { value: 80 }, bands: [{ color: 'bad', label: 'Low' }, { from: 50, color: 'warning', label: 'Fair' }, { from: 75, color: 'good', label: 'Good' }] }, [col('rate_pct', 'decimal')], [['71.4']]],
  ['bar', 'Enrolments by course', 12, 5, { type: 'bar' }, [col('course', 'text'), col('enrolments', 'integer')], COURSES.slice(0, 7).map((name, index) => [name, 940 - index * 104])],
  ['row', 'Completion by course', 12, 5, { type: 'row', goal: null }, [col('course', 'text'), col('completed_pct', 'decimal')], COURSES.map((name, index) => [name, (92.5 - index * 7.3).toFixed(1)])],
  ['line', 'Active learners by day', 12, 5, { type: 'line' }, [col('day', 'date'), col('active_learners', 'integer'), col('events', 'integer')], Array.from({ length: 120 }, (_, index) => [day(index), wave(index, 1), index > 50 && index < 56 ? null : Math.round(wave(index, 3) * 1.7)])],
  ['area', 'Learning hours by month', 12, 5, { type: 'area', stacked: true }, [col('month', 'date'), col('kind', 'text'), col('hours', 'integer')], Array.from({ length: 18 }, (_, index) => ['Video', 'Quiz', 'Reading', 'Live'].map((kind, place) => [month(index), kind, 40 + place * 25 + index * (6 - place) + wave(index, place) / 2])).flat()],
  ['stacked', 'Certificates by month', 12, 5, { type: 'bar', stacked: true }, [col('month', 'date'), col('state', 'text'), col('certificates', 'integer')], Array.from({ length: 12 }, (_, index) => ['Valid', 'Expires soon', 'Expired'].map((state, place) => [month(index), state, Math.round(wave(index, place + 4) / (place + 1))])).flat()],
  ['percent', 'Devices, share of sessions', 12, 5, { type: 'bar', normalized: true }, [col('quarter', 'date'), col('device', 'text'), col('sessions', 'integer')], Array.from({ length: 8 }, (_, index) => ['Desktop', 'Phone', 'Tablet'].map((device, place) => [month(index * 3), device, [900 - index * 40, 300 + index * 70, 120][place]])).flat()],
  ['combo', 'Revenue and pass rate', 12, 5, { type: 'combo', x: 'month', y: ['revenue_eur', 'pass_pct'] }, [col('month', 'date'), col('revenue_eur', 'decimal'), col('pass_pct', 'decimal')], Array.from({ length: 12 }, (_, index) => [month(index), String(18000 + index * 900 + wave(index, 6) * 40), (62 + 10 * Math.sin(index / 3)).toFixed(1)])],
  ['grouped', 'Learners by site and year', 12, 5, { type: 'bar', x: 'site', y: ['learners_2024', 'learners_2025', 'learners_2026'], labels: { learners_2024: '2024', learners_2025: '2025', learners_2026: '2026' } }, [col('site', 'text'), col('learners_2024', 'integer'), col('learners_2025', 'integer'), col('learners_2026', 'integer')], ['Lyon', 'Berlin', 'Madrid', 'Porto', 'Vienna'].map((site, index) => [site, 240 + wave(index, 1), 300 + wave(index, 7), 380 + wave(index, 9)])],
  ['pie', 'Enrolments by kind', 8, 5, { type: 'pie' }, [col('kind', 'text'), col('enrolments', 'integer')], [['Self-paced', 4210], ['Live online', 2380], ['Classroom', 1490], ['Blended', 610]]],
  ['donut', 'Activity by module', 8, 5, { type: 'donut' }, [col('module', 'text'), col('views', 'integer')], [['Quiz', 42000], ['Forum', 26000], ['Video', 18000], ['Page', 9000], ['File', 6000], ['Link', 4400], ['Wiki', 3000], ['Chat', 2000], ['Glossary', 800], ['Survey', 500]]],
  ['funnel', 'From invitation to certificate', 8, 5, { type: 'funnel' }, [col('stage', 'text'), col('people', 'integer')], [['Invited', 5200], ['Signed in', 4310], ['Started', 3620], ['Half-way', 2480], ['Finished', 1930], ['Certificate', 1740]]],
  ['scatter', 'Time against grade', 12, 6, { type: 'scatter', x: 'hours', y: ['grade'], series: 'site' }, [col('learner', 'text'), col('site', 'text'), col('hours', 'float'), col('grade', 'decimal')], Array.from({ length: 180 }, (_, index) => [`Learner ${index + 1}`, ['Lyon', 'Berlin', 'Madrid'][index % 3], Number((4 + 30 * bell(index, 3)).toFixed(1)), (30 + 55 * bell(index, 3) + 14 * noise(index, 8)).toFixed(1)])],
  ['bubble', 'Courses by price, rating and size', 12, 6, { type: 'scatter', x: 'price_eur', y: ['rating'], size: 'learners' }, [col('course', 'text'), col('price_eur', 'decimal'), col('rating', 'decimal'), col('learners', 'integer')], COURSES.map((name, index) => [name, String(40 + index * 37), (3.1 + 1.7 * noise(index, 4)).toFixed(2), 60 + Math.round(900 * noise(index, 9))])],
  ['histogram', 'Grades', 12, 6, { type: 'histogram', x: 'grade' }, [col('learner', 'text'), col('grade', 'decimal')], Array.from({ length: 600 }, (_, index) => [`L${index}`, Math.min(100, 20 + 85 * bell(index, 5)).toFixed(1)])],
  ['heatmap', 'When people learn', 12, 6, { type: 'heatmap', x: 'at' }, [col('at', 'datetime'), col('events', 'integer')], Array.from({ length: 7 * 24 }, (_, index) => [new Date(Date.UTC(2026, 2, 2, index)).toISOString().slice(0, 19), Math.round((index % 24 > 7 && index % 24 < 20 ? 60 : 6) * (Math.floor(index / 24) > 4 ? 0.35 : 1) * (0.6 + 0.8 * noise(index, 2)))])],
  ['waterfall', 'Learners, from January to June', 12, 5, { type: 'waterfall' }, [col('change', 'text'), col('learners', 'integer')], [['January', 4200], ['New', 1640], ['Returned', 310], ['Left', -820], ['Expired', -430]]],
  ['boxplot', 'Grades by course', 12, 5, { type: 'boxplot', x: 'course', y: ['grade'] }, [col('course', 'text'), col('grade', 'decimal')], COURSES.slice(0, 6).flatMap((course, group) => Array.from({ length: 60 }, (_, index) => [course, Math.max(0, Math.min(100, 15 + group * 4 + 80 * bell(index, group) + (index === 7 ? -25 : 0))).toFixed(1)]))],
  ['sankey', 'Paths through the catalogue', 12, 7, { type: 'sankey', x: 'from', series: 'to', y: ['learners'] }, [col('from', 'text'), col('to', 'text'), col('learners', 'integer')], [['Newsletter', 'Catalogue', 900], ['Search', 'Catalogue', 1400], ['Colleague', 'Catalogue', 500], ['Catalogue', 'Course page', 1900], ['Catalogue', 'Left', 900], ['Course page', 'Enrolled', 1200], ['Course page', 'Left', 700]]],
  ['map', 'Learners by country', 12, 7, { type: 'map', x: 'country', y: ['learners'] }, [col('country', 'text'), col('learners', 'integer')], COUNTRIES],
  ['points', 'Learners by site', 12, 7, { type: 'map', map: { latitude: 'lat', longitude: 'lon' }, size: 'learners' }, [col('site', 'text'), col('lat', 'float'), col('lon', 'float'), col('learners', 'integer')], [['Lyon', 45.76, 4.84, 820], ['Berlin', 52.52, 13.4, 1300], ['Madrid', 40.42, -3.7, 610], ['Porto', 41.15, -8.61, 240], ['Vienna', 48.21, 16.37, 480], ['Warsaw', 52.23, 21.01, 390], ['Oslo', 59.91, 10.75, 150]]],
  ['pivot', 'Hours by site and quarter', 12, 7, { type: 'pivot', pivot: { rows: ['site', 'kind'], columns: ['quarter'] }, y: ['hours'], columns: { hours: { scale: 'rising' } } }, [col('site', 'text'), col('kind', 'text'), col('quarter', 'date'), col('hours', 'integer')], ['Lyon', 'Berlin', 'Madrid'].flatMap((site, a) => ['Online', 'Classroom'].flatMap((kind, b) => [0, 3, 6, 9].map((at, c) => [site, kind, month(at), 120 + wave(a * 7 + b * 3 + c, 2)])))],
  ['table', 'Learners', 24, 8, { type: 'table', columns: { learner: { pinned: true }, grade: { bar: true }, state: { rules: [{ when: 'equal', value: 'late', color: 'bad' }, { when: 'equal', value: 'done', color: 'good' }] }, score: { scale: 'rising' }, course: { link: 'https://lms.example/course/view.php?id={course_id}' } }, hidden: ['course_id'] }, [col('learner', 'text'), col('course_id', 'integer'), col('course', 'text'), col('grade', 'decimal'), col('score', 'integer'), col('time_seconds', 'integer'), col('last_seen', 'timestamp'), col('state', 'text'), col('website', 'text')], Array.from({ length: 137 }, (_, index) => [index === 3 ? EVIL : `Learner ${index + 1}`, index, COURSES[index % COURSES.length], index % 9 === 4 ? null : ((index * 37) % 101).toFixed(1), (index * 53) % 200, 40 + ((index * 977) % 9000), `2026-03-${String((index % 28) + 1).padStart(2, '0')}T09:30:00+00:00`, ['done', 'open', 'late'][index % 3], index === 2 ? 'javascript:alert(1)' : `https://people.example/${index}`])],
];

/** The whole as the server shows it; `only` keeps some cards, `size` gives all of them one. */
export function shown({ only = null, locale = 'en-GB', theme = {}, cards = CARDS, parameters = [], clicks = {} } = {}) {
  let [x, y, tall] = [0, 0, 0];
  const items = cards.filter(([id]) => only === null || only.includes(id)).map(([id, name, w, h, visualization]) => {
    if (x + w > 24) [x, y, tall] = [0, y + tall, 0];
    const item = { id, x, y, w, h, kind: 'card', card: `crd_${id}`, name, description: null, visualization, parameters: parameters.map(({ name }) => name), ...(clicks[id] ? { clicks: clicks[id] } : {}) };
    [x, tall] = [x + w, Math.max(tall, h)];
    return item;
  });
  return {
    kind: 'dashboard', name: 'Every kind of card', description: null, tabs: [], parameters, items,
    tenant: { name: 'Alder College', locale, timezone: 'Europe/London', theme },
    expires_at: '2100-01-01T00:00:00Z', can_export: true,
  };
}

/** Answers for a page: `page.route` gives them in the server's place, so the page's policy stays the real one. */
export async function serve(page, options = {}) {
  const cards = options.cards ?? CARDS;
  const whole = shown(options);
  await page.route('**/v1/embed', (route) => route.fulfill({ json: whole }));
  await page.route('**/v1/embed/run', (route) => {
    const asked = JSON.parse(route.request().postData() ?? '{}').items ?? whole.items.map((item) => item.id);
    const events = asked.flatMap((item) => {
      const [, , , , , columns, rows] = cards.find(([id]) => id === item);
      return [{ item, event: 'columns', columns }, { item, event: 'rows', rows }, { item, event: 'done', row_count: rows.length, truncated: false, cached: false }];
    });
    return route.fulfill({ contentType: 'application/x-ndjson', body: [...events, { event: 'end' }].map((event) => `${JSON.stringify(event)}\n`).join('') });
  });
}
