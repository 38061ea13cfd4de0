// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { merklePath, setCommitment, validatorSet, type Capacity } from '../../protocol/validator-set.ts';
import { findCircuit } from '../registry.ts';
import { buildEquivocationInputs } from '../statements/equivocation/inputs.ts';
import { fr, keyOf, RawInput, signBy } from './fixtures.ts';

/** The two messages that the offender signs. */
export const FIRST = fr('first');
export const SECOND = fr('second');

/** Validators at a few slots of a set, the one at `leafIndex` signs twice. */
export function caught(capacity: Capacity, leafIndex: number): RawInput {
  const stakes = Array.from({ length: capacity }, (_, i) =>
    i % 5 === 1 || i === leafIndex ? BigInt(1 + i) : undefined,
  );
  const slots = stakes.map((stakeGwei, i) => (stakeGwei ? { key: keyOf(i), stakeGwei } : undefined));
  const set = validatorSet(7n, capacity, slots);
  const [key, stakeGwei] = [keyOf(leafIndex), BigInt(1 + leafIndex)];
  const raw = new RawInput(
    buildEquivocationInputs(findCircuit('equivocation').circuit, {
      capacity,
      epoch: 7n,
      leafIndex,
      key,
      stakeGwei,
      path: merklePath(set, leafIndex),
      first: { message: FIRST, signature: signBy(leafIndex, FIRST) },
      second: { message: SECOND, signature: signBy(leafIndex, SECOND) },
    }),
  );
  assert.equal(raw.get('setCommitment'), setCommitment(set));
  return raw;
}
