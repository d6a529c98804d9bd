/** What people call the values of a filter whose list the server has. Once seen, a name is kept: a search may not list what is chosen. */
import type { Board } from './board.svelte';
import type { Choice, Json, Parameter } from './types';

export class Labels {
  #known = $state.raw(new Map<string, string>());
  #asked = new Set<string>();

  constructor(private readonly board: Board) {}

  learn(parameter: Parameter, choices: Choice[]): void {
    const next = new Map(this.#known);
    for (const choice of choices) next.set(key(parameter, choice.value), choice.label);
    this.#known = next;
  }

  of(parameter: Parameter, value: Json): string {
    const known = this.#known.get(key(parameter, value));
    return known ?? parameter.choices.find((choice) => JSON.stringify(choice.value) === JSON.stringify(value))?.label ?? String(value);
  }

  /** Asks once for the names of chosen values that nobody has told yet, as after a reload. */
  async find(parameter: Parameter, values: Json[], signal: AbortSignal): Promise<void> {
    const open = values.filter((value) => !this.#known.has(key(parameter, value)) && !this.#asked.has(key(parameter, value)));
    if (!parameter.has_values || open.length === 0) return;
    for (const value of open) this.#asked.add(key(parameter, value));
    try {
      const found = await this.board.api.values(parameter.name, '', this.board.linkedValues(parameter), signal);
      this.learn(parameter, found.values);
    } catch {
      // The values themselves are shown then.
    }
  }
}

function key(parameter: Parameter, value: Json): string {
  return `${parameter.name}:${JSON.stringify(value)}`;
}
