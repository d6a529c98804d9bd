/** `/embed.js`: defines the elements, which ask the server that this script came from. */
import { define, setDefaultServer } from './element/element';

setDefaultServer(new URL(import.meta.url).origin);
define();
