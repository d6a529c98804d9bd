/** What was called by which client, and how it went. A call that ought to be refused and is not is as wrong as the other way round. */
import { deepEqual } from 'node:assert/strict';

export class Client {
  #faults = [];
  #calls = new Map();
  #foreign = 0;

  constructor(name, version) {
    this.name = name;
    this.version = version;
  }

  /** A call that works. `look` throws when the answer is not the right one. */
  async works(call, run, look) {
    await this.#check(call, async () => look(await run()), null);
  }

  /** A call that this server does not serve: the client says so in words that match, and `why` is for the record. */
  async refused(call, run, words, why) {
    const said = async () => {
      const told = await run().then((value) => Promise.reject(new Error(`it works: ${JSON.stringify(value)}`)), (error) => error.message);
      if (!words.test(told)) throw new Error(`it says something else: ${told}`);
    };
    await this.#check(call, said, why);
  }

  /** Another tenant's thing and one that nobody has: the client tells them apart by nothing but the name that it was given. */
  async missing(call, run, theirs, nobodys, words = /not found|\b404\b/i) {
    const said = async (name) => {
      const told = await run(name).then((value) => Promise.reject(new Error(`it shows ${JSON.stringify(value)}`)), ({ message }) => message);
      if (!words.test(told)) throw new Error(`it says something else: ${told}`);
      return told.replaceAll(String(name), '…');
    };
    try {
      deepEqual(await said(theirs), await said(nobodys));
      this.#foreign += 1;
    } catch (error) {
      this.#faults.push(`another tenant's: ${call}: ${error.message}`);
    }
  }

  /** Something else that must hold, which is no call of its own. */
  async holds(what, check) {
    try {
      await check();
    } catch (error) {
      this.#faults.push(`${what}: ${error.message}`);
    }
  }

  async #check(call, check, why) {
    if (this.#calls.has(call)) this.#faults.push(`${call}: it is in the list twice`);
    this.#calls.set(call, why);
    await this.holds(call, check);
  }

  get calls() {
    return [...this.#calls.keys()];
  }

  get faults() {
    return this.#faults;
  }

  /** As it stands in the documentation. */
  get share() {
    const works = [...this.#calls.values()].filter((why) => why === null).length;
    return `${works} of ${this.#calls.size}`;
  }

  report() {
    const reasons = new Map();
    for (const [call, why] of this.#calls) if (why !== null) reasons.set(why, [...(reasons.get(why) ?? []), call]);
    const lines = [`${this.faults.length === 0 ? 'ok   ' : 'FAIL '} ${this.name} ${this.version}: ${this.share} calls work, ${this.#foreign} ask for another tenant's`];
    for (const [why, calls] of reasons) lines.push(`        ${why}: ${calls.join(', ')}`);
    for (const fault of this.faults) lines.push(`  FAIL  ${fault}`);
    return lines.join('\n');
  }
}
