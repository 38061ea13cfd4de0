// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeFunctionData } from 'viem';
import { simulateContract, waitForTransactionReceipt, writeContract } from 'viem/actions';
import { assertUsableKey } from '../../circuits/artifacts.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { fromHex, type Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import { keyId } from '../../protocol/key-id.ts';
import { registrationDigest, type Registration } from '../../protocol/registration.ts';
import type { RegisterConfig } from '../../runtime/config.ts';
import type { Secret } from '../../runtime/secret.ts';
import { LocalProver } from '../prove-files.ts';
import { proveRegistration, type RegisterArguments } from '../prove-registration.ts';
import { connectChain, walletOf, type ConnectedChain } from './connect-chain.ts';
import { chainError, OperationError } from './operation-error.ts';

const WEI_PER_GWEI = 1_000_000_000n;

/** `register` is the same on every chain; the registry's errors come through it. */
const ABI = [...hubCoalitionAbi, ...verifierRegistryAbi.filter(({ type }) => type === 'error')] as const;

/** A registration that the chain would take if it were sent now. */
export interface PreparedRegistration {
  readonly chain: ConnectedChain;
  readonly registration: Registration;
  readonly args: RegisterArguments;
  readonly valueWei: bigint;
  /** calldata */
  readonly data: Hex;
}

/** A registration that the chain took, as it stands there. */
export interface Registered {
  readonly hash: Hex;
  readonly block: bigint;
  readonly gasUsed: bigint;
  readonly stakeGwei: bigint;
}

/**
 * Prove on this machine that the operator holds the attester's key, and try the call.
 * @param operator 20 bytes, lower-case: who will send it
 * @throws OperationError when the chain is another than configured or refuses; KeyError, DevelopmentKeyError
 */
export async function prepareRegistration(
  config: RegisterConfig,
  chainId: ChainId,
  operator: Hex,
  stakeGwei: bigint,
): Promise<PreparedRegistration> {
  const chain = await chainOf(config, chainId);
  const { coalition } = requireChain(config, chainId).contracts;
  const registration: Registration = { operator, chainKey: chain.chainKey, coalition };
  const { registrationDomain } = config.coalition;
  await refuseOtherCoalition(chain, registration, registrationDigest(registrationDomain, registration));

  const prover = await LocalProver.open({ home: config.home });
  try {
    assertUsableKey((await prover.key('registration')).manifest, config.mode);
    const secret = fromHex(config.key.reveal().toLowerCase() as Hex);
    const args = await proveRegistration(prover, registrationDomain, secret, registration);
    const valueWei = stakeGwei * WEI_PER_GWEI;
    await simulateContract(chain.client, { ...callOf(coalition, args), account: operator, value: valueWei }).catch(
      (error: unknown) => {
        throw chainError(`registering on ${chainId}`, error);
      },
    );
    return { chain, registration, args, valueWei, data: encodeFunctionData(callOf(coalition, args)) };
  } finally {
    await prover.close();
  }
}

/**
 * @param operatorKey of the account that the registration was prepared for
 * @param onSent called before the wait for its block
 * @throws OperationError when it is not taken after all
 */
export async function sendRegistration(
  prepared: PreparedRegistration,
  operatorKey: Secret,
  onSent: (hash: Hex) => void,
): Promise<Registered> {
  const { chain, registration, args, valueWei } = prepared;
  const { coalition } = registration;
  const wallet = walletOf(chain, operatorKey);
  try {
    const hash = await writeContract(wallet, { ...callOf(coalition, args), value: valueWei });
    onSent(hash);
    const receipt = await waitForTransactionReceipt(wallet, { hash, timeout: 600_000 });
    if (receipt.status !== 'success') throw new OperationError(`the registration reverted in ${hash}`, { hash });
    const [x, y] = args;
    const validator = { address: coalition, abi: ABI, functionName: 'validator', args: [keyId({ x, y })] } as const;
    const { stakeGwei } = await chain.client.readContract(validator);
    return { hash, block: receipt.blockNumber, gasUsed: receipt.gasUsed, stakeGwei };
  } catch (error) {
    throw chainError(`registering on ${chain.id}`, error);
  }
}

function callOf(coalition: Hex, args: RegisterArguments) {
  return { address: coalition, abi: ABI, functionName: 'register', args } as const;
}

function requireChain({ chains }: RegisterConfig, id: ChainId): RegisterConfig['chains'][number] {
  const chain = chains.find((candidate) => candidate.id === id);
  if (!chain)
    throw new OperationError(`${id} is none of the configuration's chains: ${chains.map((c) => c.id).join(', ')}`);
  return chain;
}

async function chainOf(config: RegisterConfig, id: ChainId): Promise<ConnectedChain> {
  const { rpcs, genesisHash } = requireChain(config, id);
  const http = rpcs.filter((url) => /^https?:/.test(url));
  if (http.length === 0) throw new OperationError(`${id} has no RPC over http or https`);
  const chain = await connectChain(id, http);
  if (chain.genesisHash !== genesisHash)
    throw new OperationError(`the RPC of ${id} has another genesis block, ${chain.genesisHash}`);
  return chain;
}

/** A proof for another digest would only be refused as invalid; this says why. */
async function refuseOtherCoalition(
  chain: ConnectedChain,
  { operator, coalition }: Registration,
  digest: bigint,
): Promise<void> {
  const expected = await chain.client
    .readContract({ address: coalition, abi: ABI, functionName: 'registrationDigest', args: [operator] })
    .catch((error: unknown) => {
      throw chainError(`asking the Coalition ${coalition} on ${chain.id}`, error);
    });
  if (expected === digest) return;
  throw new OperationError(
    `the contract ${coalition} on ${chain.id} belongs to another coalition than the configuration's`,
  );
}
