// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Point, Signature } from '../../../protocol/eddsa.ts';
import { InvalidFieldError } from '../../../protocol/errors.ts';
import type { Fr } from '../../../protocol/field.ts';
import { poseidon } from '../../../protocol/poseidon.ts';
import { CAPACITIES, leaf, type Capacity } from '../../../protocol/validator-set.ts';
import { frSchema, pointSchema, signatureSchema, u64Schema } from '../../input-schema.ts';
import type { CircuitDefinition, CircuitInput } from '../../statement-kind.ts';

export interface SignedMessage {
  readonly message: Fr;
  readonly signature: Signature;
}

export interface EquivocationInput {
  readonly capacity: Capacity;
  readonly epoch: bigint;
  readonly leafIndex: number;
  readonly key: Point;
  readonly stakeGwei: bigint;
  /**
   * as protocol/validator-set.ts `merklePath`: lowest level first, three siblings a 4-ary level, one at the binary top
   */
  readonly path: readonly (readonly Fr[])[];
  readonly first: SignedMessage;
  readonly second: SignedMessage;
}

const signedMessage = z.strictObject({ message: frSchema, signature: signatureSchema });

export const equivocationInputSchema: z.ZodType<EquivocationInput> = z.strictObject({
  capacity: z.literal(CAPACITIES),
  epoch: u64Schema,
  leafIndex: z.int().min(0).max(127),
  key: pointSchema,
  stakeGwei: u64Schema,
  path: z.array(z.array(frSchema).max(3)).max(4),
  first: signedMessage,
  second: signedMessage,
});

/** Siblings that a path of each capacity holds, level by level. */
const SHAPE: Readonly<Record<Capacity, readonly number[]>> = { 16: [3, 3], 64: [3, 3, 3], 128: [3, 3, 3, 1] };

/** @throws InvalidFieldError for an index beyond the capacity or a path of another shape */
export function buildEquivocationInputs(_: CircuitDefinition, input: EquivocationInput): CircuitInput {
  const { capacity, leafIndex, key, stakeGwei, epoch, path, first, second } = input;
  if (leafIndex >= capacity) throw new InvalidFieldError('leafIndex', `an index below ${capacity}`);
  const shape = SHAPE[capacity];
  if (path.length !== shape.length || path.some((level, i) => level.length !== shape[i])) {
    throw new InvalidFieldError('path', `levels of ${shape.join(', ')} siblings`);
  }
  const level = (i: number): readonly bigint[] => path[i] ?? [0n, 0n, 0n];
  return {
    setCommitment: poseidon([rootOf(leaf({ key, stakeGwei }), leafIndex, path), BigInt(capacity), epoch]),
    leafIndex: BigInt(leafIndex),
    keyX: key.x,
    keyY: key.y,
    message1: first.message,
    message2: second.message,
    epoch,
    stake: stakeGwei,
    isCapacity: CAPACITIES.map((one) => (one === capacity ? 1n : 0n)),
    siblings: [level(0), level(1), level(2)],
    topSibling: path[3]?.[0] ?? 0n,
    r8x: [first.signature.r8.x, second.signature.r8.x],
    r8y: [first.signature.r8.y, second.signature.r8.y],
    s: [first.signature.s, second.signature.s],
  };
}

function rootOf(start: Fr, leafIndex: number, path: EquivocationInput['path']): Fr {
  let node = start;
  let position = leafIndex;
  for (const siblings of path) {
    const arity = siblings.length + 1;
    const place = position % arity;
    node = poseidon([...siblings.slice(0, place), node, ...siblings.slice(place)]);
    position = (position - place) / arity;
  }
  return node;
}
