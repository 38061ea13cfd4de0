// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { PERIODS } from '../../cli/system/deploy-local.ts';
import { sealEpoch, type LocalChain } from '../../cli/system/local-chain.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { toFr } from '../../protocol/field.ts';
import { MIN_SHARE } from '../../protocol/share.ts';
import { slotOf } from '../../protocol/validator-set.ts';
import { loadAttesterConfig } from '../../runtime/config.ts';
import { Offender } from '../offenders/offender.ts';
import { abiOf } from './equivocation-steps.ts';
import type { Recovered } from './collusion-steps.ts';
import { proveLocally } from './prove-local.ts';
import { refused, type Call } from './refusals.ts';
import { assertMembers, newestSet, type SealedSet } from './sets.ts';
import { resultOf, STATUS, type World } from './world.ts';
import type { StepResult } from './report.ts';

/** Ether. So much that the two others make no quorum without the ninth. */
const NINTH_STAKE = 200n;

/** Step 5: one more validator, a sealed epoch, a rotation by verified read, and the end of the old set. */
export async function rotationSteps(world: World, { secondSet }: Recovered): Promise<void> {
  const { hub, other, report, system } = world;
  const veterans = [world.validator(1), world.validator(2)];
  let ninth: LocalValidator | undefined;
  await report.step('a ninth validator registers on both chains', async () => {
    ninth = await system.addValidator(NINTH_STAKE);
    for (const chain of [hub, other]) assert.equal((await world.standing(chain, ninth)).status, STATUS.active);
  });
  assert.ok(ninth);
  const members = [...veterans, ninth];

  let thirdSet: SealedSet | undefined;
  await report.step('the hub seals an epoch with the ninth', async () => {
    await world.passTime(PERIODS.epochLength);
    const receipt = await sealEpoch(hub);
    thirdSet = await newestSet(hub);
    assertMembers(thirdSet, members);
    return resultOf(receipt);
  });
  assert.ok(thirdSet);
  const third = thirdSet.record;

  const sealingSeen = await world.mineToCheckpoint(hub);
  await report.step("the hub's block, signed by the old set, is held on B", () =>
    world.untilHeld(other, hub, sealingSeen),
  );
  await report.step('B takes the new set by a verified read of the hub', () =>
    untilRotated(world, other, thirdSet as SealedSet),
  );

  system.startAttester(ninth);
  const height = await world.mineToCheckpoint(hub);
  await report.step('a block signed by the new set is held on B', async () => {
    const accepted = await world.untilHeld(other, hub, height);
    assert.equal(BigInt(accepted.submission[0].setCommitment), third.commitment, 'signed by another set');
    return accepted;
  });

  // From here on the old set's members sign by hand, and the new set does not come before them.
  await Promise.all(members.map(({ name }) => system.stopProcess(name)));
  const late = await world.mineToCheckpoint(hub);
  let submission: Call | undefined;
  await report.step('the old set proves one more block, good while it is trusted', async () => {
    submission = await quorumByHand(world, veterans, secondSet, late);
    const { abi, address, functionName, args } = submission;
    await other.client.simulateContract({ abi, address, functionName, args });
  });
  await report.step('refused: the same proof after the trusting period', async () => {
    assert.ok(submission);
    const expires = secondSet.record.sealedAt + BigInt(PERIODS.trustingPeriod);
    await world.passTime(expires - (await other.now()) + 1n);
    assert.equal(await world.isTrusted(other, secondSet.record.commitment), false);
    assert.equal(await world.isTrusted(other, third.commitment), true, 'the new set is still trusted');
    const result = await refused(other, submission, 'SetExpired');
    assert.equal((await world.chainOn(other, hub)).headHeight, height);
    return result;
  });
}

async function untilRotated(world: World, chain: LocalChain, { record }: SealedSet): Promise<StepResult> {
  const { client, deployment, name } = chain;
  const event = await world.until(`the relayer shows epoch ${record.epoch} to ${name}`, async () => {
    const found = await client.getContractEvents({
      abi: checkpointLedgerAbi,
      address: deployment.ledger,
      eventName: 'SetTrusted',
      args: { commitment: record.commitment },
      fromBlock: deployment.firstBlock,
    });
    return found[0];
  });
  assert.equal(await world.isTrusted(chain, record.commitment), true);
  return resultOf(await client.getTransactionReceipt({ hash: event.transactionHash }));
}

/** `submitCheckpoint` for a true block, signed by the members of a set and proved beside the farm. */
async function quorumByHand(
  world: World,
  signers: readonly LocalValidator[],
  { record, set }: SealedSet,
  height: bigint,
): Promise<Call> {
  const { hub, other, system } = world;
  const attestation = {
    setCommitment: toFr(record.commitment, 'commitment'),
    sourceHeight: 0n,
    checkpoint: await world.checkpointOf(hub, height),
  };
  const hands = signers.map((validator) => ({
    index: slotOf(set, validator.key),
    hand: new Offender(loadAttesterConfig(system.validatorConfig(validator), {})),
  }));
  const [first] = hands;
  assert.ok(first);
  const { keyHash, proof, publicSignals } = await proveLocally(system.prover, 'quorum-16', {
    epoch: set.epoch,
    slots: set.slots.flatMap((slot, index) => (slot ? [{ index, ...slot }] : [])),
    message: first.hand.message(attestation),
    share: MIN_SHARE,
    signatures: hands.map(({ index, hand }) => ({ index, signature: hand.sign(attestation) })),
  });
  const bitmap = BigInt(publicSignals[2] ?? 0);
  return {
    abi: checkpointLedgerAbi,
    address: other.deployment.ledger,
    functionName: 'submitCheckpoint',
    args: [abiOf(attestation), bitmap, keyHash, proof],
  };
}
