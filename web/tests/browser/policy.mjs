/** The policy of the pages, read from the server's source: what is tested is what is served. */
import { readFileSync } from 'node:fs';

const source = readFileSync(new URL('../../../crates/server/src/pages.rs', import.meta.url), 'utf8');
const found = /const POLICY: &str =\s*"([^;][\s\S]*?)";\n/.exec(source)?.[1];
if (!found) throw new Error('no POLICY in pages.rs');

export const POLICY = found.replace(/\\\n\s*/g, '').trim();
