// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { ACCOUNTS, type LocalChain } from '../../cli/system/local-chain.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { keyId } from '../../protocol/key-id.ts';
import { resultOf, STATUS } from '../demo/world.ts';
import { doublePrevote } from '../offenders/double-prevote.ts';
import { bindKey } from './bind-key.ts';
import type { CometBftWorld } from './cometbft-world.ts';
import type { GeneratedChain } from './generated-chain.ts';

/** Whose consensus key is bound, by number; another operator stays as it is. */
const [OPERATOR, ONLOOKER] = [1, 2] as const;
/** Place of the offender in its chain's set. */
const OFFENDER = 2;
const GWEI = 1_000_000_000n;
/** `SlashOutcome` of ICoalition. */
const ALREADY = 2;

/** Step 4: an operator binds its consensus key; the validator prevotes twice; the operator pays on both chains. */
export async function slashSteps(world: CometBftWorld, chain: GeneratedChain, height: bigint): Promise<void> {
  const { base, destinations } = world;
  const { report } = base;
  const offender = chain.validators[OFFENDER];
  assert.ok(offender);
  const [operator, onlooker] = [base.validator(OPERATOR), base.validator(ONLOOKER)];
  for (const destination of destinations) {
    await report.step(
      `${operator.name} binds its consensus key of ${chain.chainId} on ${destination.name}`,
      async () => {
        const { client, deployment } = destination;
        await bindKey(base.system, destination, operator, chain.chainId, offender);
        const { chainKey } = world.followed(destination, chain.chainId);
        const coalition = { abi: coalitionAbi, address: deployment.coalition } as const;
        const args = [chainKey, offender.key] as const;
        assert.equal(await client.readContract({ ...coalition, functionName: 'boundTo', args }), keyId(operator.key));
        const [bound] = await client.getContractEvents({
          ...coalition,
          eventName: 'ConsensusKeyBound',
          args: { keyId: keyId(operator.key) },
          fromBlock: deployment.firstBlock,
          strict: true,
        });
        assert.ok(bound);
        for (const { number } of [operator, onlooker]) await assertStake(world, destination, number);
        return resultOf(await client.getTransactionReceipt({ hash: bound.transactionHash }));
      },
    );
  }
  await report.step(
    `a block of ${chain.chainId} carries evidence: a validator prevoted twice at ${height}`,
    async () => {
      const { timeNs } = chain.at(height).signed.header;
      const offence = doublePrevote(offender, { chainId: chain.chainId, height, round: 0, timeNs });
      chain.append(chain.latest + 1n, [offence]);
    },
  );
  for (const destination of destinations) {
    const stake = `${operator.stakeGwei / GWEI} ether`;
    await report.step(`${operator.name} loses its stake on ${destination.name}, ${stake}`, async () => {
      const result = await base.untilSlashed(destination, operator);
      assert.equal((await shown(destination, operator)).length, 1);
      await assertStake(world, destination, onlooker.number);
      return result;
    });
  }
  for (const destination of destinations) {
    await report.step(`the same evidence once more changes nothing on ${destination.name}`, async () => {
      const before = await base.standing(destination, operator);
      const { client, deployment } = destination;
      const [first] = await shown(destination, operator);
      assert.ok(first);
      const { input } = await client.getTransaction({ hash: first.transactionHash });
      const call = { account: ACCOUNTS.owner, to: deployment.coalition, data: input } as const;
      assert.equal(BigInt((await client.call(call)).data ?? -1n), BigInt(ALREADY));
      const receipt = await client.waitForTransactionReceipt({
        hash: await client.sendTransaction(call),
        pollingInterval: 50,
      });
      assert.deepEqual([receipt.status, receipt.logs.length], ['success', 0]);
      assert.deepEqual(await base.standing(destination, operator), before);
      assert.equal((await base.tombstones(destination, operator)).length, 1, 'slashed once');
      return resultOf(receipt);
    });
  }
}

/** The stake is whole and active. */
async function assertStake({ base }: CometBftWorld, chain: LocalChain, number: number): Promise<void> {
  const validator = base.validator(number);
  const { stakeGwei, status } = await base.standing(chain, validator);
  assert.deepEqual([stakeGwei, status], [validator.stakeGwei, STATUS.active]);
}

/** Duplicate votes that were shown of an operator. */
function shown({ client, deployment }: LocalChain, { key }: LocalValidator) {
  return client.getContractEvents({
    abi: coalitionAbi,
    address: deployment.coalition,
    eventName: 'DuplicateVoteShown',
    args: { keyId: keyId(key) },
    fromBlock: deployment.firstBlock,
    strict: true,
  });
}
