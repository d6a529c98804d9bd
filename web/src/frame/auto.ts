/** What `/frame.js` does by itself. */
import { connectFrames } from './frame';

export { connectFrame, connectFrames } from './frame';

if (document.readyState === 'loading') addEventListener('DOMContentLoaded', () => connectFrames());
else connectFrames();
