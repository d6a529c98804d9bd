/** How a page shows it: the element, its React component, or an iframe. */

export type PageWay = 'Component' | 'React' | 'Iframe';
export const PAGE_WAYS: PageWay[] = ['Component', 'React', 'Iframe'];

export interface Look {
  server: string;
  kind: 'dashboard' | 'card';
  theme: 'auto' | 'light' | 'dark';
  primary: string;
  radius: number | null;
  locale: string;
  hide: string[];
  /** JSON of the first filters; empty when there are none. */
  filters: string;
  untitled: boolean;
}

const attribute = (value: string) => value.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

export function pageCode(way: PageWay, look: Look): string {
  return way === 'Component' ? component(look) : way === 'React' ? react(look) : iframe(look);
}

function component(look: Look): string {
  const tag = `cloison-${look.kind}`;
  const lines = ['token-provider="/reports/token"'];
  if (look.theme !== 'auto') lines.push(`theme="${look.theme}"`);
  if (look.locale !== '') lines.push(`locale="${attribute(look.locale)}"`);
  if (look.hide.length > 0) lines.push(`hide="${attribute(look.hide.join(','))}"`);
  if (look.filters !== '') lines.push(`filters="${attribute(look.filters)}"`);
  if (look.untitled) lines.push('untitled');
  const styles = [
    ...(look.primary === '' ? [] : [`  --cloison-primary: ${look.primary};`]),
    ...(look.radius === null ? [] : [`  --cloison-radius: ${look.radius}px;`]),
    // The page does not move when the dashboard arrives.
    `  min-block-size: ${look.kind === 'card' ? 320 : 900}px;`,
  ];
  const open = lines.length === 1 ? `<${tag} ${lines[0] ?? ''}>` : `<${tag}\n${lines.map((line) => `  ${line}`).join('\n')}>`;
  return `<script type="module" src="${look.server}/embed.js"></script>

${open}</${tag}>

<style>
${tag} {
${styles.join('\n')}
}
</style>
`;
}

function react(look: Look): string {
  const name = look.kind === 'card' ? 'CloisonCard' : 'CloisonDashboard';
  const theme = [
    ...(look.theme === 'auto' ? [] : [`mode: "${look.theme}"`]),
    ...(look.primary === '' ? [] : [`primary: "${look.primary}"`]),
    ...(look.radius === null ? [] : [`radius: ${look.radius}`]),
  ];
  const props = [
    `server="${look.server}"`,
    'tokenProvider="/reports/token"',
    ...(theme.length > 0 ? [`theme={{ ${theme.join(', ')} }}`] : []),
    ...(look.locale === '' ? [] : [`locale={${JSON.stringify(look.locale)}}`]),
    ...(look.hide.length > 0 ? [`hide={${JSON.stringify(look.hide)}}`] : []),
    ...(look.filters === '' ? [] : [`filters={${look.filters}}`]),
    ...(look.untitled ? ['untitled'] : []),
  ];
  return `import { ${name} } from "@cloison/embed/react";

export function Reports() {
  return (
    <${name}
${props.map((prop) => `      ${prop}`).join('\n')}
    />
  );
}
`;
}

function iframe(look: Look): string {
  const said = new URLSearchParams();
  if (look.theme !== 'auto') said.set('theme', look.theme);
  if (look.locale !== '') said.set('locale', look.locale);
  if (look.hide.length > 0) said.set('hide', look.hide.join(','));
  for (const [name, value] of Object.entries(look.filters === '' ? {} : (JSON.parse(look.filters) as Record<string, unknown>))) {
    for (const one of Array.isArray(value) ? value : [value]) said.append(`filter.${name}`, one === null ? '' : String(one));
  }
  const rest = said.toString();
  return `<script type="module" src="${look.server}/frame.js"></script>

<iframe
  data-cloison
  data-token-provider="/reports/token"
  src="${look.server}/embed/${look.kind}${rest === '' ? '' : `#${attribute(rest)}`}"
  title="Reports"
></iframe>

<style>
iframe[data-cloison] {
  inline-size: 100%;
  block-size: 900px; /* until the frame says its height */
  border: 0;
}
</style>
`;
}
