/**
 * What `/app/embed.js` brings: the elements of pages that were written for Metabase. That script is no module and says behind our
 * address's `#` below which tenant it stood, as in `https://reports.example/t/alder/app/embed.js`.
 */
import { watch } from './config';
import { define, setHome } from './elements';

const { origin, pathname, hash } = new URL(import.meta.url);

// A second copy of the script does no harm.
if (customElements.get('metabase-dashboard') === undefined) {
  setHome(origin + pathname.replace(/\/assets\/[^/]*$/, '') + hash.slice(1));
  // Before the elements, so that those of the page begin with it.
  watch();
  define();
}
