// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, test } from 'node:test';
import { InvalidFieldError } from '../protocol/errors.ts';
import { FR } from '../protocol/field.ts';
import { WitnessError } from './circuit-error.ts';
import type { CompiledCircuit } from './compile.ts';
import { inputJson } from './input-schema.ts';
import { withSnarkjs } from './keys/snarkjs-session.ts';
import { compileCircuit, listCircuits, prepareInputs } from './registry.ts';
import type { CircuitInput } from './statement-kind.ts';
import { fr, keyOf, signBy, typicalQuorum } from './testing/fixtures.ts';
import { calculateWitness, witnessValues } from './witness.ts';

const input = { key: keyOf(1), digest: fr('digest'), signature: signBy(1, fr('digest')) };
const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const json = (): Record<string, unknown> => JSON.parse(inputJson(input)) as Record<string, unknown>;
const prepared = (): CircuitInput => prepareInputs('registration', json()).input;

let registration: CompiledCircuit;
before(async () => {
  registration = await compileCircuit('registration');
});

test('the witness is byte for byte what snarkjs computes, and snarkjs finds it satisfied', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'phalanx-witness-'));
  try {
    const theirs = path.join(folder, 'witness.wtns');
    await withSnarkjs(({ wtns }) => wtns.calculate(prepared(), registration.wasmPath, theirs));
    const ours = await calculateWitness(registration.wasmPath, prepared());
    assert.deepEqual(Buffer.from(ours), await readFile(theirs));
    assert.equal(await withSnarkjs(({ wtns }) => wtns.check(registration.r1csPath, theirs, quiet)), true);
    assert.equal(witnessValues(ours)[0], 1n);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('public signals are prepared in order', () => {
  const { publicSignals } = prepareInputs('registration', json());
  assert.deepEqual(publicSignals, [input.key.x, input.key.y, input.digest]);
  const quorum = prepareInputs('quorum-16', JSON.parse(inputJson(typicalQuorum(16))));
  assert.equal(quorum.publicSignals.length, 4);
});

const badInputs: readonly (readonly [string, (good: CircuitInput) => CircuitInput, RegExp])[] = [
  ['a missing signal', ({ s: _, ...rest }) => rest, /7 input values for 8/],
  ['an unknown signal', (good) => ({ ...good, surplus: 1n }), /surplus: 1 values for 0/],
  ['too many values', (good) => ({ ...good, s: [1n, 2n] }), /s: 2 values for 1/],
  ['a negative number', (good) => ({ ...good, s: -1n }), /s\[0\] is not in \[0, r\)/],
  ['r itself', (good) => ({ ...good, digest: FR }), /digest\[0\] is not in \[0, r\)/],
  ['a value that satisfies nothing', (good) => ({ ...good, digest: 1n }), /^constraint fails/],
];
for (const [name, spoil, message] of badInputs) {
  test(`the witness program refuses ${name}`, async () => {
    await assert.rejects(calculateWitness(registration.wasmPath, spoil(prepared())), (error: unknown) => {
      assert.ok(error instanceof WitnessError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });
}

const badJson: readonly (readonly [string, (good: Record<string, unknown>) => unknown, string])[] = [
  ['a number beyond r', (good) => ({ ...good, digest: FR.toString() }), 'digest'],
  ['a number in another form', (good) => ({ ...good, digest: '007' }), 'digest'],
  ['a number that is no string', (good) => ({ ...good, digest: 7 }), 'digest'],
  ['an unknown field', (good) => ({ ...good, secret: '1' }), 'input'],
  ['a missing field', ({ key: _, ...rest }) => rest, 'key'],
  ['a key outside the subgroup', (good) => ({ ...good, key: { x: '0', y: '1' } }), 'key'],
  ['S of l or more', (good) => ({ ...good, signature: { r8: { x: '0', y: '1' }, s: FR.toString() } }), 'signature.s'],
  ['nothing', () => undefined, 'input'],
];
for (const [name, spoil, field] of badJson) {
  test(`stored inputs with ${name} are refused by name`, () => {
    assert.throws(
      () => prepareInputs('registration', spoil(json())),
      (error: unknown) => {
        assert.ok(error instanceof InvalidFieldError, String(error));
        assert.equal(error.field, field);
        return true;
      },
    );
  });
}

test('circuits are listed once each, with their kind and signals', () => {
  const ids = listCircuits().map(({ id }) => id);
  assert.deepEqual(ids, [
    'quorum-16',
    'quorum-64',
    'quorum-128',
    'equivocation',
    'registration',
    'ed25519-2',
    'ed25519-7',
    'ed25519-15',
  ]);
  for (const { kind, id } of listCircuits()) assert.ok(id.startsWith(kind));
});
