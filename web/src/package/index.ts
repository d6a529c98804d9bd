/** `@cloison/embed`: defines `<cloison-dashboard>` and `<cloison-card>`. */
import { CloisonCard as Card, CloisonDashboard as Dashboard, define } from '../embed/element/element';
import type { CloisonElement } from '../embed/element/public';

export type * from '../embed/element/public';

declare global {
  interface HTMLElementTagNameMap {
    'cloison-dashboard': CloisonElement;
    'cloison-card': CloisonElement;
  }
}

export interface CloisonElementConstructor {
  new (): CloisonElement;
  readonly prototype: CloisonElement;
}

export const CloisonDashboard: CloisonElementConstructor = Dashboard;
export const CloisonCard: CloisonElementConstructor = Card;

define();
