/** What a problem's code means to the person in front of the page. */
import { fill, type Messages } from '../messages';
import type { Parameter, Problem } from './types';

export interface Explained {
  title: string;
  why: string;
  /** Whether asking again can help. */
  again: boolean;
}

type Name = keyof Messages;

const KNOWN: Record<string, [title: Name, why: Name | null, again: boolean]> = {
  'token-expired': ['tokenExpired', 'tokenExpiredWhy', false],
  'token-invalid': ['tokenInvalid', 'tokenInvalidWhy', false],
  'token-unacceptable': ['tokenInvalid', 'tokenInvalidWhy', false],
  'token-missing': ['tokenInvalid', 'tokenInvalidWhy', false],
  'not-found': ['notFound', 'notFoundWhy', false],
  'scope-missing': ['forbidden', null, false],
  'origin-not-allowed': ['forbidden', null, false],
  'source-unavailable': ['sourceUnavailable', 'sourceUnavailableWhy', true],
  busy: ['busy', 'busyWhy', true],
  'rate-limited': ['busy', 'busyWhy', true],
  'query-timeout': ['queryTimeout', 'queryTimeoutWhy', true],
  'query-failed': ['queryFailed', 'queryFailedWhy', true],
  'row-too-large': ['queryFailed', 'queryFailedWhy', false],
  'placement-missing': ['notSetUp', 'notSetUpWhy', true],
  'isolation-unproven': ['notSetUp', 'notSetUpWhy', true],
  'parameter-missing': ['parameterMissing', 'needs', false],
  network: ['network', 'networkWhy', true],
};

export function explain(problem: Problem, words: Messages, parameters: Parameter[]): Explained {
  const code = problem.code;
  const known = KNOWN[code] ?? (code.startsWith('parameter-') ? INVALID : UNKNOWN);
  const name = problem.field?.replace(/^parameters\./, '');
  const label = parameters.find((parameter) => parameter.name === name)?.label ?? name ?? words.filters;
  return { title: words[known[0]], why: known[1] ? fill(words[known[1]], { name: label }) : '', again: known[2] };
}

const INVALID: [Name, Name, boolean] = ['parameterInvalid', 'parameterInvalidWhy', false];
const UNKNOWN: [Name, Name, boolean] = ['internal', 'internalWhy', true];

/** A problem of the token, not of one card: the whole page says it. */
export function isOfToken(problem: Problem): boolean {
  return problem.code.startsWith('token-') || problem.status === 401;
}

export function isBusy(problem: Problem): boolean {
  return problem.code === 'busy' || problem.code === 'rate-limited';
}

/** Seconds to wait before the attempt, doubling from what the server asked for; `null` when it is time to give up. */
export function wait(problem: Problem, attempt: number): number | null {
  if (!isBusy(problem) || attempt >= 5) return null;
  return Math.min(30, Math.max(1, problem.retry_after ?? 1) * 2 ** attempt);
}
