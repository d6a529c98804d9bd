/** A student who edits the page, the request for a token, or the token. */
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { choose, inside, person, read, settled, told } from './page.mjs';

const part = (data) => Buffer.from(JSON.stringify(data)).toString('base64url');
const words = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

function sign(key, claims) {
  const text = `${part({ alg: 'HS256', typ: 'JWT', kid: key.id })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key.secret).update(text).digest('base64url')}`;
}

/** One answer, whatever was changed. */
function same(what, answers) {
  const kinds = new Set(Object.values(answers));
  assert.equal(kinds.size, 1, `${what} differ: ${JSON.stringify(answers, null, 1)}`);
  console.log(`ok    ${what}: ${Object.keys(answers).length} ways, one answer: ${[...kinds][0].slice(0, 90)}`);
  return [...kinds][0];
}

export async function strangers(browser, { sites: [site, other], foreign }) {
  const student = site.people.find(({ who }) => who === 'student');
  const teacher = site.people.find(({ who }) => who === 'teacher');
  const { blocks } = site;
  const own = blocks.my;
  const context = await person(browser);
  const page = await context.newPage();
  await page.goto(`${site.moodle}/login?user=${student.user}`);
  const sent = page.waitForRequest((request) => request.url().endsWith('/v1/embed/run'));
  await page.goto(`${site.moodle}/my`);
  await settled(await inside(page, own.instance));
  const token = (await sent).headers().authorization.replace(/^Bearer /, '');
  const claims = words(token);
  assert.equal(claims.sub, String(student.user));
  assert.equal(claims.attributes.reach, 'own');
  const here = Number(await page.getAttribute(`#inst${own.instance} [data-context]`, 'data-context'));

  // The request for a token: other blocks, other pages, others' own pages.
  const ask = (args) => page.evaluate(async (given) => {
    const body = JSON.stringify([{ index: 0, methodname: 'local_cloison_get_token', args: given }]);
    return (await fetch(`/lib/ajax/service.php?sesskey=${M.cfg.sesskey}`, { method: 'POST', body })).text();
  }, args);
  assert.match(await ask({ instanceid: own.instance, contextid: here }), /"token"/);
  same('the request for a token', {
    'a course that is not theirs': await ask({ instanceid: blocks.foreign.instance, contextid: blocks.foreign.context }),
    'the own page, and a block that is elsewhere': await ask({ instanceid: blocks.foreign.instance, contextid: here }),
    'the own block, and a page where it is not': await ask({ instanceid: own.instance, contextid: blocks.foreign.context }),
    'what is for people who see the whole site': await ask({ instanceid: blocks.leaders.instance, contextid: here }),
    'another person’s own page': await ask({ instanceid: own.instance, contextid: site.teacherpage }),
    'a block that is not there': await ask({ instanceid: 999_999_999, contextid: here }),
    'a page that is not there': await ask({ instanceid: own.instance, contextid: 999_999_999 }),
    'nothing': await ask({ instanceid: 0, contextid: 0 }),
  });
  same('a request that names a person', {
    oneself: await ask({ instanceid: own.instance, contextid: here, userid: student.user }),
    another: await ask({ instanceid: own.instance, contextid: here, userid: teacher.user }),
  });

  // The page's own numbers, edited before its script reads them.
  const edited = {};
  const was = { instance: own.instance, context: here };
  for (const [what, change] of Object.entries({
    'a course that is not theirs': { instance: blocks.foreign.instance, context: blocks.foreign.context },
    'a block that is not there': { instance: 999_999_999 },
    'what is for people who see the whole site': { instance: blocks.leaders.instance },
    'another person’s own page': { context: site.teacherpage },
  })) {
    await page.route(`${site.moodle}/my`, async (route) => {
      const answer = await route.fetch();
      let body = await answer.text();
      for (const [name, value] of Object.entries(change)) {
        assert.match(body, new RegExp(`data-${name}="${was[name]}"`));
        body = body.replaceAll(`data-${name}="${was[name]}"`, `data-${name}="${value}"`);
      }
      await route.fulfill({ response: answer, body });
    });
    await page.goto(`${site.moodle}/my`);
    await page.unroute(`${site.moodle}/my`);
    edited[what] = await told(page, own.instance);
  }
  assert.match(same('an edited page', edited), /^This cannot be shown at the moment/);

  // The token, edited: its signature stays, or is another site's.
  const [head, , signature] = token.split('.');
  const changed = (change) => `${head}.${part({ ...claims, ...change })}.${signature}`;
  const attributes = (change) => ({ attributes: { ...claims.attributes, ...change } });
  const show = async (given) => {
    await page.goto(`${site.moodle}/my`);
    await settled(await inside(page, own.instance));
    await page.evaluate(([id, text]) => {
      const old = document.querySelector(`#inst${id} cloison-dashboard`);
      const element = document.createElement('cloison-dashboard');
      Object.assign(element, { server: old.server, locale: 'en', token: text });
      old.replaceWith(element);
    }, [own.instance, given]);
    const answer = await fetch(`${site.server}/v1/embed`, { headers: { authorization: `Bearer ${given}` } });
    const { request_id: _, ...problem } = await answer.json();
    return answer.ok ? `${answer.status}` : `${answer.status} ${JSON.stringify(problem)} ${await told(page, own.instance)}`;
  };
  assert.equal(await show(token), '200', 'what was not changed works');
  same('an edited token', {
    'another site’s key': await show(sign({ id: site.key.id, secret: other.key.secret }, claims)),
    'another user': await show(changed({ sub: String(teacher.user) })),
    'another course': await show(changed(attributes({ courses_enrolled: [site.othercourse] }))),
    'a teacher’s courses': await show(changed(attributes({ reach: 'courses', courses_taught: [site.othercourse] }))),
    'the whole site': await show(changed(attributes({ reach: 'site' }))),
    'another dashboard': await show(changed({ resource: { dashboard: blocks.leaders.shows } })),
    'a dashboard that is not there': await show(changed({ resource: { dashboard: 'dsh_00000000000000000000000000' } })),
    'another filter': await show(changed({ params: { course: [site.othercourse] } })),
  });

  // A site's own key, and what another site has or nobody has.
  same('a site’s own key', {
    'another site’s dashboard': await show(sign(site.key, { ...claims, resource: { dashboard: foreign } })),
    'a dashboard that is not there': await show(sign(site.key, { ...claims, resource: { dashboard: 'dsh_00000000000000000000000000' } })),
  });

  // A filter that the viewer sets: another's course is one that is not there.
  const filtered = async (course) => {
    await page.goto(`${site.moodle}/my`);
    await settled(await inside(page, own.instance));
    await choose(page, own.instance, { course: [course] });
    return JSON.stringify(await read(page, own.instance));
  };
  same('another’s course in a filter', { 'another’s': await filtered(site.othercourse), 'not there': await filtered(999_999) });
  assert.notEqual(await filtered(999_999), await filtered(site.owncourse));

  // The pages themselves.
  const foreignpage = async (id) => {
    const answer = await context.request.get(`${site.moodle}/course?id=${id}`);
    return `${answer.status()} ${await answer.text()}`;
  };
  same('a course’s page', { 'not theirs': await foreignpage(site.othercourse), 'not there': await foreignpage(999_999) });
  await page.goto(`${site.moodle}/my`);
  assert.equal(await page.locator(`#inst${blocks.leaders.instance}`).count(), 0, 'a block for others is not there');
  await context.close();
}
