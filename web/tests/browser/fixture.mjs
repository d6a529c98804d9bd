/** A dashboard of every kind of card, with names and values that try to be more than text. */

export const EVIL = `<img src=x onerror="window.pwned=1">`;
const SCRIPT = `</script><script>window.pwned=2</script>`;
const RICH = '{a|rich} {marker0X|x}';

const card = (id, x, y, w, h, name, visualization, parameters = ['period']) => ({
  id, x, y, w, h, kind: 'card', card: `crd_${id}`, name, description: null, visualization, parameters,
});

const parameter = (name, label, type, more = {}) => ({
  name, label, type, required: false, multiple: false, default: null, choices: [], has_values: false, ...more,
});

const DAY = 86_400;
const START = 1_767_225_600; // 2026-01-01 in UTC

/** The same on every run. */
const wave = (index, seed) => Math.round(60 + 40 * Math.sin(index / 5 + seed) + ((index * 7919 + seed * 31) % 17));

const courses = ['Introduction to Biology', 'Statistics for Everyone', 'Health and Safety at Work', EVIL, 'Data Protection', 'Academic Writing', 'Leadership', RICH];

const answers = {
  learners: () => ({ columns: [col('learners', 'integer')], rows: [[12_480]] }),
  rate: () => ({ columns: [col('pct', 'decimal')], rows: [['67.3']] }),
  money: () => ({ columns: [col('amount', 'decimal')], rows: [['12345678901234567.89']] }),
  none: () => ({ columns: [col('n', 'integer')], rows: [] }),
  days: (parameters) => ({
    columns: [col('day_utc', 'integer'), col('active', 'integer'), col('events', 'integer')],
    rows: Array.from({ length: parameters.period === 'past7days' ? 7 : 90 }, (_, index) => [START + index * DAY, wave(index, 1), wave(index, 3) * 2]),
  }),
  kinds: () => ({ columns: [col('kind', 'text'), col('views', 'integer')], rows: [['Quiz', 420], ['Forum', 260], [EVIL, 180], ['Video', 90], ['Page', 60], ['File', 44], ['Link', 30], ['Wiki', 20], ['Chat', 10]] }),
  bars: () => ({ columns: [col('course', 'text'), col('pct', 'decimal')], rows: courses.map((name, index) => [name, (92.5 - index * 9.1).toFixed(1)]) }),
  stack: () => ({ columns: [col('course', 'text'), col('state', 'text'), col('n', 'integer')], rows: courses.slice(0, 5).flatMap((name, index) => ['Expired', 'Soon', 'Later'].map((state, place) => [name, state, wave(index * 3 + place, 2)])) }),
  area: () => ({ columns: [col('month', 'date'), col('total', 'integer')], rows: Array.from({ length: 12 }, (_, index) => [`2026-${String(index + 1).padStart(2, '0')}-01`, 1000 + index * 310 + wave(index, 5)]) }),
  people: () => ({
    columns: [col('id', 'integer'), col('name', 'text'), col('course', 'text'), col('grade', 'decimal'), col('seen', 'timestamp'), col('active', 'boolean')],
    rows: Array.from({ length: 250 }, (_, index) => [index + 1, index === 0 ? SCRIPT : `Person ${index + 1}`, courses[index % courses.length], index % 9 === 4 ? null : ((index * 37) % 101).toFixed(2), `2026-03-${String((index % 28) + 1).padStart(2, '0')}T09:30:00+00:00`, index % 3 === 0]),
  }),
};

function col(name, type) {
  return { name, type };
}

export function answer(id, parameters) {
  return answers[id]?.(parameters) ?? { columns: [col('n', 'integer')], rows: [[1]] };
}

export const LISTED = Array.from({ length: 40 }, (_, index) => ({ value: index + 1, label: index === 0 ? EVIL : `Course ${index + 1}` }));

/** What a token's words add: filters of every kind, clicks that lead somewhere, texts in other languages. */
function additions(options) {
  const more = { parameters: [], clicks: [], rest: {} };
  if (options.filters) {
    more.parameters.push(
      parameter('amount', 'Amount', 'number'),
      parameter('amounts', 'Amounts', 'number', { multiple: true }),
      parameter('due', 'Due', 'date'),
      parameter('city', 'City', 'text', { multiple: true }),
      parameter('country', 'Country', 'text', { has_values: true }),
      parameter('town', 'Town', 'text', { has_values: true, multiple: true, linked: ['country'] }),
    );
  }
  if (options.required) more.parameters.push(parameter('site', 'Site', 'identifier', { required: true, choices: [{ value: 'n', label: 'North' }, { value: 's', label: 'South' }] }));
  if (options.clicks) {
    more.clicks = [
      { column: 'course', action: 'open', dashboard: 'people', filters: { name: { column: 'course' }, period: { filter: 'period' } } },
      { column: 'name', action: 'visit', url: 'https://crm.example/{name}?p={filter:period}' },
      { column: 'id', action: 'visit', url: '{name}' },
      { column: 'seen', action: 'filter', filters: { period: { column: 'seen', span: 'month' } } },
    ];
  }
  if (options.translated) {
    more.rest.translations = { fr: { name: 'Vue d’ensemble', 'items.learners.name': 'Apprenants actifs', 'items.h1.text': 'Usage', 'parameters.period.label': 'Période', 'parameters.state.choices.all': 'Tous' } };
  }
  if (options.refresh) more.rest.refresh_seconds = Number(options.refresh);
  return more;
}

export function shown(options = {}) {
  const number = { style: 'number' };
  const more = additions(options);
  return {
    ...more.rest,
    kind: 'dashboard',
    name: 'Learning overview',
    description: 'How much the platform is used, and how learners get on.',
    tabs: options.tabs ? [{ id: 't1', name: 'Overview' }, { id: 't2', name: 'People' }] : [],
    parameters: [
      parameter('period', 'Period', 'date_range', { default: 'past12months~' }),
      parameter('course', `Course`, 'id', { multiple: true, has_values: true }),
      parameter('state', 'State', 'identifier', { choices: [{ value: 'all', label: 'All' }, { value: 'open', label: EVIL }] }),
      parameter('name', 'Name', 'text'),
      parameter('active', 'Active', 'boolean'),
      ...more.parameters,
    ],
    items: [
      card('learners', 0, 0, 6, 2, 'Active learners', { type: 'scalar', formats: { learners: number } }),
      card('rate', 6, 0, 6, 2, 'Completion rate', { type: 'scalar', formats: { pct: { style: 'percent', decimals: 1 } } }),
      card('money', 12, 0, 6, 2, 'Fees', { formats: { amount: { style: 'currency', currency: 'EUR' } } }),
      card('away', 18, 0, 6, 2, 'Certificates', { type: 'scalar' }, ['course']),
      { id: 'h1', x: 0, y: 2, w: 24, h: 1, kind: 'heading', text: 'Use' },
      card('days', 0, 3, 16, 5, 'Active users by day', { type: 'line', x: 'day_utc', y: ['active', 'events'], labels: { active: 'Active users', events: RICH }, formats: { day_utc: { style: 'epoch_date' } } }),
      card('kinds', 16, 3, 8, 5, 'What is used', { type: 'pie' }, ['period', ...(options.required ? ['site'] : [])]),
      card('area', 0, 8, 12, 5, 'Enrolments over time', { type: 'area' }),
      card('stack', 12, 8, 12, 5, 'Certificates', { type: 'bar', x: 'course', y: ['n'], series: 'state', stacked: true }),
      { id: 'x1', x: 0, y: 13, w: 24, h: 1, kind: 'text', text: `Plain text with **bold**, *italic*, a [link](https://example.org/), [trap](javascript:window.pwned=3) and ${EVIL}` },
      card('bars', 0, 14, 12, 7, 'Completion by course', { horizontal: true, type: 'bar', labels: { pct: 'Completed' }, formats: { pct: { style: 'percent', decimals: 1 } } }),
      card('none', 12, 14, 12, 7, 'Open invitations', { type: 'bar' }, ['course']),
      { ...card('people', 0, 21, 24, 8, `People ${EVIL}`, { type: 'table', labels: { name: 'Name', seen: 'Last seen', grade: 'Grade' } }, ['period', 'course', 'name', ...more.parameters.map((one) => one.name)]), clicks: more.clicks, ...(options.tabs ? { tab: 't2' } : {}) },
    ],
    tenant: { name: 'Alder College', locale: options.locale ?? 'en-GB', timezone: 'Europe/London', theme: options.theme ?? {} },
    expires_at: '2100-01-01T00:00:00Z',
    can_export: true,
  };
}
