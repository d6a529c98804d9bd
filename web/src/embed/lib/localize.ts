/** The author's own translations: texts of the show answer in the viewer's language, where there are any. */
import type { Item, Parameter, Shown } from './types';

/** `fr-CA` finds `fr-CA`, then `fr`, then any French; a dashboard without the language stays as it was written. */
export function localized(shown: Shown, locale: string): Shown {
  const texts = best(shown.translations ?? {}, locale);
  if (!texts) return shown;
  const say = (place: string, text: string) => (Object.hasOwn(texts, place) ? (texts[place] ?? text) : text);
  const maybe = (place: string, text: string | null | undefined) => say(place, text ?? '') || (text ?? null);
  return {
    ...shown,
    name: say('name', shown.name),
    description: maybe('description', shown.description),
    tabs: shown.tabs.map((tab) => ({ ...tab, name: say(`tabs.${tab.id}`, tab.name) })),
    parameters: shown.parameters.map((parameter) => filter(parameter, say)),
    items: shown.items.map((item) => translated(item, say, maybe)),
  };
}

type Say = (place: string, text: string) => string;

function filter(parameter: Parameter, say: Say): Parameter {
  const place = `parameters.${parameter.name}`;
  const choices = parameter.choices.map((choice) => ({ ...choice, label: say(`${place}.choices.${String(choice.value)}`, choice.label) }));
  return { ...parameter, label: say(`${place}.label`, parameter.label), choices };
}

function translated(item: Item, say: Say, maybe: (place: string, text: string | null | undefined) => string | null): Item {
  const place = `items.${item.id}`;
  if (item.kind !== 'card') return { ...item, text: say(`${place}.text`, item.text) };
  const own = item.visualization.labels ?? {};
  // Columns that the author did not name in the first language may be named in the others.
  const names = [...new Set([...Object.keys(own), ...(item.visualization.y ?? []), item.visualization.x ?? ''])].filter((name) => name !== '');
  const labels = names.map((name) => [name, say(`${place}.labels.${name}`, own[name] ?? '')] as const).filter(([, label]) => label !== '');
  return {
    ...item,
    name: say(`${place}.name`, item.name),
    description: maybe(`${place}.description`, item.description),
    visualization: { ...item.visualization, labels: Object.fromEntries(labels) },
  };
}

function best(all: Record<string, Record<string, string>>, locale: string): Record<string, string> | undefined {
  const wanted = locale.toLowerCase();
  const language = wanted.split('-')[0] ?? '';
  const tags = Object.keys(all);
  const found = tags.find((tag) => tag.toLowerCase() === wanted) ?? tags.find((tag) => tag.toLowerCase() === language)
    ?? tags.find((tag) => tag.toLowerCase().split('-')[0] === language);
  return found === undefined ? undefined : all[found];
}
