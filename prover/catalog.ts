// SPDX-License-Identifier: GPL-3.0-or-later
import type { PreparedInputs } from '../circuits/registry.ts';
import type { Hex } from '../protocol/bytes.ts';
import type { VerificationKey } from '../protocol/verification-key.ts';
import type { CircuitFiles } from './engine.ts';

/** A circuit with a key of it that lies on this machine. */
export interface ProvableCircuit {
  readonly files: CircuitFiles;
  readonly keyHash: Hex;
  readonly keyKind: 'development' | 'ceremony';
  readonly verificationKey: VerificationKey;
}

/** What a worker can prove. */
export interface Catalog {
  /** Every circuit that has a key here: looked at once, at start. */
  list(): Promise<readonly ProvableCircuit[]>;

  /**
   * @throws UnknownCircuitError when no such circuit exists; a retryable error when its key is not here: another worker
   *   may have it
   */
  find(circuit: string, keyHash: Hex): Promise<ProvableCircuit>;

  /** Turn stored inputs into the circuit's. @throws UnknownCircuitError, InvalidFieldError */
  prepare(circuit: string, inputs: unknown): PreparedInputs;
}
