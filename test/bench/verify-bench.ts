// SPDX-License-Identifier: GPL-3.0-or-later
import { withSnarkjs } from '../../circuits/keys/snarkjs-session.ts';
import { forgeKey } from '../../circuits/testing/forged-key.ts';
import { verifyManyStrictly, verifyStrictly } from '../../prover/strict-verifier.ts';
import { byTurns, seconds } from './measure.ts';
import { row, type Row } from './rows.ts';
import { measureVerifyApi } from './verify-api.ts';

/** of `equivocation`: more than the other statements have */
const SIGNALS = 6;
const BATCH = 64;

/** Verification in process, text and strict rules included. */
export async function verifyRows(): Promise<Row[]> {
  const { key, prove, claimed } = forgeKey(SIGNALS);
  const proofs = Array.from({ length: BATCH }, (_, i) => {
    const signals = Array.from({ length: SIGNALS }, (_, n) => 2n ** 250n + BigInt(97 * i + n));
    return claimed(prove(signals, BigInt(i + 2)), signals);
  });
  const [first] = proofs;
  if (first === undefined) throw new Error('no proof');
  const single = async (): Promise<void> => {
    for (const { publicSignals, proof } of proofs) must((await verifyStrictly(key, publicSignals, proof)).valid);
  };
  const batch = async (): Promise<void> => {
    for (const { valid } of await verifyManyStrictly(key, proofs)) must(valid);
  };
  return await withSnarkjs(async ({ groth16 }) => {
    const peer = async (): Promise<void> => must(await groth16.verify(key, [...first.publicSignals], first.proof));
    for (const work of [single, batch, peer]) await work();
    const took = await byTurns({
      single: { rounds: 20, measure: async () => (1000 * (await seconds(single))) / BATCH },
      batch: { rounds: 20, measure: async () => (1000 * (await seconds(batch))) / BATCH },
      snarkjs: { rounds: 20, measure: async () => 1000 * (await seconds(peer)) },
    });
    return [
      row('verify one proof', 'ms', took.single ?? NaN, 'snarkjs', took.snarkjs),
      row(`verify a proof in a batch of ${BATCH}`, 'ms', took.batch ?? NaN, 'snarkjs', took.snarkjs),
    ];
  });
}

/** Verification over HTTP: the API, its Redis and the load share this machine. */
export async function apiRows(): Promise<Row[]> {
  const report = await measureVerifyApi();
  if (report.errors > 0) throw new Error(`${report.errors} wrong answers of the API: ${report.firstError}`);
  return [row('POST /v1/verify, one process, 32 connections', 'requests/s', report.requestsPerSecond)];
}

function must(valid: boolean): void {
  if (!valid) throw new Error('a valid proof was refused');
}
