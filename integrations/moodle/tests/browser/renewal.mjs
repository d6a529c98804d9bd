/** A page that is left open: it has the next token before the old one ends, and none once its user has logged out. */
import assert from 'node:assert/strict';
import { inside, person, settled, until } from './page.mjs';

const LIFE = 300;

export async function renewal(browser, site) {
  const student = site.people.find(({ who }) => who === 'student');
  const { instance } = site.blocks.my;
  const context = await person(browser);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${site.moodle}/login?user=${student.user}`);
  const given = [];
  page.on('response', async (response) => {
    if (response.url().includes('/lib/ajax/service.php')) given.push(await response.json());
  });
  await page.goto(`${site.moodle}/my`);
  await settled(await inside(page, instance));
  const first = await page.evaluate((id) => document.querySelector(`#inst${id} cloison-dashboard`).token, instance);
  const end = JSON.parse(Buffer.from(first.split('.')[1], 'base64url')).exp * 1000;
  assert.ok(end - Date.now() <= LIFE * 1000 && end - Date.now() > LIFE * 500, 'a token lasts minutes');

  let before = given.length;
  await page.clock.fastForward(LIFE * 820);
  await until('a second token', () => given.length > before);
  assert.match(given.at(-1)[0].data.token, /^eyJ/);
  before = given.length;

  await context.request.get(`${site.moodle}/logout`);
  await page.clock.fastForward(LIFE * 820);
  await until('an answer after the logout', () => given.length > before);
  const later = given.slice(before).flat();
  assert.ok(later.length > 0 && later.every(({ error, exception }) => error && exception.errorcode === 'servicerequireslogin'), JSON.stringify(later));
  console.log('ok    a page that is left open has the next token, and none after the logout');
  await context.close();
}
