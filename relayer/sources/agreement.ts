// SPDX-License-Identifier: GPL-3.0-or-later
import { SourceDisagreementError, SourceUnavailableError } from './errors.ts';

/** One node's answer, or why there is none. */
export type Answer<T> = { readonly value: T } | { readonly error: unknown };

/** Ask every node at once. An error is that node's answer. */
export async function askAll<N, T>(nodes: readonly N[], ask: (node: N) => Promise<T>): Promise<Answer<T>[]> {
  return Promise.all(
    nodes.map((node) =>
      ask(node).then(
        (value): Answer<T> => ({ value }),
        (error: unknown): Answer<T> => ({ error }),
      ),
    ),
  );
}

/** What `agree` found; `dissent` counts nodes with another valid answer: worth an alarm even though enough agreed. */
export interface Agreement<T> {
  readonly value: T;
  readonly dissent: number;
}

/**
 * The one value that at least `k` nodes gave.
 * @param identity values are the same when their identities are
 * @throws SourceDisagreementError when two values have k each, or when none has and nodes contradict each other;
 *   SourceUnavailableError when too few answered
 */
export function agree<T>(answers: readonly Answer<T>[], k: number, identity: (value: T) => string): Agreement<T> {
  const groups = new Map<string, { value: T; count: number }>();
  let errors = 0;
  let cause: unknown;
  for (const answer of answers) {
    if ('error' in answer) {
      errors += 1;
      cause = answer.error;
      continue;
    }
    const key = identity(answer.value);
    const group = groups.get(key);
    if (group) group.count += 1;
    else groups.set(key, { value: answer.value, count: 1 });
  }
  const enough = [...groups.values()].filter(({ count }) => count >= k);
  const [winner] = enough;
  if (winner && enough.length === 1) {
    return { value: winner.value, dissent: answers.length - errors - winner.count };
  }
  const meta = { required: k, asked: answers.length, failed: errors, different: groups.size };
  if (groups.size > 1) throw new SourceDisagreementError('nodes contradict each other', meta);
  throw new SourceUnavailableError('too few nodes answered', meta, cause);
}

/**
 * The highest number that at least `k` nodes reached: the k-th highest of their answers.
 * @throws SourceUnavailableError when fewer than k answered
 */
export function reachedBy(answers: readonly Answer<bigint>[], k: number): bigint {
  const values = answers.flatMap((answer) => ('value' in answer ? [answer.value] : []));
  values.sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  const reached = values[k - 1];
  if (reached === undefined) {
    const cause = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))[0];
    throw new SourceUnavailableError('too few nodes answered', { required: k, asked: answers.length }, cause);
  }
  return reached;
}
