// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { promisify } from 'node:util';
import { CAPACITIES, parseCapacity, setRoot, validatorSet } from '../protocol/validator-set.ts';
import { COMPILER_FLAGS, COMPILER_VERSION } from './compile.ts';
import { assertConstraints } from './keys/assert-constraints.ts';
import { readR1csHeader } from './r1cs.ts';
import { compileCircuit, findCircuit, listCircuits } from './registry.ts';
import { buildQuorumInputs } from './statements/quorum/inputs.ts';
import { quorumAccepts } from './statements/quorum/model.ts';
import { quorumInput, RawQuorum, typicalQuorum } from './testing/fixtures.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { refPoseidon } from './testing/reference.ts';

/** What takes minutes to compile is counted when its keys are made (`setupCircuits`). */
const compiled = listCircuits().filter(({ constraints }) => constraints < 500_000);
before(async () => {
  // The large ones take a minute: side by side.
  await Promise.all(compiled.map(({ id }) => compileCircuit(id)));
});

test('the compiler is the one that the constraint counts are for', async () => {
  const cli = createRequire(import.meta.url).resolve('circom2/cli.js');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, '--version']);
  assert.match(stdout, /^circom compiler 2\.2\.3$/m);
  assert.equal(COMPILER_VERSION, 'circom 2.2.3');
  assert.deepEqual(COMPILER_FLAGS, ['--O2']);
});

const PINNED = {
  'quorum-16': 46_662,
  'quorum-64': 180_294,
  'quorum-128': 358_235,
  equivocation: 10_117,
  registration: 4_235,
  'ed25519-2': 356_458,
  'ed25519-7': 971_009,
  'ed25519-15': 1_952_782,
};

test('exact constraint counts: a change here is a change to review', async () => {
  assert.deepEqual(Object.fromEntries(listCircuits().map(({ id, constraints }) => [id, constraints])), PINNED);
  for (const { id, constraints, publicSignals } of compiled) {
    const header = await readR1csHeader((await compileCircuit(id)).r1csPath);
    assert.equal(header.constraints, constraints, id);
    assert.equal(header.publicInputs, publicSignals.length, id);
    assert.equal(header.publicOutputs, 0, id);
  }
});

test('no key is made of a circuit whose count is another than its definition says', async () => {
  const { circuit } = findCircuit('registration');
  const files = await compileCircuit('registration');
  await assertConstraints(circuit, files);
  await assert.rejects(
    assertConstraints({ ...circuit, constraints: 4_234 }, files),
    /registration compiles to 4235 constraints, its definition says 4234/,
  );
});

for (const capacity of CAPACITIES) {
  test(`quorum-${capacity}: a witness satisfies it, and one signature less does not`, async () => {
    const { circuit } = findCircuit(`quorum-${capacity}`);
    const input = typicalQuorum(capacity);
    const raw = new RawQuorum(buildQuorumInputs(circuit, input));
    assert.equal(quorumAccepts(capacity, raw.input), true);
    const tested = await CircuitUnderTest.of(circuit.id);
    const witness = await tested.expectPass(raw.input);
    assert.equal(witness.length, tested.r1cs.wires);
    raw.unsign(input.signatures.at(-1)?.index ?? 0);
    assert.equal(quorumAccepts(capacity, raw.input), false);
    await tested.expectFail(raw.input, 'AssertQuorum');
  });
}

test('root_16_vs_64_vs_128: one root under three capacities is three commitments, and each circuit takes its own', async () => {
  const raw = new RawQuorum(buildQuorumInputs(findCircuit('quorum-16').circuit, typicalQuorum(16)));
  const compiled = await CircuitUnderTest.of('quorum-16');
  const slots = typicalQuorum(16).slots;
  const set = validatorSet(
    7n,
    16,
    Array.from({ length: 16 }, (_, i) => slots.find(({ index }) => index === i)),
  );
  const root = setRoot(set);
  for (const claimed of CAPACITIES) {
    raw.set('setCommitment', refPoseidon([root, BigInt(claimed), 7n]));
    assert.equal(await compiled.accepts(raw.input), claimed === 16, `${claimed}`);
  }
});

test("an input for a larger set than the circuit's is refused by name", () => {
  const { circuit } = findCircuit('quorum-16');
  const stakes = Array.from({ length: 17 }, () => 5n);
  assert.throws(() => buildQuorumInputs(circuit, quorumInput(stakes, [0])), /slots\[16\]: expected an index below 16/);
  assert.throws(
    () => buildQuorumInputs(circuit, { ...quorumInput([5n], []), signatures: quorumInput([5n, 5n], [1]).signatures }),
    /signatures\[1\]/,
  );
  assert.throws(() => parseCapacity(4, 'capacity'));
});
