// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, zeroAddress } from 'viem';
import { assertUsableKey, loadManifest } from '../../circuits/artifacts.ts';
import { KeyMissingError } from '../../circuits/keys/errors.ts';
import { listCircuits } from '../../circuits/registry.ts';
import { CONSENT_WAY, ownSignatureParameters } from '../../protocol/abi/cometbft-evidence.ts';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { parseProof, toSolidityProof } from '../../protocol/proof.ts';
import type { BindConfig } from '../../runtime/config.ts';
import { LocalProver } from '../prove-files.ts';
import { chainError, OperationError } from './operation-error.ts';
import { tryCall, type ContractCall } from './send-call.ts';

/** Told of the circuit that proves, and how far it is. */
export type OnProgress = (circuit: string, phase: string, fraction: number) => void;

export interface OwnSignature {
  /** 32 bytes */
  readonly key: Hex;
  readonly message: Uint8Array;
  /** 64 bytes; it holds */
  readonly signature: Hex;
}

const NO_PROOF = {
  a: [0n, 0n],
  b: [
    [0n, 0n],
    [0n, 0n],
  ],
  c: [0n, 0n],
} as const;

/**
 * Prove on this machine that a consensus key signed, by the smallest circuit that has a key here and a verifier there.
 * The call is tried without a proof first, so that whatever else is wrong with it is told before a proof is made.
 * @param callWith the call with that evidence
 * @returns evidence of consent
 * @throws OperationError; KeyError, DevelopmentKeyError
 */
export async function proveOwnSignature(
  config: Pick<BindConfig, 'home' | 'mode'>,
  callWith: (evidence: Hex) => ContractCall,
  { key, message, signature }: OwnSignature,
  onProgress: OnProgress = () => undefined,
): Promise<Hex> {
  const { circuit, keyHash } = await findCircuit(config, callWith('0x'));
  await tryCall(callWith(evidenceOf(keyHash, 0n, NO_PROOF))).catch((error: unknown) => {
    if (!(error instanceof OperationError) || error.meta['reason'] !== 'InvalidProof') throw error;
  });
  const prover = await LocalProver.open({ home: config.home });
  try {
    assertUsableKey((await prover.key(circuit)).manifest, config.mode);
    const { proof, publicSignals } = await prover.prove(
      circuit,
      { slots: [{ key, message: toHex(message), signature }] },
      (phase, fraction) => onProgress(circuit, phase, fraction),
    );
    const [digest = ''] = publicSignals;
    return evidenceOf(keyHash, BigInt(digest), toSolidityProof(parseProof(proof)));
  } finally {
    await prover.close();
  }
}

type SolidityProof = ReturnType<typeof toSolidityProof> | typeof NO_PROOF;

function evidenceOf(keyHash: Hex, digest: bigint, proof: SolidityProof): Hex {
  return encodeAbiParameters(ownSignatureParameters, [CONSENT_WAY.ownSignature, { keyHash, digest, proof }]);
}

/** @throws OperationError when no key that lies here has a verifier on the chain */
async function findCircuit(
  { home }: Pick<BindConfig, 'home'>,
  { chain, address }: ContractCall,
): Promise<{ readonly circuit: string; readonly keyHash: Hex }> {
  const here: string[] = [];
  try {
    const judge = await chain.client.readContract({ address, abi: hubCoalitionAbi, functionName: 'JUDGE' });
    const registry = await chain.client.readContract({
      address: judge,
      abi: cometBftJudgeAbi,
      functionName: 'VERIFIERS',
    });
    for (const { id, kind } of listCircuits()) {
      const keyHash = kind === 'ed25519' ? await currentKeyHash(id, home) : undefined;
      if (keyHash === undefined) continue;
      here.push(id);
      const { verifier } = await chain.client.readContract({
        address: registry,
        abi: verifierRegistryAbi,
        functionName: 'entry',
        args: [keyHash],
      });
      if (verifier !== zeroAddress) return { circuit: id, keyHash };
    }
  } catch (error) {
    throw chainError(`asking for the verifiers on ${chain.id}`, error);
  }
  throw new OperationError(
    here.length === 0
      ? 'there is no key for a circuit ed25519-n yet: run `phalanx setup ed25519-2`, or install the key of a ceremony'
      : `${chain.id} knows the verifier of no key that lies here (${here.join(', ')})`,
  );
}

async function currentKeyHash(circuit: string, home: string): Promise<Hex | undefined> {
  try {
    return (await loadManifest(circuit, { home })).verificationKeyHash;
  } catch (error) {
    if (error instanceof KeyMissingError) return undefined;
    throw error;
  }
}
