/** Months as weeks of days. Days are texts, `2026-01-31`, and all counting is in UTC, where no day is longer than another. */

const DAY = 86_400_000;

export function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

export function timeOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}

export function addDays(day: string, count: number): string {
  return dayOf(timeOf(day) + count * DAY);
}

/** The same day of another month, or that month's last. */
export function addMonths(day: string, count: number): string {
  const at = new Date(timeOf(day));
  const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(at.getUTCDate(), last));
  return dayOf(first.getTime());
}

export function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

/** Six weeks, so that no month is higher than another. `weekStart`: 1 is Monday, 7 Sunday. */
export function weeks(month: string, weekStart: number): string[][] {
  const first = firstOfMonth(month);
  const weekday = new Date(timeOf(first)).getUTCDay() || 7;
  const start = addDays(first, -((weekday - weekStart + 7) % 7));
  return Array.from({ length: 6 }, (_, week) => Array.from({ length: 7 }, (_, day) => addDays(start, week * 7 + day)));
}

/** The first day of the week where this language is spoken; Monday where nobody knows. */
export function weekStart(locale: string): number {
  type WithWeek = Intl.Locale & { getWeekInfo?: () => { firstDay: number }; weekInfo?: { firstDay: number } };
  const found = new Intl.Locale(locale) as WithWeek;
  return found.getWeekInfo?.().firstDay ?? found.weekInfo?.firstDay ?? 1;
}

/** Today in a time zone. */
export function today(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(new Date());
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`;
}
