// SPDX-License-Identifier: GPL-3.0-or-later
import { listCircuits, type CircuitInfo } from '../../circuits/registry.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { SignatureSlot } from '../../protocol/cometbft/ledger-header.ts';
import type { NewStatement } from '../../runtime/statement-record.ts';
import { Problem } from '../http/problem.ts';
import { signaturesDraft, withKey } from './build-statement.ts';
import { NoCircuitKeyError, type CircuitKey, type CircuitKeys } from './circuit-keys.ts';

/** The statements that show signatures, all by one circuit and key. */
export interface SignatureShards {
  readonly circuit: string;
  readonly keyHash: Hex;
  /** in the order of the signatures */
  readonly drafts: readonly NewStatement[];
}

/**
 * Cut signatures into as few statements as the circuits with a key here allow.
 * @param slots at least one
 * @throws Problem CIRCUIT_WITHOUT_KEY
 */
export async function signatureShards(
  keys: CircuitKeys,
  slots: readonly SignatureSlot[],
  urgent: boolean,
): Promise<SignatureShards> {
  const { circuit, key } = await chooseCircuit(keys, slots.length);
  const keyHash = key.manifest.verificationKeyHash;
  const capacity = circuit.capacity ?? 1;
  const drafts = Array.from({ length: Math.ceil(slots.length / capacity) }, (_, i) =>
    withKey(signaturesDraft(circuit, slots.slice(i * capacity, (i + 1) * capacity), urgent), keyHash),
  );
  return { circuit: circuit.id, keyHash, drafts };
}

/** The smallest circuit with a key here that holds all signatures, else the largest: a contract pays for each proof. */
async function chooseCircuit(
  keys: CircuitKeys,
  signatures: number,
): Promise<{ circuit: CircuitInfo; key: CircuitKey }> {
  let chosen: { circuit: CircuitInfo; key: CircuitKey } | undefined;
  for (const circuit of listCircuits()) {
    if (circuit.kind !== 'ed25519' || (chosen?.circuit.capacity ?? 0) >= signatures) continue;
    try {
      chosen = { circuit, key: await keys.current(circuit) };
    } catch (error) {
      if (!(error instanceof NoCircuitKeyError)) throw error;
    }
  }
  if (chosen) return chosen;
  throw new Problem('CIRCUIT_WITHOUT_KEY', 'no circuit of kind ed25519 has a key here: run `phalanx setup`');
}
