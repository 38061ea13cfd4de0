// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { FQ, FR } from '../../protocol/field.ts';
import { Bn254Wasm, FIELD_BYTES, type Bn254Code } from './bn254-wasm.ts';
import { COEFFICIENT_SECTION_MEMORY, coefficientSection } from './coefficient-section.ts';
import { Constraints } from './constraints.ts';
import { KeyError } from './errors.ts';
import type { FixedBasePool } from './fixed-base-pool.ts';
import { domainSize, evaluateQap, qapMemory, type KeyScalars } from './qap.ts';
import { readR1csFile, type R1csFile } from './r1cs-file.ts';
import { drawToxicWaste } from './toxic-waste.ts';
import { words, ZKEY_SECTION, ZkeyWriter } from './zkey-writer.ts';

/** Told as a key is made: phases in the order `evaluate`, `points`, `write`; `fraction` in [0, 1] of that phase. */
export type KeyProgress = (phase: 'evaluate' | 'points' | 'write', fraction: number) => void;

/** What made a key; part of the cache's name for it. Changes with every change to the file's content or format. */
export const DEVELOPMENT_KEY_FORMAT = 'phalanx-development-zkey-1';

/**
 * Make a Groth16 key that one party could forge with: its secrets are drawn here, used and overwritten, with no ceremony.
 * For development only; the manifest says so and production refuses it.
 * @param zkeyPath a file that doesn't exist yet; in the format of snarkjs 0.7.6, with no contributions
 * @throws KeyError on an r1cs file that cannot be used
 */
export async function makeDevelopmentKey(
  r1csPath: string,
  zkeyPath: string,
  code: Bn254Code,
  pool: FixedBasePool,
  onProgress: KeyProgress = () => undefined,
): Promise<void> {
  pool.warm();
  onProgress('evaluate', 0);
  const r1cs = await readR1csFile(r1csPath);
  const capacity = r1cs.constraintsLength + qapMemory(r1cs) + COEFFICIENT_SECTION_MEMORY + (1 << 16);
  if (capacity >= 2 ** 32 - (1 << 20))
    throw new KeyError(`${r1csPath} is too large for WebAssembly's memory`, { capacity });
  const wasm = await Bn254Wasm.instantiate(code.code, capacity);
  const writer = await ZkeyWriter.create(zkeyPath);
  try {
    const constraints = await Constraints.load(wasm, r1cs);
    const secrets = drawToxicWaste(wasm, 2 * domainSize(r1cs));
    const points = await multiplyAndForget(
      evaluateQap(wasm, r1cs, constraints, secrets, code.rootsOfUnity),
      pool,
      onProgress,
    );
    onProgress('write', 0);
    await writeKey(writer, r1cs, points, coefficientSection(wasm, r1cs, constraints));
    await writer.finish();
    onProgress('write', 1);
  } catch (error) {
    await writer.abandon();
    await unlink(zkeyPath);
    throw error;
  } finally {
    wasm.wipe();
  }
}

/** Affine points in snarkjs's file encoding, named as the scalars they are multiples by, `b2` and such in G2. */
type KeyPoints = Record<keyof KeyScalars | 'gamma2' | 'beta2' | 'delta2' | 'b2', Uint8Array>;

async function multiplyAndForget(
  scalars: KeyScalars,
  pool: FixedBasePool,
  onProgress: KeyProgress,
): Promise<KeyPoints> {
  const all = Object.values(scalars);
  // A point of G2 costs about three of G1.
  const total = (all.reduce((sum, part) => sum + part.length, 0) + 3 * scalars.b.length) / FIELD_BYTES;
  let done = 0;
  const told = (weight: number) => (points: number) =>
    onProgress('points', Math.min(1, (done += weight * points) / total));
  try {
    const g1 = (part: Uint8Array<SharedArrayBuffer>): Promise<Uint8Array> => pool.multiply('g1', part, told(1));
    const g2 = (part: Uint8Array<SharedArrayBuffer>): Promise<Uint8Array> => pool.multiply('g2', part, told(3));
    const one = new Uint8Array(new SharedArrayBuffer(FIELD_BYTES));
    one[0] = 1;
    const { alpha, beta, delta, a, b, ic, c, h } = scalars;
    // G2 first: its chunks take longest, and the last chunk leaves the other threads idle.
    const inG2 = Promise.all([one, beta, delta, b].map(g2));
    const inG1 = Promise.all([alpha, beta, delta, a, b, ic, c, h].map(g1));
    const named = <K extends string>(names: readonly K[], points: readonly Uint8Array[]): Record<K, Uint8Array> =>
      Object.fromEntries(names.map((name, index) => [name, points[index]])) as Record<K, Uint8Array>;
    return {
      ...named(['gamma2', 'beta2', 'delta2', 'b2'], await inG2),
      ...named(['alpha', 'beta', 'delta', 'a', 'b', 'ic', 'c', 'h'], await inG1),
    };
  } finally {
    for (const part of all) part.fill(0);
  }
}

async function writeKey(
  writer: ZkeyWriter,
  r1cs: R1csFile,
  points: KeyPoints,
  coefficients: Iterable<Uint8Array>,
): Promise<void> {
  await writer.section(ZKEY_SECTION.protocol, words(1)); // Groth16
  await writer.section(
    ZKEY_SECTION.header,
    words(
      FIELD_BYTES,
      littleEndian(FQ),
      FIELD_BYTES,
      littleEndian(FR),
      r1cs.wires,
      r1cs.publicSignals,
      domainSize(r1cs),
      points.alpha,
      points.beta,
      points.beta2,
      points.gamma2,
      points.delta,
      points.delta2,
    ),
  );
  await writer.section(ZKEY_SECTION.coefficients, coefficients);
  await writer.section(ZKEY_SECTION.ic, [points.ic]);
  await writer.section(ZKEY_SECTION.h, [points.h]);
  await writer.section(ZKEY_SECTION.c, [points.c]);
  await writer.section(ZKEY_SECTION.a, [points.a]);
  await writer.section(ZKEY_SECTION.b1, [points.b]);
  await writer.section(ZKEY_SECTION.b2, [points.b2]);
  await writer.section(ZKEY_SECTION.contributions, words(await circuitHash(r1cs.path), 0));
}

/**
 * The 64 bytes that stand for the circuit in the list of contributions. snarkjs puts a hash over the untouched key there,
 * which binds a ceremony's parties to one circuit; without a ceremony the hash of the r1cs file says as much.
 */
async function circuitHash(r1csPath: string): Promise<Uint8Array> {
  const hash = createHash('blake2b512').update(DEVELOPMENT_KEY_FORMAT);
  for await (const chunk of createReadStream(r1csPath)) hash.update(chunk as Buffer);
  return hash.digest();
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: FIELD_BYTES }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}
