/** What every kind of card is given. */
import type { Answer, Board } from '../lib/board.svelte';
import type { Drawing } from '../lib/defaults';
import type { Lens } from '../lib/lens';
import type { Look } from '../lib/theme';
import type { CardItem, Visualization } from '../lib/types';
import type { ChartWords } from '../messages/charts';

export interface PartProps {
  board: Board;
  item: CardItem;
  answer: Answer;
  look: Look;
  words: ChartWords;
  drawing: Drawing;
  visualization: Visualization;
  lens: Lens;
}
