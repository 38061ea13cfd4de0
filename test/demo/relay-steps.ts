// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { parseEther } from 'viem';
import { ACCOUNTS } from '../../cli/system/local-chain.ts';
import { isQuorum, MIN_SHARE } from '../../protocol/share.ts';
import { lockBoxAbi } from '../../protocol/abi/lock-box.ts';
import { assertMembers, newestSet, type SealedSet } from './sets.ts';
import { resultOf, type Accepted, type World } from './world.ts';

/** One deposit in A's LockBox. */
export interface Deposit {
  readonly nonce: bigint;
  readonly amount: bigint;
  readonly recipient: `0x${string}`;
}

export interface Relayed {
  readonly deposit: Deposit;
  /** A's checkpoint as B's ledger came to hold it */
  readonly onOther: Accepted;
  /** the set that signed it */
  readonly firstSet: SealedSet;
}

/** Step 1: state changes on A, is signed, proved and relayed to B; likewise from B to A. */
export async function relaySteps(world: World): Promise<Relayed> {
  const { hub, other, report, system } = world;
  const firstSet = await newestSet(hub);
  assertMembers(firstSet, system.validators);
  const deposit = { nonce: 0n, amount: parseEther('3'), recipient: ACCOUNTS.guardian.address };
  await report.step('a deposit changes the state of A', async () => {
    const args = [
      '0x0000000000000000000000000000000000000000',
      0n,
      deposit.recipient,
      other.chainKey,
      system.bridge.mintBridge,
    ];
    const receipt = await hub.write(ACCOUNTS.owner, 'LockBox', system.bridge.lockBox, 'lock', args, deposit.amount);
    const digest = await hub.client.readContract({
      abi: lockBoxAbi,
      address: system.bridge.lockBox,
      functionName: 'locks',
      args: [0n],
    });
    assert.notEqual(BigInt(digest), 0n);
    return resultOf(receipt);
  });

  const heightA = await world.mineToCheckpoint(hub);
  const heightB = await world.mineToCheckpoint(other);
  let onOther: Accepted | undefined;
  await report.step("A's block, signed by its validators, is held on B", async () => {
    onOther = await world.untilHeld(other, hub, heightA);
    assertQuorum(world, onOther);
    return onOther;
  });
  await report.step("B's block, signed by its validators, is held on A", async () => {
    const onHub = await world.untilHeld(hub, other, heightB);
    assertQuorum(world, onHub);
    return onHub;
  });
  assert.ok(onOther);
  return { deposit, onOther, firstSet };
}

/** Slots were given out in the order of registration. */
function assertQuorum({ system }: World, { signers }: Accepted): void {
  const sum = (numbers: readonly { readonly stakeGwei: bigint }[]): bigint =>
    numbers.reduce((total, { stakeGwei }) => total + stakeGwei, 0n);
  const signed = system.validators.filter((_, slot) => (signers >> BigInt(slot)) & 1n);
  assert.ok(isQuorum(sum(signed), sum(system.validators), MIN_SHARE), 'the signers hold too little stake');
}
