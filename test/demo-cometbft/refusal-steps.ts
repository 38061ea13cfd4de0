// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { keccak256, type Address } from 'viem';
import { Deployer } from '../../contracts/deploy/deployer.ts';
import { deployClient, PERIODS } from '../../cli/system/deploy-local.ts';
import { ACCOUNTS, type LocalChain } from '../../cli/system/local-chain.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { refused, type Call } from '../demo/refusals.ts';
import { resultOf } from '../demo/world.ts';
import type { AcceptedHeader, CometBftWorld, UpdateArguments } from './cometbft-world.ts';
import { SIGNER_BYTES } from './hub-steps.ts';
import type { LargeChain } from './large-chain.ts';

/** What mainnet ledgers have, of Cosmos' unbonding period of three weeks. */
const TWO_WEEKS = 1_209_600;
const TEN_YEARS = 315_360_000;

/** Step 2: the same transaction with something wrong in it, on fresh ledgers of the same chain; then as it was. */
export async function refusalSteps(world: CometBftWorld, large: LargeChain, accepted: AcceptedHeader): Promise<void> {
  const { report, other } = world.base;
  const { submission } = accepted;
  const [trusted] = submission;
  const ledgerOf = (chainId: string, trustingPeriod: number): Promise<Address> =>
    deployLedger(other, { chainId, trustingPeriod, anchor: trusted });
  const [fresh, impatient, stranger] = [
    await ledgerOf(large.chainId, TEN_YEARS),
    await ledgerOf(large.chainId, TWO_WEEKS),
    await ledgerOf(`${large.chainId.replace(/-\d+$/, '')}-9`, TEN_YEARS),
  ];
  const refuse = (name: string, call: Call, error: string): Promise<void> =>
    report.step(`refused: ${name}`, async () => {
      const before = await stateOfLedger(other, call.address);
      const result = await refused(other, call, error);
      assert.deepEqual(await stateOfLedger(other, call.address), before, 'something changed all the same');
      return result;
    });
  await refuse('a forged proof among true ones', update(fresh, forgedProof(submission)), 'InvalidProof');
  await refuse('true proofs under a forged app hash', update(fresh, forgedHeader(submission)), 'InvalidProof');
  await refuse('too little power: one signer less', update(fresh, oneSignerLess(submission)), 'PowerTooSmall');
  await refuse('the same on the ledger of another chain', update(stranger, submission), 'InvalidProof');
  await refuse('a trusted state older than two weeks', update(impatient, submission), 'StateExpired');
  await report.step('and as it was, the fresh ledger takes it', async () => {
    const receipt = await other.write(ACCOUNTS.owner, 'CometBftLedger', fresh, 'update', submission);
    assert.equal((await stateOfLedger(other, fresh)).headHeight, submission[2].header.height);
    return resultOf(receipt);
  });
  await report.step('without effect: once more', async () => {
    const before = await stateOfLedger(other, fresh);
    const receipt = await other.write(ACCOUNTS.owner, 'CometBftLedger', fresh, 'update', submission);
    assert.equal(receipt.logs.length, 0);
    assert.deepEqual(await stateOfLedger(other, fresh), before);
    return resultOf(receipt);
  });
}

const update = (address: Address, args: UpdateArguments): Call => ({
  abi: cometBftLedgerAbi,
  address,
  functionName: 'update',
  args,
});

function stateOfLedger({ client }: LocalChain, address: Address) {
  return client.readContract({ abi: cometBftLedgerAbi, address, functionName: 'status' });
}

/** Points on the curve that prove nothing: a and c of the last proof exchanged. */
function forgedProof([trusted, predecessor, shown, keyHash]: UpdateArguments): UpdateArguments {
  const proofs = shown.proofs.map((proof, i) =>
    i === shown.proofs.length - 1 ? { ...proof, a: proof.c, c: proof.a } : proof,
  );
  return [trusted, predecessor, { ...shown, proofs }, keyHash];
}

function forgedHeader([trusted, predecessor, shown, keyHash]: UpdateArguments): UpdateArguments {
  const header = { ...shown.header, appHash: keccak256(shown.header.appHash) };
  return [trusted, predecessor, { ...shown, header }, keyHash];
}

/** As few signers as suffice, less the last. */
function oneSignerLess([trusted, predecessor, shown, keyHash]: UpdateArguments): UpdateArguments {
  const signers = shown.signers.slice(0, -2 * SIGNER_BYTES) as typeof shown.signers;
  return [trusted, predecessor, { ...shown, signers }, keyHash];
}

/** One more light client, which believes the verifiers that the others believe. */
async function deployLedger(
  chain: LocalChain,
  options: { readonly chainId: string; readonly trustingPeriod: number; readonly anchor: AcceptedHeader['state'] },
): Promise<Address> {
  const { chainId, trustingPeriod, anchor } = options;
  const { timelock, verifierRegistry } = chain.deployment;
  const { freezeDuration, freezeCooldown } = PERIODS;
  const config = {
    owner: timelock,
    guardian: ACCOUNTS.guardian.address,
    verifiers: verifierRegistry,
    chainId,
    unbondingPeriod: TEN_YEARS + 1,
    policy: { trustingPeriod, maxClockDrift: 60, freezeDuration, freezeCooldown },
    anchor,
  };
  return (await new Deployer(deployClient(chain)).deploy('CometBftLedger', [config])).address;
}
