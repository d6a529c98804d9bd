/** Running a client. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What it prints; anything but success is an error with what it says. */
export function output(command, args, { input = '', env = {}, cwd } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env: { PATH: process.env.PATH, NO_COLOR: '1', ...env }, timeout: 120_000 });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
    child.on('error', fail);
    child.on('close', (code) => (code === 0 ? done(out) : fail(new Error(`${err}${out}`.trim() || `it ended with ${code}`))));
    child.stdin.on('error', () => {}).end(input);
  });
}

/** A program that answers each line with a line, both of them JSON. */
export class Lines {
  #said = '';
  #waiting = [];

  constructor(command, args, env) {
    this.child = spawn(command, args, { env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'pipe', 'ignore'] });
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (this.#said + text).split('\n');
      this.#said = lines.pop();
      for (const line of lines) this.#waiting.shift()?.done(JSON.parse(line));
    });
    this.child.on('error', (error) => this.#end(error)).on('close', () => this.#end(new Error('the program ended')));
    this.child.stdin.on('error', () => {});
  }

  #end(error) {
    for (const { fail } of this.#waiting.splice(0)) fail(error);
  }

  ask(what) {
    if (this.child.exitCode !== null) return Promise.reject(new Error('the program has ended'));
    return new Promise((done, fail) => {
      this.#waiting.push({ done, fail });
      this.child.stdin.write(`${JSON.stringify(what)}\n`);
    });
  }

  close() {
    this.child.kill();
  }
}

/** The version that is installed. */
export async function version(installed, name) {
  return JSON.parse(await readFile(join(installed, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** All of them, a few at a time. */
export async function few(tasks, at = 3) {
  const left = [...tasks];
  await Promise.all(Array.from({ length: at }, async () => {
    for (let task = left.shift(); task; task = left.shift()) await task();
  }));
}

/** Numbers and names of the tenant's own database, table and field, which follow from names and are found like any client finds them. */
export async function found({ base, key, dashboard: { number } }) {
  const get = async (path) => (await fetch(`${base}${path}`, { headers: { 'x-api-key': key } })).json();
  const database = (await get('/api/database')).data[0].id;
  const table = (await get('/api/table')).find(({ name }) => name === 'orders').id;
  const fields = (await get(`/api/table/${table}/query_metadata`)).fields;
  const [dashcard] = (await get(`/api/dashboard/${number}`)).dashcards;
  return { database, table, dashcard: dashcard.id, field: fields.find(({ name }) => name === 'amount').id, fields: fields.map(({ name }) => name).sort() };
}

/** A number that nobody's thing has. */
export const NOBODYS = 2_147_483_000;
