// SPDX-License-Identifier: GPL-3.0-or-later
import { findCircuit, getCircuit, listCircuits, type CircuitInfo } from '../../circuits/registry.ts';
import { UnknownCircuitError } from '../../circuits/circuit-error.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { Fr } from '../../protocol/field.ts';
import type { ProofJson } from '../../protocol/proof.ts';
import { statementId, type StatementId } from '../../protocol/statement.ts';
import { verifyStrictly, type Verdict } from '../../prover/strict-verifier.ts';
import { Problem } from '../http/problem.ts';
import { NoCircuitKeyError, type CircuitKey, type CircuitKeys } from './circuit-keys.ts';

/** A circuit's public signals by name. */
export interface Claim {
  readonly kind: string;
  readonly statement: StatementId;
  readonly signals: Readonly<Record<string, Fr>>;
}

export interface VerifiedClaim {
  readonly verdict: Verdict;
  readonly keyHash: Hex;
  readonly claim: Claim;
}

/** @throws Problem CIRCUIT_UNKNOWN */
function requireCircuit(id: string): CircuitInfo {
  try {
    return getCircuit(id);
  } catch (error) {
    if (!(error instanceof UnknownCircuitError)) throw error;
    throw new Problem(
      'CIRCUIT_UNKNOWN',
      `expected one of ${listCircuits()
        .map((circuit) => circuit.id)
        .join(', ')}`,
    );
  }
}

/** @param signals as many as the circuit has */
export function decodeClaim(circuit: string, signals: readonly Fr[]): Claim {
  const { kind } = findCircuit(circuit);
  const named = kind.publicSignals.map(({ name }, i): [string, Fr] => [name, signals[i] ?? (0n as Fr)]);
  return {
    kind: kind.kind,
    statement: statementId({ circuit, publicSignals: signals }),
    signals: Object.fromEntries(named),
  };
}

/**
 * Check any proof of any circuit.
 * @throws Problem CIRCUIT_UNKNOWN, KEY_UNKNOWN, PROOF_FOR_ANOTHER_CIRCUIT
 */
export async function verifyClaim(
  keys: CircuitKeys,
  input: { circuit: string; keyHash?: Hex | undefined; publicSignals: readonly Fr[]; proof: ProofJson },
): Promise<VerifiedClaim> {
  const circuit = requireCircuit(input.circuit);
  const expected = circuit.publicSignals.length;
  if (input.publicSignals.length !== expected) {
    throw new Problem(
      'PROOF_FOR_ANOTHER_CIRCUIT',
      `${circuit.id} has ${expected} public signals, found ${input.publicSignals.length}`,
    );
  }
  const key = await requireKey(keys, circuit, input.keyHash);
  const signals = input.publicSignals.map(String);
  const verdict = await verifyStrictly(key.verificationKey, signals, input.proof);
  if (!verdict.valid && verdict.reason === 'PAIRING') await refuseOtherCircuit(keys, circuit, signals, input.proof);
  return {
    verdict,
    keyHash: key.manifest.verificationKeyHash,
    claim: decodeClaim(circuit.id, input.publicSignals),
  };
}

/** @throws Problem KEY_UNKNOWN */
async function requireKey(keys: CircuitKeys, circuit: CircuitInfo, keyHash: Hex | undefined): Promise<CircuitKey> {
  try {
    const key = keyHash === undefined ? await keys.current(circuit) : await keys.byHash(circuit, keyHash);
    if (key) return key;
  } catch (error) {
    if (!(error instanceof NoCircuitKeyError)) throw error;
    throw new Problem('KEY_UNKNOWN', `${circuit.id} has no key here`, { cause: error });
  }
  throw new Problem('KEY_UNKNOWN', `${circuit.id} has no key ${keyHash} here`);
}

/** A proof that another circuit's key accepts was sent to the wrong place; its sender should hear so. */
async function refuseOtherCircuit(
  keys: CircuitKeys,
  asked: CircuitInfo,
  signals: readonly string[],
  proof: ProofJson,
): Promise<void> {
  for (const other of listCircuits()) {
    if (other.id === asked.id || other.publicSignals.length !== signals.length) continue;
    const key = await keys.current(other).catch(() => undefined);
    if (key && (await verifyStrictly(key.verificationKey, signals, proof)).valid) {
      throw new Problem('PROOF_FOR_ANOTHER_CIRCUIT', `the proof is of ${other.id}, not of ${asked.id}`);
    }
  }
}
