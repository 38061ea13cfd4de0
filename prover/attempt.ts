// SPDX-License-Identifier: GPL-3.0-or-later
import type { ProvedStatement } from '../protocol/proof.ts';
import type { Json, ProvingPhase, StatementRecord } from '../runtime/statement-record.ts';
import type { Catalog } from './catalog.ts';
import { ProofRejectedError, SignalsMismatchError } from './errors.ts';
import type { ProvingChild } from './proving-child.ts';
import { verifyStrictly } from './strict-verifier.ts';

export interface AttemptLimits {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (phase: ProvingPhase, fraction: number) => void;
}

/**
 * Prove one statement once: build the circuit's inputs, have the proving process prove them, verify what it hands back.
 * @throws PhalanxError; what is `retryable` may pass when tried again
 */
export async function attemptProof(
  record: StatementRecord,
  inputs: Json,
  catalog: Catalog,
  child: ProvingChild,
  { timeoutMs, signal, onProgress }: AttemptLimits,
): Promise<ProvedStatement> {
  // Its key may have to come from another machine first.
  const circuit = await unlessAborted(catalog.find(record.circuit, record.keyHash), signal);
  const prepared = catalog.prepare(record.circuit, inputs);
  requireSame(record, prepared.publicSignals.map(String), 'the stored inputs');
  const { proof, publicSignals } = await child.prove(
    { files: circuit.files, input: prepared.input },
    { timeoutMs, signal, onProgress },
  );
  onProgress('check', 0);
  requireSame(record, publicSignals, 'the witness');
  const verdict = await verifyStrictly(circuit.verificationKey, publicSignals, proof);
  if (!verdict.valid) {
    throw new ProofRejectedError(`the proof was refused: ${verdict.detail}`, { reason: verdict.reason });
  }
  return { keyHash: record.keyHash, circuit: record.circuit, publicSignals, proof };
}

/** @throws `signal.reason` */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** A proof of something else than was claimed must never be stored under the claim's name. */
function requireSame({ publicSignals }: StatementRecord, actual: readonly string[], source: string): void {
  const at = publicSignals.findIndex((signal, i) => signal !== actual[i]);
  if (at >= 0 || actual.length !== publicSignals.length) {
    throw new SignalsMismatchError(
      `${source} and the statement differ in public signal ${at < 0 ? publicSignals.length : at}`,
    );
  }
}
