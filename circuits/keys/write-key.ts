// SPDX-License-Identifier: GPL-3.0-or-later
import { FQ, FR } from '../../protocol/field.ts';
import { FIELD_BYTES, type Group } from './bn254-wasm.ts';
import type { GeneratorMultiplier } from './generator-multiplier.ts';
import { domainSize, type KeyScalars } from './qap.ts';
import type { R1csFile } from './r1cs-file.ts';
import { words, ZKEY_SECTION, type ZkeyWriter } from './zkey-writer.ts';

/** Scalars whose points are computed, and then written, at a time: memory for points doesn't grow with the circuit. */
const PART = 1 << 17;

type Scalars = KeyScalars['a'];

/**
 * Compute a key's points and write them as they come, with all other sections.
 * @param coefficients the section of that name
 * @param circuitHash 64 bytes
 * @param onProgress told the fraction of the points that is done
 */
export async function writeKey(
  writer: ZkeyWriter,
  r1cs: R1csFile,
  scalars: KeyScalars,
  multiplier: GeneratorMultiplier,
  coefficients: Iterable<Uint8Array>,
  circuitHash: Uint8Array,
  onProgress: (fraction: number) => void,
): Promise<void> {
  const { alpha, beta, delta, a, b, ic, c, h } = scalars;
  // A point of G2 costs about three of G1.
  const total = [ic, h, c, a, b, b, b, b].reduce((sum, part) => sum + part.length, 0) / FIELD_BYTES;
  let done = 0;
  const g1 = (part: Scalars): AsyncGenerator<Uint8Array> =>
    pointsOf(multiplier, 'g1', part, (points) => onProgress((done += points) / total));
  const g2 = (part: Scalars): AsyncGenerator<Uint8Array> =>
    pointsOf(multiplier, 'g2', part, (points) => onProgress((done += 3 * points) / total));

  const one = new Uint8Array(new SharedArrayBuffer(FIELD_BYTES));
  one[0] = 1;
  const points = await Promise.all([
    multiplier.multiply('g1', alpha),
    multiplier.multiply('g1', beta),
    multiplier.multiply('g2', beta),
    multiplier.multiply('g2', one), // gamma
    multiplier.multiply('g1', delta),
    multiplier.multiply('g2', delta),
  ]);
  const fields = [FIELD_BYTES, littleEndian(FQ), FIELD_BYTES, littleEndian(FR)];
  const sizes = [r1cs.wires, r1cs.publicSignals, domainSize(r1cs)];
  await writer.section(ZKEY_SECTION.protocol, words(1)); // Groth16
  await writer.section(ZKEY_SECTION.header, words(...fields, ...sizes, ...points));
  await writer.section(ZKEY_SECTION.coefficients, coefficients);
  await writer.section(ZKEY_SECTION.ic, g1(ic));
  await writer.section(ZKEY_SECTION.h, g1(h));
  await writer.section(ZKEY_SECTION.c, g1(c));
  await writer.section(ZKEY_SECTION.a, g1(a));
  await writer.section(ZKEY_SECTION.b1, g1(b));
  await writer.section(ZKEY_SECTION.b2, g2(b));
  await writer.section(ZKEY_SECTION.contributions, words(circuitHash, 0));
}

/** Points part by part, the next in the making while one is written. */
async function* pointsOf(
  multiplier: GeneratorMultiplier,
  group: Group,
  scalars: Scalars,
  onDone: (points: number) => void,
): AsyncGenerator<Uint8Array> {
  const length = PART * FIELD_BYTES;
  const start = (at: number): Promise<Uint8Array> | undefined => {
    if (at >= scalars.length) return undefined;
    const made = multiplier.multiply(group, scalars.subarray(at, at + length));
    made.catch(() => undefined); // told where it is awaited
    return made;
  };
  let next = start(0);
  try {
    for (let at = 0; next; at += length) {
      const made = await next;
      next = start(at + length);
      yield made;
      onDone(Math.min(length, scalars.length - at) / FIELD_BYTES);
    }
  } finally {
    // Once this is over the scalars are overwritten: nobody may still read them.
    await next?.catch(() => undefined);
  }
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: FIELD_BYTES }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}
