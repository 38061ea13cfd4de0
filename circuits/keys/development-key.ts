// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { Bn254Wasm, type Bn254Code } from './bn254-wasm.ts';
import { COEFFICIENT_SECTION_MEMORY, coefficientSection } from './coefficient-section.ts';
import { Constraints } from './constraints.ts';
import { KeyError } from './errors.ts';
import type { GeneratorMultiplier } from './generator-multiplier.ts';
import { domainSize, evaluateQap, qapMemory, type KeyScalars } from './qap.ts';
import { readR1csFile } from './r1cs-file.ts';
import { drawToxicWaste } from './toxic-waste.ts';
import { writeKey } from './write-key.ts';
import { ZkeyWriter } from './zkey-writer.ts';

/** Told as a key is made: phases in the order `evaluate`, `points`, `write`; `fraction` in [0, 1] of that phase. */
export type KeyProgress = (phase: 'evaluate' | 'points' | 'write', fraction: number) => void;

export interface DevelopmentKeyOptions {
  readonly onProgress?: KeyProgress;
  /** tests that compare keys need the same secrets twice */
  readonly drawSecrets?: typeof drawToxicWaste;
}

/** What made a key; part of the cache's name for it. Changes with every change to the file's content or format. */
export const DEVELOPMENT_KEY_FORMAT = 'phalanx-development-zkey-1';

/**
 * Make a Groth16 key that one party could forge with: its secrets are drawn here, used and overwritten, with no
 * ceremony. For development only; the manifest says so and production refuses it.
 * @param zkeyPath a file that doesn't exist yet; in the format of snarkjs 0.7.6, with no contributions
 * @throws KeyError on an r1cs file that cannot be used
 */
export async function makeDevelopmentKey(
  r1csPath: string,
  zkeyPath: string,
  code: Bn254Code,
  multiplier: GeneratorMultiplier,
  { onProgress = () => undefined, drawSecrets = drawToxicWaste }: DevelopmentKeyOptions = {},
): Promise<void> {
  multiplier.warm();
  onProgress('evaluate', 0);
  const r1cs = await readR1csFile(r1csPath);
  const capacity = r1cs.constraintsLength + qapMemory(r1cs) + COEFFICIENT_SECTION_MEMORY + (1 << 16);
  if (capacity >= 2 ** 32 - (1 << 20))
    throw new KeyError(`${r1csPath} is too large for WebAssembly's memory`, { capacity });
  const wasm = await Bn254Wasm.instantiate(code.code, capacity);
  const writer = await ZkeyWriter.create(zkeyPath);
  let scalars: KeyScalars | undefined;
  try {
    const constraints = await Constraints.load(wasm, r1cs);
    const secrets = drawSecrets(wasm, 2 * domainSize(r1cs));
    scalars = evaluateQap(wasm, r1cs, constraints, secrets, code.rootsOfUnity);
    onProgress('points', 0);
    const coefficients = coefficientSection(wasm, r1cs, constraints);
    const hash = await circuitHash(r1csPath);
    await writeKey(writer, r1cs, scalars, multiplier, coefficients, hash, (done) => onProgress('points', done));
    onProgress('write', 0);
    await writer.finish();
    onProgress('write', 1);
  } catch (error) {
    await writer.abandon();
    await unlink(zkeyPath);
    throw error;
  } finally {
    for (const part of Object.values(scalars ?? {}) as Uint8Array[]) part.fill(0);
    wasm.wipe();
  }
}

/**
 * The 64 bytes that stand for the circuit in the list of contributions. snarkjs puts a hash over the untouched key
 * there, which binds a ceremony's parties to one circuit; without a ceremony the hash of the r1cs file says as much.
 */
async function circuitHash(r1csPath: string): Promise<Uint8Array> {
  const hash = createHash('blake2b512').update(DEVELOPMENT_KEY_FORMAT);
  for await (const chunk of createReadStream(r1csPath)) hash.update(chunk as Buffer);
  return hash.digest();
}
