// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeFunctionData } from 'viem';
import { buildContracts } from '../../contracts/deploy/build.ts';
import { deployFollowed, judgedChain } from '../../contracts/deploy/deploy-followed.ts';
import { Deployer, type OnDeployed } from '../../contracts/deploy/deployer.ts';
import type { FollowedDeployment, FollowedOptions } from '../../contracts/deploy/followed-options.ts';
import { kindId } from '../../contracts/deploy/kind-id.ts';
import type { Deployment, VerifierSpec } from '../../contracts/deploy/options.ts';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { timelockAbi } from '../../protocol/abi/timelock.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import type { DeployConfig } from '../../runtime/deploy-config.ts';
import type { Secret } from '../../runtime/secret.ts';
import { verifierSpec } from '../verifier-spec.ts';
import { connectChain, walletOf, type ConnectedChain } from './connect-chain.ts';
import type { DeploymentRecord } from './deployment-record.ts';
import { followedOptions } from './followed-options.ts';
import { signatureKeys } from './installed-keys.ts';
import { chainError, OperationError } from './operation-error.ts';
import { requireLiveAnchors } from './require-live-anchors.ts';
import { timelockCall, type OwnerCall, type TimelockCall } from './timelock-call.ts';

/** What a running deployment gets to follow further chains, before anything is sent. */
export interface FollowPlan {
  readonly chain: ConnectedChain;
  readonly record: DeploymentRecord;
  /** chains of the options that the record has no light client of */
  readonly followed: readonly FollowedOptions[];
  /** ed25519 verifiers that the registry does not know */
  readonly verifiers: readonly VerifierSpec[];
  /** of the timelock, in seconds */
  readonly delay: bigint;
}

/** What was sent, and what the owner has to do for it to count. */
export interface FollowResult {
  readonly followed: readonly FollowedDeployment[];
  readonly verifiers: Deployment['verifiers'];
  readonly calls: readonly TimelockCall[];
}

/** @throws OperationError, KeyError; DevelopmentKeyError in production */
export async function planFollowing(config: DeployConfig, record: DeploymentRecord): Promise<FollowPlan> {
  const { chain: id, rpc, cometbft } = config.options;
  const missing = cometbft.filter((file) => !record.followed.some(({ chainId }) => chainId === file.chainId));
  if (missing.length === 0) throw new OperationError('cometbft names no chain that the record does not have already');
  const chain = await connectChain(id, [rpc]);
  if (record.chain !== id || record.genesisHash !== chain.genesisHash) {
    throw new OperationError(`the record is of ${record.chain} with genesis block ${record.genesisHash}, not of ${id}`);
  }
  await requireLiveAnchors(chain, missing);
  const followed = missing.map(followedOptions);
  const { client } = chain;
  const { consensusJudge, verifierRegistry, timelock } = record;
  for (const { chainId, chainKey } of followed) {
    const { ledger } = await client
      .readContract({ address: consensusJudge, abi: cometBftJudgeAbi, functionName: 'chain', args: [chainKey] })
      .catch((error: unknown) => {
        throw chainError(`reading the judge ${consensusJudge}`, error);
      });
    if (BigInt(ledger) !== 0n) throw new OperationError(`the judge knows ${chainId} already, by ledger ${ledger}`);
  }
  const specs = (await signatureKeys(config)).map(verifierSpec);
  const entries = await Promise.all(
    specs.map(({ keyHash }) =>
      client.readContract({
        address: verifierRegistry,
        abi: verifierRegistryAbi,
        functionName: 'entry',
        args: [keyHash],
      }),
    ),
  );
  return {
    chain,
    record,
    followed,
    verifiers: specs.filter((_, i) => BigInt(entries[i]?.verifier ?? 0) === 0n),
    delay: await client.readContract({ address: timelock, abi: timelockAbi, functionName: 'getMinDelay' }),
  };
}

/**
 * @throws OperationError, ContractBuildError; what `onDeployed` was told of lies on the chain then, and does no harm
 */
export async function followChains(
  plan: FollowPlan,
  { guardian, freezeDurationSeconds, freezeCooldownSeconds }: DeployConfig['options'],
  key: Secret,
  onDeployed: OnDeployed,
): Promise<FollowResult> {
  const { chain, record, delay } = plan;
  const { timelock, verifierRegistry } = record;
  await buildContracts();
  const deployer = new Deployer(walletOf(chain, key), onDeployed);
  const foundation = {
    timelock,
    guardian,
    verifierRegistry,
    freezeDuration: freezeDurationSeconds,
    freezeCooldown: freezeCooldownSeconds,
  };
  const verifiers: Deployment['verifiers'][number][] = [];
  const followed: FollowedDeployment[] = [];
  const calls: OwnerCall[] = [];
  try {
    for (const spec of plan.verifiers) {
      const { address } = await deployer.deploy(spec.contract, [spec.batchKey]);
      verifiers.push({ contract: spec.contract, keyHash: spec.keyHash, address });
      calls.push(addVerifier(record, spec, address));
    }
    for (const options of plan.followed) {
      const deployed = await deployFollowed(deployer, foundation, options);
      followed.push(deployed);
      calls.push(setChain(record, options, deployed));
    }
  } catch (error) {
    throw chainError(`deploying on ${chain.id}`, error);
  }
  return { followed, verifiers, calls: calls.map((call) => timelockCall(timelock, delay, call)) };
}

function addVerifier(
  { verifierRegistry }: DeploymentRecord,
  { keyHash, kind, capacity, signalCount }: VerifierSpec,
  verifier: Deployment['verifiers'][number]['address'],
): OwnerCall {
  return {
    what: `VerifierRegistry.addVerifier of ${kind}-${capacity} key ${keyHash}`,
    target: verifierRegistry,
    data: encodeFunctionData({
      abi: verifierRegistryAbi,
      functionName: 'addVerifier',
      args: [keyHash, kindId(kind), capacity, signalCount, verifier],
    }),
  };
}

function setChain(
  { consensusJudge }: DeploymentRecord,
  options: FollowedOptions,
  { chainId, chainKey, ledger }: FollowedDeployment,
): OwnerCall {
  return {
    what: `CometBftJudge.setChain of ${chainId}`,
    target: consensusJudge,
    data: encodeFunctionData({
      abi: cometBftJudgeAbi,
      functionName: 'setChain',
      args: [chainKey, judgedChain(options, ledger)],
    }),
  };
}
