// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { asciiToBytes } from './ascii.ts';
import { concatBytes, toBytesBE, toHex, type Hex } from './bytes.ts';
import { InvalidFieldError } from './errors.ts';
import { toFr, type Fr } from './field.ts';

export const STATEMENT_VERSION = 1;

/** 32 bytes: names a claim, whatever proof carries it. */
export type StatementId = Hex & { readonly __brand: 'StatementId' };

/** A public claim: the circuit that proves it and its public signals, in that circuit's order. */
export interface Statement {
  /** e.g. `quorum-16`; printable ASCII, 1 to 255 characters */
  readonly circuit: string;
  readonly publicSignals: readonly Fr[];
}

/**
 * Canonical encoding: version u8, length u8 and ASCII of the circuit's id, then each signal in 32 bytes, big-endian.
 */
export function statementBytes(statement: Statement): Uint8Array {
  const circuit = asciiToBytes(statement.circuit);
  if (circuit.length < 1 || circuit.length > 255) throw new InvalidFieldError('circuit', '1 to 255 characters');
  return concatBytes(
    Uint8Array.of(STATEMENT_VERSION, circuit.length),
    circuit,
    ...statement.publicSignals.map((signal, i) => toBytesBE(toFr(signal, `publicSignals[${i}]`), 32, 'signal')),
  );
}

/** SHA-256 of the canonical encoding. Never of the proof: Groth16 proofs can be re-randomised. */
export function statementId(statement: Statement): StatementId {
  return toHex(sha256(statementBytes(statement))) as StatementId;
}
