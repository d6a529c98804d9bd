/** The college's reports: three dashboards, one element. Its own server signs a token for each. */
import type { CloisonElement } from '../embed/element/public';

const TOKENS = '/demo/alder/token';
const element = document.querySelector<CloisonElement>('cloison-dashboard');
const links = [...document.querySelectorAll<HTMLAnchorElement>('a[data-dashboard]')];

async function show(name: string): Promise<void> {
  const address = `${TOKENS}?dashboard=${encodeURIComponent(name)}`;
  for (const link of links) {
    if (link.dataset['dashboard'] === name) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  const answer = await fetch(address, { cache: 'no-store' });
  if (!answer.ok || !element) return;
  const { token } = (await answer.json()) as { token: string };
  element.tokenProvider = address;
  element.token = token;
}

for (const link of links) link.addEventListener('click', () => void show(link.dataset['dashboard'] ?? 'overview'));
