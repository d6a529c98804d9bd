/** Numbers as people of a locale write them, kept as exact decimal texts: the server takes 65 digits, a float sixteen. */

interface Signs {
  decimal: string;
  group: string;
  digits: string[];
}

function signs(locale: string): Signs {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(-12345.6);
  const digits = new Intl.NumberFormat(locale, { useGrouping: false });
  const sign = (type: string, otherwise: string) => parts.find((part) => part.type === type)?.value ?? otherwise;
  return { decimal: sign('decimal', '.'), group: sign('group', ''), digits: Array.from({ length: 10 }, (_, digit) => digits.format(digit)) };
}

/** `1.234,5` in German, `١٢٣٤٫٥` in Arabic and `1234.5` anywhere are `1234.5`; `null` is no number. */
export function readNumber(text: string, locale: string): string | null {
  const { decimal, group, digits } = signs(locale);
  let plain = text.trim();
  digits.forEach((digit, value) => (plain = plain.replaceAll(digit, String(value))));
  plain = plain.replace(/[\s\u00a0\u202f\u200e\u200f\u061c]/g, '').replace(/^[−–]/, '-');
  // A full stop with one to two or more than three digits after it is a decimal sign everywhere.
  const plainly = /^-?\d+\.\d+$/.test(plain) && (decimal === '.' || !/^-?\d{1,3}\.\d{3}$/.test(plain));
  if (!plainly) {
    const grouped = group.trim() === '' ? plain : plain.replaceAll(group, '');
    plain = grouped.replace(decimal, '.');
  }
  if (!/^[-+]?(\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  return plain.replace(/^\+/, '').replace(/^(-?)\./, '$10.').replace(/\.$/, '');
}

/** For a field: the locale's signs, no grouping, every digit kept. */
export function sayNumber(text: string, locale: string): string {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return text;
  const { decimal, digits } = signs(locale);
  return text.replace('.', decimal).replace(/\d/g, (digit) => digits[Number(digit)] ?? digit);
}
