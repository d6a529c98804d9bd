// This file is part of Moodle - http://moodle.org/
//
// Moodle is free software: you can redistribute it and/or modify
// it under the terms of the GNU General Public License as published by
// the Free Software Foundation, either version 3 of the License, or
// (at your option) any later version.
//
// Moodle is distributed in the hope that it will be useful,
// but WITHOUT ANY WARRANTY; without even the implied warranty of
// MERCHANTABILITY or FITNESS FOR A PARTICULAR PURPOSE.  See the
// GNU General Public License for more details.
//
// You should have received a copy of the GNU General Public License
// along with Moodle.  If not, see <http://www.gnu.org/licenses/>.

/**
 * Shows a dashboard or a card in a block. Tokens are asked for when they are needed and never stand in the page's text.
 *
 * @module     local_cloison/view
 * @copyright  2026 The Cloison contributors
 * @license    https://www.gnu.org/copyleft/gpl.html GNU GPL v3 or later
 */

import Ajax from 'core/ajax';

/**
 * A token for a block, for the user who is logged in. Does not lengthen the session: a page that is left open must end with it.
 *
 * @param {DOMStringMap} about the block and its page
 * @returns {Promise<string>}
 */
const token = async(about) => {
    const args = {instanceid: Number(about.instance), contextid: Number(about.context)};
    const [answer] = Ajax.call([{methodname: 'local_cloison_get_token', args}], true, true, true);
    return (await answer).token;
};

/**
 * Says that it does not work, instead of leaving a hole.
 *
 * @param {HTMLElement} root the block's place
 */
const fail = (root) => {
    root.querySelector('[data-cloison="wait"]')?.remove();
    root.querySelector('[data-cloison="failed"]').hidden = false;
};

/**
 * The custom elements, loaded once for a server.
 *
 * @param {string} base the server
 * @returns {Promise<void>}
 */
const loaded = (base) => {
    loaded.known ??= new Map();
    if (!loaded.known.has(base)) {
        loaded.known.set(base, new Promise((resolve, reject) => {
            const script = document.createElement('script');
            script.type = 'module';
            script.src = `${base}/embed.js`;
            script.onload = resolve;
            script.onerror = () => reject(new Error('embed.js'));
            document.head.append(script);
        }));
    }
    return loaded.known.get(base);
};

/**
 * Whether the page is dark.
 *
 * @returns {string}
 */
const theme = () => document.documentElement.dataset.bsTheme === 'dark' ? 'dark' : 'light';

/**
 * The component: part of the page.
 *
 * @param {HTMLElement} root the block's place
 */
const component = async(root) => {
    const {base, kind, locale, timezone} = root.dataset;
    // The first token here, and not by the element's own asking: where there is none, the words are Moodle's.
    const [first] = await Promise.all([token(root.dataset), loaded(base)]);
    const element = document.createElement(kind === 'card' ? 'cloison-card' : 'cloison-dashboard');
    element.server = base;
    element.locale = locale;
    element.timezone = timezone;
    element.untitled = true;
    element.theme = theme();
    element.token = first;
    element.tokenProvider = () => token(root.dataset);
    element.style.display = 'block';
    root.replaceChildren(element);
};

/**
 * The frame: a page of the server's own. It asks us for tokens.
 *
 * @param {HTMLElement} root the block's place
 */
const frame = async(root) => {
    const {base, kind, title, locale} = root.dataset;
    const {origin} = new URL(base);
    const first = await token(root.dataset);
    const element = document.createElement('iframe');
    element.title = title;
    // As the component: the block has a title already, and language and brightness are those of the page.
    const look = new URLSearchParams({titled: 'false', theme: theme(), locale, token: first});
    element.src = `${base}/embed/${kind === 'card' ? 'card' : 'dashboard'}#${look}`;
    element.style.width = '100%';
    element.style.height = '40rem';
    element.style.border = '0';
    element.referrerPolicy = 'origin';
    element.addEventListener('load', () => element.contentWindow.postMessage({type: 'cloison:hello', provides: true}, origin));
    window.addEventListener('message', async(event) => {
        if (event.source !== element.contentWindow || event.origin !== origin) {
            return;
        }
        const {type, height} = event.data ?? {};
        if (type === 'cloison:height' && Number.isFinite(height)) {
            element.style.height = `${Math.min(20000, Math.max(100, Math.ceil(height)))}px`;
        } else if (type === 'cloison:token-wanted') {
            try {
                const next = await token(root.dataset);
                element.contentWindow?.postMessage({type: 'cloison:token', token: next}, origin);
            } catch (error) {
                // Logged out, or not allowed any more: the frame says so itself when its token is over.
            }
        }
    });
    root.replaceChildren(element);
};

/**
 * Draws a block.
 *
 * @param {string} id of its place in the page
 */
export const init = async(id) => {
    const root = document.getElementById(id);
    if (root === null) {
        return;
    }
    try {
        await (root.dataset.way === 'iframe' ? frame(root) : component(root));
    } catch (error) {
        fail(root);
    }
};
