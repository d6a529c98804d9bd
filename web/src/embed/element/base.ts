/** The first sheet of every root: what all parts share. Imported before any part, so that parts come after it. */
import text from './base.css?inline';
import { register } from './sheets';

register(text);
