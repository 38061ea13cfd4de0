// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../protocol/errors.ts';

/** A key or a circuit's file is another than the statement or the manifest names. */
export class KeyMismatchError extends PhalanxError {
  readonly code = 'KEY_MISMATCH';
  readonly retryable = false;
}

/** The stored inputs lead to other public signals than the statement claims. */
export class SignalsMismatchError extends PhalanxError {
  readonly code = 'SIGNALS_MISMATCH';
  readonly retryable = false;
}

/** The engine asked for cannot be had here. */
export class EngineUnavailableError extends PhalanxError {
  readonly code = 'ENGINE_UNAVAILABLE';
  readonly retryable = false;
}

/** There is not enough memory for a key or a proof. */
export class EngineMemoryError extends PhalanxError {
  readonly code = 'OUT_OF_MEMORY';
  readonly retryable = true;
}

/** A finished proof does not verify: the machine has erred, or a witness file does not satisfy the circuit. */
export class ProofRejectedError extends PhalanxError {
  readonly code = 'PROOF_REJECTED';
  readonly retryable = true;
}

/** The process that was proving ended by itself or was killed. */
export class ChildDiedError extends PhalanxError {
  readonly code = 'CHILD_DIED';
  readonly retryable = true;
}

/** The proof was not there within the hard limit; its process was killed. */
export class ProvingTimeoutError extends PhalanxError {
  readonly code = 'PROVING_TIMEOUT';
  readonly retryable = true;
}

/** Nobody waits for this proof any more: the statement has moved on, or the worker stops. */
export class ProvingCancelledError extends PhalanxError {
  readonly code = 'PROVING_CANCELLED';
  readonly retryable = true;
}
