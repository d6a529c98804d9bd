/** A part that opens from a button: loaded when it is first wanted, and a little before that when the pointer comes near. */
import type { SheetWords } from '../messages/sheets/en';
import type { Board } from './board.svelte';

type Sheets = typeof import('../sheets');

export interface Opened {
  sheets: Sheets;
  words: SheetWords;
}

let loaded: Promise<Sheets> | undefined;

function load(): Promise<Sheets> {
  loaded ??= import('../sheets').catch((error: unknown) => {
    // A lost connection is no reason never to try again.
    loaded = undefined;
    throw error;
  });
  return loaded;
}

export class Opening {
  /** The sheets, while one is open. */
  open = $state.raw<Opened | null>(null);
  button = $state<HTMLElement>();
  #wanted = 0;

  constructor(private readonly board: () => Board) {}

  /** Is called when the pointer or the keyboard comes to the button. */
  readonly near = (): void => void load().catch(() => undefined);

  readonly toggle = async (): Promise<void> => {
    const turn = (this.#wanted += 1);
    if (this.open) return this.close(false);
    const board = this.board();
    try {
      const sheets = await load();
      const { words } = await sheets.sheetWords(board.region.locale);
      if (turn === this.#wanted) this.open = { sheets, words };
    } catch {
      board.notice = board.words.network;
    }
  };

  readonly close = (refocus: boolean): void => {
    this.#wanted += 1;
    this.open = null;
    if (refocus) this.button?.focus();
  };
}
