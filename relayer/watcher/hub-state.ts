// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { parseCapacity, validatorSet, type Validator, type ValidatorSet } from '../../protocol/validator-set.ts';

const big = z.string().transform(BigInt);
const slot = z
  .object({ x: big, y: big, stakeGwei: big })
  .transform(({ x, y, stakeGwei }): Validator => ({ key: { x, y }, stakeGwei }))
  .nullable();

const stateSchema = z.object({
  /** last block whose events are in `slots`, and its hash */
  block: big,
  blockHash: z.string(),
  slots: z.array(slot),
  unpublished: z.array(z.object({ epoch: big, capacity: z.number(), sealedAt: big, slots: z.array(slot) })),
});

/** A rebuilt set that the API has not yet accepted. */
export interface Unpublished {
  readonly set: ValidatorSet;
  readonly sealedAt: bigint;
}

/** How far the watcher has come on the hub. One value, so that a crash never leaves cursor and slots apart. */
export interface HubState {
  readonly block: bigint;
  readonly blockHash: string;
  readonly slots: readonly (Validator | undefined)[];
  readonly unpublished: readonly Unpublished[];
}

export async function readHubState(redis: Redis, key: string): Promise<HubState | undefined> {
  const text = await redis.get(key);
  if (text === null) return undefined;
  const { block, blockHash, slots, unpublished } = stateSchema.parse(JSON.parse(text));
  return {
    block,
    blockHash,
    slots: slots.map((one) => one ?? undefined),
    unpublished: unpublished.map(({ epoch, capacity, sealedAt, slots: of }) => ({
      set: validatorSet(
        epoch,
        parseCapacity(capacity, 'capacity'),
        of.map((one) => one ?? undefined),
      ),
      sealedAt,
    })),
  };
}

export async function writeHubState(redis: Redis, key: string, state: HubState): Promise<void> {
  const slots = (of: readonly (Validator | undefined)[]): unknown[] =>
    of.map((one) => (one ? { x: one.key.x, y: one.key.y, stakeGwei: one.stakeGwei } : null));
  const plain = {
    block: state.block,
    blockHash: state.blockHash,
    slots: slots(state.slots),
    unpublished: state.unpublished.map(({ set, sealedAt }) => ({
      epoch: set.epoch,
      capacity: set.capacity,
      sealedAt,
      slots: slots(set.slots),
    })),
  };
  await redis.set(
    key,
    JSON.stringify(plain, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}
