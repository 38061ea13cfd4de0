// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../protocol/errors.ts';

/** No circuit of that name. */
export class UnknownCircuitError extends PhalanxError {
  readonly code = 'UNKNOWN_CIRCUIT';
  readonly retryable = false;
}

/** The compiler refused a circuit; `message` holds its own words. */
export class CompileError extends PhalanxError {
  readonly code = 'CIRCUIT_COMPILE';
  readonly retryable = false;
}

/** A file is not what its format says (r1cs, sym, wasm). */
export class CircuitFileError extends PhalanxError {
  readonly code = 'CIRCUIT_FILE';
  readonly retryable = false;
}

/** The inputs satisfy no witness: a signal is missing, out of range, or a constraint fails. */
export class WitnessError extends PhalanxError {
  readonly code = 'WITNESS_REFUSED';
  readonly retryable = false;
}
