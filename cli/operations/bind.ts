// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters } from 'viem';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { CONSENT_WAY, stakingConsentParameters } from '../../protocol/abi/cometbft-evidence.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { fromHex, type Hex } from '../../protocol/bytes.ts';
import type { AccountSignature } from '../../protocol/cometbft/account-signature.ts';
import { verifyEd25519 } from '../../protocol/cometbft/ed25519.ts';
import type { LedgerState } from '../../protocol/cometbft/ledger-header.ts';
import type { StoreProofs } from '../../protocol/cometbft/staking-record.ts';
import { InvalidFieldError } from '../../protocol/errors.ts';
import type { BindConfig } from '../../runtime/config.ts';
import { connectConfigured } from './configured-chain.ts';
import type { ConnectedChain } from './connect-chain.ts';
import type { ConsensusBinding } from './consensus-binding.ts';
import { chainError, OperationError } from './operation-error.ts';
import { proveOwnSignature, type OnProgress } from './prove-own-signature.ts';
import { tryCall, type ContractCall } from './send-call.ts';

/** How consent is shown. */
export type ConsentShown =
  | {
      readonly way: 'ownSignature';
      /** of the message, by the consensus key: R | S, 64 bytes */
      readonly signature: Hex;
    }
  | {
      readonly way: 'stakingRecord';
      /** held by the chain's ledger */
      readonly state: LedgerState;
      readonly proofs: StoreProofs;
      /** of the message, by the validator's operator account */
      readonly signature: AccountSignature;
    };

/** `bindConsensusKey` is the same on every chain; the errors of whatever it asks come through it. */
const ABI = [
  ...hubCoalitionAbi,
  ...[...cometBftJudgeAbi, ...verifierRegistryAbi, ...cometBftLedgerAbi].filter(({ type }) => type === 'error'),
] as const;

/**
 * Make a call that the chain would take if it were sent now: everything that can be refused without a proof is refused
 * before one is made.
 * @throws InvalidFieldError for a signature that is not the key's of the message
 * @throws OperationError when the chain is another than configured or refuses; KeyError, DevelopmentKeyError
 */
export async function prepareBinding(
  config: BindConfig,
  binding: ConsensusBinding,
  consent: ConsentShown,
  onProgress?: OnProgress,
): Promise<ContractCall> {
  const { consensusKey, message } = binding;
  if (consent.way === 'ownSignature' && !holds(consensusKey, message, consent.signature))
    throw new InvalidFieldError('signature', `the signature of ${consensusKey} of the message to be signed`);
  const chain = await connectConfigured(binding.chain);
  await refuseOtherCoalition(chain, binding);
  const callWith = (evidence: Hex): ContractCall => callOf(chain, binding, evidence);
  const evidence =
    consent.way === 'stakingRecord'
      ? stakingEvidence(consent)
      : await proveOwnSignature(
          config,
          callWith,
          { key: consensusKey, message, signature: consent.signature },
          onProgress,
        );
  const call = callWith(evidence);
  await tryCall(call);
  return call;
}

/** By ZIP-215, which the circuit follows. */
function holds(key: Hex, message: Uint8Array, signature: Hex): boolean {
  return verifyEd25519(fromHex(key), message, fromHex(signature));
}

function stakingEvidence({ state, proofs, signature }: ConsentShown & { readonly way: 'stakingRecord' }): Hex {
  return encodeAbiParameters(stakingConsentParameters, [CONSENT_WAY.stakingRecord, { state, ...proofs, signature }]);
}

function callOf(
  chain: ConnectedChain,
  { chain: configured, followed, consensusKey, operator }: ConsensusBinding,
  evidence: Hex,
): ContractCall {
  return {
    chain,
    what: `binding a consensus key of ${followed.id} on ${chain.id}`,
    from: operator,
    address: configured.contracts.coalition,
    abi: ABI,
    functionName: 'bindConsensusKey',
    args: [followed.chainKey, consensusKey, evidence],
    valueWei: 0n,
  };
}

/** Consent to another digest would only be refused as not given; this says why. */
async function refuseOtherCoalition(
  chain: ConnectedChain,
  { chain: { contracts }, followed, consensusKey, operator, digest }: ConsensusBinding,
): Promise<void> {
  const { coalition } = contracts;
  const args = [followed.chainKey, consensusKey, operator] as const;
  const expected = await chain.client
    .readContract({ address: coalition, abi: ABI, functionName: 'consensusKeyDigest', args })
    .catch((error: unknown) => {
      throw chainError(`asking the Coalition ${coalition} on ${chain.id}`, error);
    });
  if (expected === digest) return;
  throw new OperationError(
    `the contract ${coalition} on ${chain.id} belongs to another coalition than the configuration's`,
  );
}
