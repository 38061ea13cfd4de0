// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import { verifyCommit } from '../../protocol/cometbft/verify-commit.ts';
import { costTable } from './costs.ts';
import { stateOf, type AcceptedHeader, type CometBftWorld } from './cometbft-world.ts';
import { untilProved } from './farm.ts';
import type { LargeChain } from './large-chain.ts';

/** Bytes of one signer in a submitted header. */
export const SIGNER_BYTES = 14;

/** Step 1: a large chain's block, signed by its own validators, proved by the farm and held on both chains. */
export async function hubSteps(world: CometBftWorld, large: LargeChain): Promise<AcceptedHeader> {
  const { base, destinations } = world;
  const { report } = base;
  const { chainId } = large;
  const [first, second] = [large.block(large.height), large.block(large.height + 1n)];
  let tally: ReturnType<typeof verifyCommit> | undefined;
  await report.step(
    `the ledgers start from ${chainId}'s block ${large.height}, all of whose signatures hold`,
    async () => {
      tally = verifyCommit(chainId, first.signed.commit, first.set);
      assert.equal(tally.counts.nil, 0);
      for (const chain of destinations) await world.assertHeld(chain, chainId, stateOf(first.signed));
    },
  );
  const { header } = second.signed;
  let update: Awaited<ReturnType<typeof untilProved>> | undefined;
  await report.step(`block ${header.height} is proved by the farm from its validators' own signatures`, async () => {
    update = await untilProved(base, cosmosChainId(chainId), header.height);
    assert.equal(update.signers, large.fewest, 'more signatures than were needed');
  });
  const accepted: AcceptedHeader[] = [];
  const waits = destinations.map((chain) => world.untilHeld(chain, second.signed));
  for (const wait of waits) wait.catch(() => undefined); // said by its own step
  for (const [i, chain] of destinations.entries()) {
    await report.step(`block ${header.height} is held on ${chain.name}`, async () => {
      const found = await waits[i];
      assert.ok(found);
      const [, , shown] = found.submission;
      assert.equal((shown.signers.length - 2) / 2, SIGNER_BYTES * large.fewest);
      assert.equal(shown.proofs.length, update?.shards.length, 'a proof for each shard');
      accepted.push(found);
      return found;
    });
  }
  const [held] = accepted;
  assert.ok(held);
  await report.step(`the farm's own account of what block ${header.height} cost`, async () => {
    assert.ok(update);
    report.addTable(await costTable(world, large, update, accepted));
  });
  return held;
}
