// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { publicKey, sign } from '../../protocol/eddsa.ts';
import { toFr, type Fr } from '../../protocol/field.ts';
import type { Capacity } from '../../protocol/validator-set.ts';
import type { OccupiedSlot, QuorumInput } from '../statements/quorum/inputs.ts';

/** Deterministic secret number n. */
export function secret(n: number): Uint8Array {
  return createHash('sha256').update(`test validator ${n}`).digest();
}

/** Deterministic field element. */
export function fr(label: string): Fr {
  return toFr(BigInt(`0x${createHash('sha256').update(label).digest('hex').slice(0, 62)}`), label);
}

/** A message that validators sign. */
export const MESSAGE = fr('message');

/** Validator i (secret i) at slot i, for each stake given; undefined leaves a slot empty. */
export function slotsOf(stakes: readonly (bigint | undefined)[]): OccupiedSlot[] {
  return stakes.flatMap((stakeGwei, index) =>
    stakeGwei === undefined ? [] : [{ index, key: publicKey(secret(index)), stakeGwei }],
  );
}

/** The input in which the validators of `signers` (slot = secret's number) sign MESSAGE. */
export function quorumInput(
  stakes: readonly (bigint | undefined)[],
  signers: readonly number[],
  more: Partial<QuorumInput> = {},
): QuorumInput {
  return {
    epoch: 7n,
    slots: slotsOf(stakes),
    message: MESSAGE,
    share: 20_000,
    signatures: signers.map((index) => ({ index, signature: sign(secret(index), MESSAGE) })),
    ...more,
  };
}

/** Every third slot empty, stakes unequal, a little over two thirds sign. */
export function typicalQuorum(capacity: Capacity): QuorumInput {
  const stakes = Array.from({ length: capacity }, (_, i) => (i % 3 === 2 ? undefined : BigInt(32e9 + i * 1e9)));
  const total = stakes.reduce<bigint>((sum, stake) => sum + (stake ?? 0n), 0n);
  const signers: number[] = [];
  let signed = 0n;
  for (let i = 0; i < capacity && signed * 3n <= total * 2n; i++) {
    const stake = stakes[i];
    if (stake === undefined) continue;
    signers.push(i);
    signed += stake;
  }
  return quorumInput(stakes, signers);
}
