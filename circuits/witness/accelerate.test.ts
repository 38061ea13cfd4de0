// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { FR } from '../../protocol/field.ts';
import { inputJson } from '../input-schema.ts';
import { compileCircuit, prepareInputs } from '../registry.ts';
import { fr, keyOf, signBy, typicalQuorum } from '../testing/fixtures.ts';
import { calculateWitness, compileWitnessProgram } from '../witness.ts';
import { accelerate } from './accelerate.ts';
import { inverseBody } from './inverse.ts';

const NAME = Buffer.from('Fr_int_inverseMod');

/** A program that is nothing but the inversion, exported as `i`, with one page of memory, exported as `m`. */
function inversionAlone(body: readonly number[] = inverseBody()): Uint8Array {
  const size = (n: number): number[] => [(n & 0x7f) | 0x80, n >> 7];
  const code = [1, ...size(body.length), ...body];
  const name = [4, ...Buffer.from('name'), 1, NAME.length + 3, 1, 0, NAME.length, ...NAME];
  return Uint8Array.from(
    [
      [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      [1, 7, 1, 0x60, 3, 0x7f, 0x7f, 0x7f, 0],
      [3, 2, 1, 0],
      [5, 3, 1, 0, 1],
      [7, 9, 2, 1, 0x69, 0, 0, 1, 0x6d, 2, 0],
      [10, ...size(code.length), ...code],
      [0, name.length, ...name],
    ].flat(),
  );
}

interface Inversion {
  readonly i: (from: number, modulus: number, to: number) => void;
  readonly m: WebAssembly.Memory;
}

async function inverter(wasm: Uint8Array): Promise<(value: bigint) => bigint> {
  const instance = await WebAssembly.instantiate(await WebAssembly.compile(new Uint8Array(wasm)), {});
  const { i, m } = instance.exports as unknown as Inversion;
  return (value) => {
    const words = new BigUint64Array(m.buffer);
    for (let k = 0; k < 4; k++) words[k] = BigInt.asUintN(64, value >> BigInt(64 * k));
    i(0, 0, 64);
    return [3, 2, 1, 0].reduce((sum, k) => (sum << 64n) | (words[8 + k] ?? 0n), 0n);
  };
}

const random = (): bigint => BigInt(`0x${randomBytes(40).toString('hex')}`) % FR;

describe('inversion in a witness program', () => {
  test('gives what times the number is 1', async () => {
    const inverse = await inverter(inversionAlone());
    assert.equal(inverse(0n), 0n);
    const powers = Array.from({ length: 253 }, (_, i) => 1n << BigInt(i));
    const near = Array.from({ length: 40 }, (_, i) => [
      BigInt(i + 1),
      FR - BigInt(i + 1),
      (FR - 1n) / BigInt(i + 1),
    ]).flat();
    for (const value of [...powers, ...powers.map((p) => FR - p), ...near, ...Array.from({ length: 20_000 }, random)]) {
      const found = inverse(value);
      assert.ok(found > 0n && found < FR && (found * value) % FR === 1n, `1/${value}`);
    }
  });

  test('takes the place of the one with its name and type', async () => {
    const none = [0, 0x0b]; // a function that does nothing
    const inverse = await inverter(accelerate(inversionAlone(none)));
    const value = random();
    assert.equal((inverse(value) * value) % FR, 1n);
  });

  for (const [what, spoil] of [
    ['another name', (wasm: Buffer) => void (wasm[wasm.indexOf(NAME)] = 0x47)],
    ['another type', (wasm: Buffer) => void (wasm[13] = 0x7e)],
    ['no names', (wasm: Buffer) => void (wasm[wasm.lastIndexOf('name')] = 0x4e)],
  ] as const) {
    test(`leaves a program with ${what} as it is`, () => {
      const program = Buffer.from(inversionAlone());
      spoil(program);
      assert.equal(accelerate(program), program);
    });
  }

  for (const [id, input] of [
    ['registration', { key: keyOf(1), digest: fr('digest'), signature: signBy(1, fr('digest')) }],
    ['quorum-16', typicalQuorum(16)],
  ] as const) {
    test(`leaves the witness of ${id} the same`, async () => {
      const wasm = await readFile((await compileCircuit(id)).wasmPath);
      assert.notEqual(accelerate(wasm), wasm);
      const prepared = prepareInputs(id, JSON.parse(inputJson(input))).input;
      const theirs = await calculateWitness(await WebAssembly.compile(wasm), prepared);
      assert.deepEqual(await calculateWitness(await compileWitnessProgram(wasm), prepared), theirs);
    });
  }
});
