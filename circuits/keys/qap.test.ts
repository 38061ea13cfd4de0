// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Field } from '@noble/curves/abstract/modular.js';
import { FR } from '../../protocol/field.ts';
import { bn254Code } from './bn254-code.ts';
import { Bn254Wasm } from './bn254-wasm.ts';
import { Constraints } from './constraints.ts';
import { compileSmall, temporaryFolder } from './fixtures/small-circuit.ts';
import { domainSize, evaluateQap, qapMemory } from './qap.ts';
import { readR1csFile } from './r1cs-file.ts';
import { drawToxicWaste } from './toxic-waste.ts';

const field = Field(FR);
const mod = (value: bigint): bigint => ((value % FR) + FR) % FR;
const toInteger = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const list = (bytes: Uint8Array): bigint[] =>
  Array.from({ length: bytes.length / 32 }, (_, i) => toInteger(bytes.slice(32 * i, 32 * i + 32)));

/** Lagrange polynomial of `nodes` that is one at node `index`, straight from its definition. */
function lagrange(nodes: readonly bigint[], index: number, at: bigint): bigint {
  const own = nodes[index] ?? 0n;
  let [numerator, denominator] = [1n, 1n];
  nodes.forEach((node, other) => {
    if (other === index) return;
    numerator = mod(numerator * (at - node));
    denominator = mod(denominator * (own - node));
  });
  return mod(numerator * field.inv(denominator));
}

test('evaluations are those of polynomials interpolated from their definition', async (context) => {
  const home = await temporaryFolder(context);
  const r1cs = await readR1csFile((await compileSmall(home, 5)).r1csPath);
  const code = await bn254Code();
  const wasm = await Bn254Wasm.instantiate(code.code, 1 << 20);
  const constraints = await Constraints.load(wasm, r1cs);
  const domain = domainSize(r1cs);
  const secrets = drawToxicWaste(wasm, 2 * domain);
  const R = 2n ** 256n;
  const read = (address: number): bigint => mod(toInteger(wasm.bytes.slice(address, address + 32)) * field.inv(R));
  const [tau, alpha, beta, delta] = [read(secrets.tau), read(secrets.alpha), read(secrets.beta), read(secrets.delta)];
  assert.equal(new Set([tau, alpha, beta, delta, 0n]).size, 5, 'secrets are distinct and not zero');

  const root = mod(toInteger(code.rootsOfUnity[Math.log2(domain) + 1] ?? new Uint8Array(1)) * field.inv(R));
  assert.equal(field.pow(root, BigInt(domain)), FR - 1n, 'a primitive root of the doubled domain');
  const doubled = Array.from({ length: 2 * domain }, (_, index) => field.pow(root, BigInt(index)));
  const even = doubled.filter((_, index) => index % 2 === 0);

  const sums = [0, 1, 2].map(() => Array.from({ length: r1cs.wires }, () => 0n));
  const add = (matrix: number, wire: number, value: bigint): void => {
    const row = sums[matrix] ?? [];
    row[wire] = mod((row[wire] ?? 0n) + value);
  };
  for (const { matrix, constraint, wire, value } of constraints.coefficients()) {
    add(matrix, wire, toInteger(wasm.bytes.slice(value, value + 32)) * lagrange(even, constraint, tau));
  }
  for (let wire = 0; wire <= r1cs.publicSignals; wire++) add(0, wire, lagrange(even, r1cs.constraints + wire, tau));
  const [a = [], b = [], c = []] = sums;
  const combined = a.map((value, wire) => mod(beta * value + alpha * (b[wire] ?? 0n) + (c[wire] ?? 0n)));

  const found = evaluateQap(wasm, r1cs, constraints, secrets, code.rootsOfUnity);
  const inputs = r1cs.publicSignals + 1;
  assert.deepEqual(list(found.a), a);
  assert.deepEqual(list(found.b), b);
  assert.deepEqual(list(found.ic), combined.slice(0, inputs));
  assert.deepEqual(
    list(found.c),
    combined.slice(inputs).map((value) => mod(value * field.inv(delta))),
  );
  assert.deepEqual(
    list(found.h),
    even.map((_, index) => mod(lagrange(doubled, 2 * index + 1, tau) * field.inv(delta))),
  );
  assert.deepEqual([list(found.alpha), list(found.beta), list(found.delta)], [[alpha], [beta], [delta]]);
});

test('the domain holds the constraints and a dummy for the constant and each public signal', () => {
  const r1cs = { path: '', wires: 10, publicSignals: 3, constraintsOffset: 0, constraintsLength: 0 };
  assert.equal(domainSize({ ...r1cs, constraints: 12 }), 16); // 12 + 4
  assert.equal(domainSize({ ...r1cs, constraints: 13 }), 32);
  assert.ok(qapMemory({ ...r1cs, constraints: 13 }) > 0);
});
