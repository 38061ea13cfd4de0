// SPDX-License-Identifier: GPL-3.0-or-later
import { WitnessError } from '../circuits/circuit-error.ts';
import { KeyError } from '../circuits/keys/errors.ts';
import type { ErrorMeta } from '../protocol/errors.ts';
import { EngineMemoryError, ProofRejectedError } from './errors.ts';

/** The error of ours that an addon's error stands for, by its `code`; any other comes back as it is. */
export function explainNativeError(error: unknown, meta: ErrorMeta): unknown {
  if (!(error instanceof Error)) return error;
  switch ((error as { code?: unknown }).code) {
    case 'ZKEY_REFUSED':
      return new KeyError(error.message, meta, error);
    case 'WTNS_REFUSED':
    case 'WITNESS_REFUSED':
      return new WitnessError(error.message, meta, error);
    case 'OUT_OF_MEMORY':
      return new EngineMemoryError(error.message, meta, error);
    case 'PROOF_REJECTED':
      return new ProofRejectedError(error.message, meta, error);
    default:
      return error;
  }
}
