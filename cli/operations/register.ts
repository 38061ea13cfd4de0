// SPDX-License-Identifier: GPL-3.0-or-later
import { assertUsableKey } from '../../circuits/artifacts.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { fromHex, type Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { Point } from '../../protocol/eddsa.ts';
import { keyId } from '../../protocol/key-id.ts';
import { registrationDigest, type Registration } from '../../protocol/registration.ts';
import type { RegisterConfig } from '../../runtime/config.ts';
import type { Secret } from '../../runtime/secret.ts';
import { LocalProver } from '../prove-files.ts';
import { proveRegistration } from '../prove-registration.ts';
import { configuredChain, connectConfigured } from './configured-chain.ts';
import type { ConnectedChain } from './connect-chain.ts';
import { chainError, OperationError } from './operation-error.ts';
import { sendCall, tryCall, type ContractCall, type Sent } from './send-call.ts';

const WEI_PER_GWEI = 1_000_000_000n;

/** `register` is the same on every chain; the registry's errors come through it. */
const ABI = [...hubCoalitionAbi, ...verifierRegistryAbi.filter(({ type }) => type === 'error')] as const;

/** A registration that the chain would take if it were sent now. */
export interface PreparedRegistration {
  /** BabyJubJub */
  readonly key: Point;
  readonly call: ContractCall;
}

/** A registration that the chain took, as it stands there. */
export interface Registered extends Sent {
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
  const configured = configuredChain(config.chains, chainId);
  const { coalition } = configured.contracts;
  const chain = await connectConfigured(configured);
  const registration: Registration = { operator, chainKey: chain.chainKey, coalition };
  const { registrationDomain } = config.coalition;
  await refuseOtherCoalition(chain, registration, registrationDigest(registrationDomain, registration));

  const prover = await LocalProver.open({ home: config.home });
  try {
    assertUsableKey((await prover.key('registration')).manifest, config.mode);
    const secret = fromHex(config.key.reveal().toLowerCase() as Hex);
    const args = await proveRegistration(prover, registrationDomain, secret, registration);
    const [x, y] = args;
    const call = {
      chain,
      what: `registering on ${chainId}`,
      from: operator,
      address: coalition,
      abi: ABI,
      functionName: 'register',
      args,
      valueWei: stakeGwei * WEI_PER_GWEI,
    };
    await tryCall(call);
    return { key: { x, y }, call };
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
  { key, call }: PreparedRegistration,
  operatorKey: Secret,
  onSent: (hash: Hex) => void,
): Promise<Registered> {
  const sent = await sendCall(call, operatorKey, onSent);
  const { chain, address, what } = call;
  const { stakeGwei } = await chain.client
    .readContract({ address, abi: ABI, functionName: 'validator', args: [keyId(key)] })
    .catch((error: unknown) => {
      throw chainError(what, error);
    });
  return { ...sent, stakeGwei };
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
