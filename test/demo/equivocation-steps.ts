// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { pad, toHex, type TransactionReceipt } from 'viem';
import { ACCOUNTS } from '../../cli/system/local-chain.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import type { Attestation } from '../../protocol/attestation.ts';
import { toFr } from '../../protocol/field.ts';
import { merklePath, slotOf } from '../../protocol/validator-set.ts';
import { loadAttesterConfig } from '../../runtime/config.ts';
import { madeUp, Offender } from '../offenders/offender.ts';
import { proveLocally } from './prove-local.ts';
import type { Relayed } from './relay-steps.ts';
import { runOffender } from './run-offender.ts';
import type { SealedSet } from './sets.ts';
import { resultOf, STATUS, type World } from './world.ts';

/** `SlashOutcome` of ICoalition. */
const ALREADY = 2;

/** Step 3: two kinds of equivocation, each caught by the API, proved by the farm and punished once on each chain. */
export async function equivocationSteps(world: World, { onOther, firstSet }: Relayed): Promise<void> {
  const { hub, other, report, system } = world;
  const offenders = [
    { validator: world.validator(7), program: 'double-voter', offence: 'a double vote' },
    { validator: world.validator(8), program: 'surround-voter', offence: 'a surround vote' },
  ] as const;
  // Far from where honest validators vote meanwhile.
  const height = onOther.checkpoint.height + 64n * BigInt(system.interval);

  await report.step('validators 7 and 8 show the API what they signed', async () => {
    for (const { validator } of offenders) {
      for (const chain of [hub, other]) {
        const { stakeGwei, status } = await world.standing(chain, validator);
        assert.equal(status, STATUS.active);
        assert.equal(stakeGwei, validator.stakeGwei, 'the stake before');
      }
    }
    await Promise.all(
      offenders.map(async ({ validator, program }) => {
        await system.stopProcess(validator.name);
        await runOffender(program, {
          config: system.validatorConfig(validator),
          chain: hub.id,
          set: String(firstSet.record.commitment),
          height: String(height),
        });
      }),
    );
  });
  for (const { validator, offence } of offenders) {
    for (const chain of [hub, other]) {
      await report.step(`${validator.name} loses its stake on ${chain.name}: ${offence}`, () =>
        world.untilSlashed(chain, validator),
      );
    }
  }
  let slash: Slash | undefined;
  await report.step('a second pair by validator 7 is proved', async () => {
    slash = await secondPair(world, world.validator(7), firstSet, height + BigInt(system.interval));
  });
  for (const chain of [hub, other]) {
    await report.step(`the second pair changes nothing on ${chain.name}`, async () => {
      assert.ok(slash);
      const { deployment, client } = chain;
      const before = await world.standing(chain, world.validator(7));
      const call = {
        abi: coalitionAbi,
        address: deployment.coalition,
        functionName: 'slashEquivocation',
        args: slash,
      } as const;
      const { result } = await client.simulateContract({ ...call, account: ACCOUNTS.owner });
      assert.equal(result, ALREADY);
      const receipt: TransactionReceipt = await chain.write(
        ACCOUNTS.owner,
        'Coalition',
        deployment.coalition,
        'slashEquivocation',
        slash,
      );
      assert.equal(receipt.logs.length, 0);
      assert.deepEqual(await world.standing(chain, world.validator(7)), before);
      for (const { validator } of offenders)
        assert.equal((await world.tombstones(chain, validator)).length, 1, 'slashed once');
      return resultOf(receipt);
    });
  }
}

type Slash = Awaited<ReturnType<typeof secondPair>>;

/** Another offence by a key that was caught, with a valid proof: arguments of `slashEquivocation`. */
async function secondPair({ system }: World, validator: LocalValidator, { record, set }: SealedSet, height: bigint) {
  const config = loadAttesterConfig(system.validatorConfig(validator), {});
  const [chain] = config.chains;
  assert.ok(chain);
  const offender = new Offender(config);
  const vote = (label: string): Attestation => ({
    setCommitment: toFr(record.commitment, 'commitment'),
    sourceHeight: 0n,
    checkpoint: madeUp(chain, height, label),
  });
  const [first, second] = [vote('third'), vote('fourth')];
  const leafIndex = slotOf(set, validator.key);
  const signed = (attestation: Attestation) => ({
    message: offender.message(attestation),
    signature: offender.sign(attestation),
  });
  const { keyHash, proof } = await proveLocally(system.prover, 'equivocation', {
    capacity: set.capacity,
    epoch: set.epoch,
    leafIndex,
    key: validator.key,
    stakeGwei: validator.stakeGwei,
    path: merklePath(set, leafIndex),
    first: signed(first),
    second: signed(second),
  });
  const { x, y } = validator.key;
  return [abiOf(first), abiOf(second), record.commitment, BigInt(leafIndex), x, y, keyHash, proof] as const;
}

/** As the contracts take it. */
export function abiOf({ setCommitment, ...rest }: Attestation) {
  return { setCommitment: pad(toHex(setCommitment), { size: 32 }), ...rest };
}
