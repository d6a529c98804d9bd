/**
 * Clients that others wrote for Metabase, unmodified and as their users have them, against the product. They are installed outside the
 * tree, in the folder that CLIENTS names. Words on the command line choose clients.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { commandLine } from './cli.mjs';
import { jsonwebtoken, php } from './guests.mjs';
import { cognition, easecloud } from './mcp.mjs';
import { dbt, metabaseApi } from './python.mjs';
import { start } from './world.mjs';

const near = (path) => fileURLToPath(new URL(path, import.meta.url));
const installed = process.env.CLIENTS ?? near('../../target/clients');
const wanted = process.argv.slice(2);
const world = await start(process.env.CLOISON_BIN ?? near('../../target/debug/cloison'));
const guide = await readFile(near('../../docs/metabase.md'), 'utf8');
const clients = {
  '@metabase/cli': commandLine,
  jsonwebtoken,
  'ipeevski/metabase-php': php,
  '@cognitionai/metabase-mcp-server': cognition,
  '@easecloudio/mcp-metabase-server': easecloud,
  'metabase-api': metabaseApi,
  'dbt-metabase': dbt,
};
let [passed, failed, skipped] = [0, 0, 0];
try {
  for (const [name, run] of Object.entries(clients)) {
    if (!wanted.every((word) => name.includes(word))) continue;
    const client = await run(world, installed);
    if (typeof client === 'string') {
      console.log(`skip  ${client}`);
      skipped += 1;
      continue;
    }
    // What is told to readers is what was counted.
    const line = guide.split('\n').find((line) => line.startsWith(`| \`${client.name}\` ${client.version} |`));
    await client.holds('docs/metabase.md', () => {
      if (!line?.includes(`| ${client.share} |`)) throw new Error(`its line must begin: | \`${client.name}\` ${client.version} | ${client.share} |`);
    });
    console.log(client.report());
    if (client.faults.length === 0) passed += 1;
    else failed += 1;
  }
} finally {
  await world.close();
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
