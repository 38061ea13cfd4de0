// SPDX-License-Identifier: GPL-3.0-or-later
import type { Point } from './eddsa.ts';
import { InvalidFieldError } from './errors.ts';
import { toFr, type Fr } from './field.ts';
import { poseidon } from './poseidon.ts';

export const CAPACITIES = [16, 64, 128] as const;

/** Slots of a set; fixed with the circuit that proves its quorum. */
export type Capacity = (typeof CAPACITIES)[number];

export interface Validator {
  readonly key: Point;
  /** in [1, 2^64) */
  readonly stakeGwei: bigint;
}

/** One epoch's validators by slot; `undefined` is an empty slot. At most one slot a key. */
export interface ValidatorSet {
  readonly epoch: bigint;
  readonly capacity: Capacity;
  /** length equals `capacity` */
  readonly slots: readonly (Validator | undefined)[];
}

/** @throws InvalidFieldError */
export function parseCapacity(value: unknown, label: string): Capacity {
  const capacity = CAPACITIES.find((known) => known === value);
  if (capacity === undefined) throw new InvalidFieldError(label, `one of ${CAPACITIES.join(', ')}`);
  return capacity;
}

/**
 * Check what every holder of a set relies on: its length, its stakes' range, that no key stands twice.
 * @throws InvalidFieldError
 */
export function validatorSet(
  epoch: bigint,
  capacity: Capacity,
  slots: readonly (Validator | undefined)[],
): ValidatorSet {
  if (epoch < 0n || epoch >= 1n << 64n) throw new InvalidFieldError('epoch', 'an integer below 2^64');
  if (slots.length !== capacity) throw new InvalidFieldError('slots', `${capacity} slots`);
  const seen = new Set<string>();
  slots.forEach((slot, index) => {
    if (!slot) return;
    if (slot.stakeGwei < 1n || slot.stakeGwei >= 1n << 64n) {
      throw new InvalidFieldError(`slots[${index}].stakeGwei`, 'an integer in [1, 2^64)');
    }
    toFr(slot.key.x, `slots[${index}].key.x`);
    toFr(slot.key.y, `slots[${index}].key.y`);
    const id = `${slot.key.x}:${slot.key.y}`;
    if (seen.has(id)) throw new InvalidFieldError(`slots[${index}].key`, 'a key that stands once in the set');
    seen.add(id);
  });
  return { epoch, capacity, slots };
}

/** Poseidon(Ax, Ay, stake); zero for an empty slot. */
export function leaf(slot: Validator | undefined): Fr {
  return slot ? poseidon([slot.key.x, slot.key.y, slot.stakeGwei]) : toFr(0n, 'leaf');
}

/**
 * Levels of the tree from the leaves up: 4-ary, its top binary at 128. `levels[0]` are the leaves, the last the root.
 */
export function treeLevels(set: ValidatorSet): readonly (readonly Fr[])[] {
  const levels: Fr[][] = [set.slots.map(leaf)];
  for (let level = levels[0] ?? []; level.length > 1;) {
    const arity = level.length === 2 ? 2 : 4;
    const next: Fr[] = [];
    for (let i = 0; i < level.length; i += arity) next.push(poseidon(level.slice(i, i + arity)));
    levels.push(next);
    level = next;
  }
  return levels;
}

/** Root of the tree over the leaves. */
export function setRoot(set: ValidatorSet): Fr {
  const top = treeLevels(set).at(-1)?.[0];
  if (top === undefined) throw new InvalidFieldError('slots', 'a slot');
  return top;
}

/** Poseidon(root, capacity, epoch): what `Coalition` seals and a quorum proof names. */
export function setCommitment(set: ValidatorSet): Fr {
  return poseidon([setRoot(set), BigInt(set.capacity), set.epoch]);
}

/** Sum of all stakes, below 2^71. */
export function totalStakeGwei(set: ValidatorSet): bigint {
  return set.slots.reduce((sum, slot) => sum + (slot?.stakeGwei ?? 0n), 0n);
}

/** Slot that holds `key`, or -1. */
export function slotOf(set: ValidatorSet, key: Point): number {
  return set.slots.findIndex((slot) => slot?.key.x === key.x && slot.key.y === key.y);
}

/** Siblings of slot `index`, lowest level first: three a 4-ary level, one at the binary top. */
export function merklePath(set: ValidatorSet, index: number): readonly (readonly Fr[])[] {
  if (!Number.isInteger(index) || index < 0 || index >= set.capacity) {
    throw new InvalidFieldError('index', `an integer in [0, ${set.capacity})`);
  }
  let position = index;
  return treeLevels(set)
    .slice(0, -1)
    .map((level) => {
      const arity = level.length === 2 ? 2 : 4;
      const first = position - (position % arity);
      const siblings = level.slice(first, first + arity).filter((_, i) => first + i !== position);
      position = first / arity;
      return siblings;
    });
}
