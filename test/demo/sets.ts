// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import type { LocalChain } from '../../cli/system/local-chain.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { setCommitment, validatorSet, type Validator, type ValidatorSet } from '../../protocol/validator-set.ts';

/** A sealed set as the hub records it, with its members rebuilt. */
export interface SealedSet {
  readonly record: {
    readonly commitment: bigint;
    readonly epoch: bigint;
    readonly sealedAt: bigint;
    readonly capacity: number;
  };
  readonly set: ValidatorSet;
}

/** Read the hub's newest sealed set and rebuild it from the slots it has now, which must give the same commitment. */
export async function newestSet({ client, deployment }: LocalChain): Promise<SealedSet> {
  const hub = { abi: hubCoalitionAbi, address: deployment.coalition } as const;
  const record = await client.readContract({ ...hub, functionName: 'latestEpoch' });
  const slots = await Promise.all(
    Array.from({ length: record.capacity }, async (_, index): Promise<Validator | undefined> => {
      const { keyX, keyY, stakeGwei } = await client.readContract({
        ...hub,
        functionName: 'leaf',
        args: [BigInt(index)],
      });
      return stakeGwei === 0n ? undefined : { key: { x: keyX, y: keyY }, stakeGwei };
    }),
  );
  const set = validatorSet(record.epoch, 16, slots);
  assert.equal(setCommitment(set), record.commitment, 'the hub sealed another set than its slots hold');
  return { record, set };
}

/** Exactly these validators, in any order. */
export function assertMembers({ set }: SealedSet, expected: readonly LocalValidator[]): void {
  const texts = (members: readonly (Validator | undefined)[]): string[] =>
    members.flatMap((member) => (member ? [`${member.key.x} ${member.stakeGwei}`] : [])).sort();
  assert.deepEqual(texts(set.slots), texts(expected));
}
