// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { encodeFunctionData } from 'viem';
import { PERIODS } from '../../cli/system/deploy-local.ts';
import { ACCOUNTS, sealEpoch, type LocalChain } from '../../cli/system/local-chain.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { Relayed } from './relay-steps.ts';
import { runOffender } from './run-offender.ts';
import { assertMembers, newestSet, type SealedSet } from './sets.ts';
import { OwnerCall } from './timelock.ts';
import { FREEZE, resultOf, STATUS, type Accepted, type World } from './world.ts';

/** Validators that stay honest, and those that collude: more than two thirds of the first set's stake. */
const HONEST = [1, 2] as const;
const COLLUDERS = [3, 4, 5, 6] as const;

export interface Recovered {
  /** the honest two */
  readonly secondSet: SealedSet;
}

/**
 * Step 4: two quorums that contradict each other, one made in secret; the chain freezes, all signers pay, the owner
 * recovers.
 */
export async function collusionSteps(world: World, { firstSet }: Relayed): Promise<Recovered> {
  const { hub, other, report, system } = world;
  const colluders = COLLUDERS.map((number) => world.validator(number));
  const honest = HONEST.map((number) => world.validator(number));

  const height = await world.mineToCheckpoint(hub);
  let accepted: Accepted | undefined;
  await report.step("A's next block is held on B, signed by the later colluders", async () => {
    accepted = await world.untilHeld(other, hub, height);
    // Each holds so much that there is no quorum without all four.
    for (const { number } of colluders)
      assert.ok((accepted.signers >> BigInt(number - 1)) & 1n, `validator ${number} signed`);
    return accepted;
  });
  assert.ok(accepted);

  await report.step('a secret quorum for another block freezes A on B', async () => {
    await Promise.all(colluders.map(({ name }) => system.stopProcess(name)));
    const output = await runOffender('secret-quorum', {
      configs: colluders.map((validator) => system.validatorConfig(validator)).join(','),
      chain: hub.id,
      destination: other.id,
      set: String(firstSet.record.commitment),
      height: String(height),
    });
    const receipt = await other.client.waitForTransactionReceipt({ hash: output.trim() as Hex, pollingInterval: 50 });
    const chain = await world.chainOn(other, hub);
    assert.equal(chain.freeze, FREEZE.conflict);
    assert.equal(chain.headHeight, height, 'the first checkpoint is still the head');
    return resultOf(receipt);
  });

  for (const chain of [hub, other]) {
    await report.step(`everybody in both bitmaps loses the stake on ${chain.name}`, async () => {
      let result;
      for (const colluder of colluders) result = await world.untilSlashed(chain, colluder);
      for (const validator of honest) {
        const { stakeGwei, status } = await world.standing(chain, validator);
        assert.equal(status, STATUS.active);
        assert.equal(stakeGwei, validator.stakeGwei, 'the honest keep theirs');
      }
      return result;
    });
  }
  const secondSet = await sealHonestSet(world, honest);
  await recover(world, accepted.checkpoint, firstSet, secondSet);
  return { secondSet };
}

async function sealHonestSet(world: World, honest: readonly LocalValidator[]): Promise<SealedSet> {
  const { hub, report } = world;
  let sealed: SealedSet | undefined;
  await report.step('the hub seals an epoch without the slashed', async () => {
    await world.passTime(PERIODS.epochLength);
    const receipt = await sealEpoch(hub);
    sealed = await newestSet(hub);
    assertMembers(sealed, honest);
    return resultOf(receipt);
  });
  assert.ok(sealed);
  return sealed;
}

/**
 * The owner names what stands: on B the true checkpoint of A, on A the one of B, and on both the honest set alone. A's
 * ledger saw no conflict, yet trusts the same colluders: the guardian stops it until the owner speaks.
 */
async function recover(world: World, stands: Checkpoint, firstSet: SealedSet, secondSet: SealedSet): Promise<void> {
  const { hub, other, report } = world;
  const onHub = await world.headOf(hub, other);
  await report.step('the guardian freezes B on A as well', async () => {
    const receipt = await hub.write(ACCOUNTS.guardian, 'CheckpointLedger', hub.deployment.ledger, 'freeze', [
      other.chainKey,
    ]);
    assert.equal((await world.chainOn(hub, other)).freeze, FREEZE.guardian);
    return resultOf(receipt);
  });
  const plans = [
    { ledger: other, source: hub, call: unfreeze(other, hub, stands, secondSet) },
    { ledger: hub, source: other, call: unfreeze(hub, other, onHub, secondSet) },
  ];
  await report.step('the owner announces what stands; nothing happens before the delay', async () => {
    let result;
    for (const { call } of plans) {
      result = resultOf(await call.schedule());
      await call.assertTooEarly();
    }
    return result;
  });
  await world.passTime(PERIODS.timelockDelay + 1);
  for (const { ledger, source, call } of plans) {
    await report.step(`the owner opens ${source.name} on ${ledger.name} again`, async () => {
      const receipt = await call.execute();
      const chain = await world.chainOn(ledger, source);
      assert.equal(chain.freeze, FREEZE.none);
      assert.equal(chain.generation, 1);
      assert.equal(await world.isTrusted(ledger, secondSet.record.commitment), true);
      assert.equal(
        await world.isTrusted(ledger, firstSet.record.commitment),
        false,
        'the colluders are trusted no more',
      );
      return resultOf(receipt);
    });
  }
}

function unfreeze(on: LocalChain, source: LocalChain, stands: Checkpoint, { record }: SealedSet): OwnerCall {
  const data = encodeFunctionData({
    abi: checkpointLedgerAbi,
    functionName: 'unfreeze',
    args: [source.chainKey, stands, record],
  });
  return new OwnerCall(on, on.deployment.ledger, data);
}
