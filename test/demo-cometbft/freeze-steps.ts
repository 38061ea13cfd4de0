// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { encodeFunctionData } from 'viem';
import { PERIODS } from '../../cli/system/deploy-local.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { OwnerCall } from '../demo/timelock.ts';
import { resultOf } from '../demo/world.ts';
import type { ChainNode } from './chain-node.ts';
import { FREEZE, stateOf, type CometBftWorld } from './cometbft-world.ts';
import type { GeneratedChain } from './generated-chain.ts';

/** Step 5: all validators sign two blocks of one height; their chain's ledgers freeze; the owner says what stands. */
export async function freezeSteps(
  world: CometBftWorld,
  chain: GeneratedChain,
  liar: ChainNode,
  others: readonly string[],
): Promise<void> {
  const { base, destinations } = world;
  const { report } = base;
  const { chainId } = chain;
  const height = chain.latest + 1n;
  liar.stopAt(chain.latest);
  const { signed } = chain.append(height);
  const stands = stateOf(signed);
  for (const destination of destinations) {
    await report.step(`block ${height} of ${chainId} is held on ${destination.name}`, () =>
      world.untilHeld(destination, signed),
    );
  }
  liar.lie(chain.sign(height, 'the other block'));
  for (const destination of destinations) {
    await report.step(
      `the same validators' other block ${height} freezes the ledger on ${destination.name}`,
      async () => {
        const { ledger } = world.followed(destination, chainId);
        const [event] = await base.until(`the ledger on ${destination.name} freezes`, async () => {
          const found = await destination.client.getContractEvents({
            abi: cometBftLedgerAbi,
            address: ledger,
            eventName: 'MisbehaviourFound',
            fromBlock: destination.deployment.firstBlock,
            strict: true,
          });
          return found.length > 0 ? found : undefined;
        });
        assert.ok(event);
        assert.equal(event.args.height, height);
        const status = await world.status(destination, chainId);
        assert.equal(status.freeze, FREEZE.misbehaviour);
        assert.equal(status.headHeight, height, 'the first block is still the head');
        await world.assertHeld(destination, chainId, stands);
        for (const other of others)
          assert.equal((await world.status(destination, other)).freeze, FREEZE.none, `${other} goes on`);
        return resultOf(await destination.client.getTransactionReceipt({ hash: event.transactionHash }));
      },
    );
  }
  await report.step('nothing is read from a frozen ledger', async () => {
    for (const { client, deployment } of destinations) {
      const { ledger } = deployment.followed.find((one) => one.chainId === chainId) ?? assert.fail();
      const read = { abi: cometBftLedgerAbi, address: ledger, functionName: 'acceptedAt', args: [stands] } as const;
      await assert.rejects(client.readContract(read), /LedgerIsFrozen/);
    }
  });
  await recover(world, chain, height, liar);
}

/** The owner names the block that stands; the chain goes on from it. */
async function recover(world: CometBftWorld, chain: GeneratedChain, height: bigint, liar: ChainNode): Promise<void> {
  const { base, destinations } = world;
  const { report } = base;
  const { chainId } = chain;
  const stands = stateOf(chain.at(height).signed);
  const data = encodeFunctionData({ abi: cometBftLedgerAbi, functionName: 'unfreeze', args: [stands] });
  const calls = destinations.map((destination) => ({
    destination,
    call: new OwnerCall(destination, world.followed(destination, chainId).ledger, data),
  }));
  for (const { destination, call } of calls) {
    await report.step(`the owner on ${destination.name} schedules what stands, and has to wait`, async () => {
      const receipt = await call.schedule();
      await call.assertTooEarly();
      assert.equal((await world.status(destination, chainId)).freeze, FREEZE.misbehaviour);
      return resultOf(receipt);
    });
  }
  await base.passTime(PERIODS.timelockDelay);
  for (const { destination, call } of calls) {
    await report.step(`after the delay the ledger on ${destination.name} is open again`, async () => {
      const receipt = await call.execute();
      const { freeze, generation, headHeight } = await world.status(destination, chainId);
      assert.deepEqual([freeze, generation, headHeight], [FREEZE.none, 1, height]);
      await world.assertHeld(destination, chainId, stands);
      return resultOf(receipt);
    });
  }
  // Somebody has looked: the node is mended, and its chain followed again.
  liar.mend();
  await base.system.stopProcess('follow');
  base.system.startFollower();
  const next = chain.append(height + 1n);
  for (const destination of destinations) {
    await report.step(`the next block of ${chainId} is held on ${destination.name}`, () =>
      world.untilHeld(destination, next.signed),
    );
  }
}
