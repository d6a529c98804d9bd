/**
 * A library for PHP and the two that it needs, each at one commit: a commit's name is the hash of what is in it. No registry that the
 * other clients come from has them; where the place that has them is not reached, the caller says so.
 */
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { output } from './program.mjs';

const LIBRARIES = [
  { name: 'ipeevski/metabase-php', commit: '19cbd941d388132a9059e0454dfab8abc01141ee', space: 'Metabase\\' },
  { name: 'lcobucci/jwt', commit: 'fe2d89f2eaa7087af4aa166c6f480ef04e000582', space: 'Lcobucci\\JWT\\' },
  { name: 'lcobucci/clock', commit: '353d83fe2e6ae95745b16b3d911813df6a05bfb3', space: 'Lcobucci\\Clock\\' },
];

/** Where each is, by its namespace, and the commit of the first. */
export async function fetched(folder) {
  const places = {};
  for (const { name, commit, space } of LIBRARIES) {
    const place = join(folder, `${name.replace('/', '-')}-${commit}`);
    places[space] = `${join(place, 'src')}/`;
    if (await access(join(place, 'src')).then(() => true, () => false)) continue;
    await mkdir(place, { recursive: true });
    const git = (...args) => output('git', args, { cwd: place, env: { HOME: process.env.HOME ?? folder, GIT_TERMINAL_PROMPT: '0', ...(process.env.GIT_CONFIG_GLOBAL && { GIT_CONFIG_GLOBAL: process.env.GIT_CONFIG_GLOBAL }) } });
    await git('init', '--quiet');
    try {
      await git('fetch', '--quiet', '--depth', '1', `https://github.com/${name}`, commit);
    } catch {
      throw new Error(`${name} cannot be fetched from where its author keeps it`);
    }
    await git('-c', 'advice.detachedHead=false', 'checkout', '--quiet', commit);
  }
  return { places, commit: LIBRARIES[0].commit };
}
