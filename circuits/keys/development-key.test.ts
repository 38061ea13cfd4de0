// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { buildBn128, type WasmCurve } from 'ffjavascript';
import { FR } from '../../protocol/field.ts';
import { ErrorLog } from '../ceremony/error-log.ts';
import type { CompiledCircuit } from '../compile.ts';
import { bn254Code } from './bn254-code.ts';
import { Bn254Wasm, type Bn254Code } from './bn254-wasm.ts';
import { Constraints } from './constraints.ts';
import { makeDevelopmentKey } from './development-key.ts';
import { KeyError } from './errors.ts';
import { FixedBasePool } from './fixed-base-pool.ts';
import { compileSmall, smallInput, witness } from './fixtures/small-circuit.ts';
import { readR1csFile } from './r1cs-file.ts';
import { openSnarkjs, withSnarkjs, type SnarkjsSession } from './snarkjs-session.ts';
import { readZkeyFile } from './zkey-file.ts';
import { ZKEY_SECTION } from './zkey-writer.ts';

const SIZE = 5;
let folder: string;
let code: Bn254Code;
let pool: FixedBasePool;
let compiled: CompiledCircuit;
/** our key, and one that snarkjs made of the same circuit */
let ours: string;
let reference: string;

let session: SnarkjsSession;

before(async () => {
  // One curve for all tests instead of one a call.
  session = await openSnarkjs();
  folder = await mkdtemp(path.join(tmpdir(), 'phalanx-key-'));
  code = await bn254Code();
  pool = FixedBasePool.open(code);
  compiled = await compileSmall(folder, SIZE);
  ours = path.join(folder, 'ours.zkey');
  reference = path.join(folder, 'reference.zkey');
  await makeDevelopmentKey(compiled.r1csPath, ours, code, pool);
  await withSnarkjs(async ({ powersOfTau, curves, zKey }) => {
    const [empty, prepared, initial] = ['empty.ptau', 'prepared.ptau', 'initial.zkey'].map((name) =>
      path.join(folder, name),
    ) as [string, string, string];
    await powersOfTau.newAccumulator(await curves.getCurveFromName('bn128'), 5, empty);
    await powersOfTau.contribute(empty, `${empty}.1`, 'test', 'test');
    await powersOfTau.preparePhase2(`${empty}.1`, prepared);
    await zKey.newZKey(compiled.r1csPath, prepared, initial);
    await zKey.contribute(initial, reference, 'test', 'test');
  });
});
after(async () => {
  await session.close();
  await pool.close();
  await rm(folder, { recursive: true, force: true });
});

async function sections(file: string): Promise<Map<number, Buffer>> {
  const bytes = await readFile(file);
  const found = new Map<number, Buffer>();
  for (let at = 12; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at + 4));
    found.set(bytes.readUInt32LE(at), bytes.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return found;
}

async function pointsOf(file: string, section: number, size: number): Promise<Buffer[]> {
  const bytes = (await sections(file)).get(section) ?? Buffer.alloc(0);
  return Array.from({ length: bytes.length / size }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
}

test("the key has snarkjs's sections, in its order and sizes", async () => {
  const [mine, theirs] = [await sections(ours), await sections(reference)];
  const { contributions } = ZKEY_SECTION;
  for (const [id, bytes] of theirs) {
    if (id !== contributions) assert.equal(mine.get(id)?.length, bytes.length, `section ${id}`);
  }
  assert.deepEqual([...mine.keys()].sort(), [...theirs.keys()].sort());
  assert.equal(mine.get(contributions)?.length, 64 + 4, 'a hash and no contributions');
});

test('coefficients are byte for byte those of snarkjs', async () => {
  const [mine, theirs] = [await sections(ours), await sections(reference)];
  assert.ok(theirs.get(ZKEY_SECTION.coefficients)?.equals(mine.get(ZKEY_SECTION.coefficients) ?? Buffer.alloc(0)));
});

test('points at infinity lie where snarkjs has them, in its encoding', async () => {
  let infinities = 0;
  for (const [section, size] of [
    [ZKEY_SECTION.a, 64],
    [ZKEY_SECTION.b1, 64],
    [ZKEY_SECTION.b2, 128],
    [ZKEY_SECTION.c, 64],
    [ZKEY_SECTION.ic, 64],
    [ZKEY_SECTION.h, 64],
  ] as const) {
    const zero = Buffer.alloc(size);
    const pattern = (points: Buffer[]): boolean[] => points.map((point) => point.equals(zero));
    const mine = pattern(await pointsOf(ours, section, size));
    assert.deepEqual(mine, pattern(await pointsOf(reference, section, size)), `section ${section}`);
    infinities += mine.filter(Boolean).length;
  }
  assert.ok(infinities > 0, 'the circuit was chosen to have some');
});

test('points are on the curve and tied to each other by pairings', async () => {
  const curve: WasmCurve = await buildBn128(true);
  const { G1, G2 } = curve;
  const header = (await sections(ours)).get(ZKEY_SECTION.header) ?? Buffer.alloc(0);
  const fields = header.subarray(4 + 32 + 4 + 32 + 12);
  const at = (start: number, size: number): Uint8Array => new Uint8Array(fields.subarray(start, start + size));
  const [alpha, beta, beta2, gamma2, delta, delta2] = [
    at(0, 64),
    at(64, 64),
    at(128, 128),
    at(256, 128),
    at(384, 64),
    at(448, 128),
  ];
  assert.ok(G2.eq(gamma2, G2.g), 'gamma is one');
  /** e(p1, q1) = e(p2, q2) e(p3, q3) */
  const equal = (p1: Uint8Array, q1: Uint8Array, ...right: Uint8Array[]): Promise<boolean> => {
    const pairs = [G1.neg(p1), q1, ...right];
    // ffjavascript's pairing takes no infinity; such a factor is one.
    const factors = pairs.filter(
      (_, index) => !G1.isZero(pairs[index & ~1] ?? G1.zero) && !G2.isZero(pairs[index | 1] ?? G2.zero),
    );
    return factors.length === 0 ? Promise.resolve(true) : curve.pairingEq(...factors);
  };
  assert.ok(await equal(beta, G2.g, G1.g, beta2));
  assert.ok(await equal(delta, G2.g, G1.g, delta2));
  assert.ok(!(await equal(delta, G2.g, G1.g, beta2)), 'the relation can fail');

  const points = (section: number, size: number): Promise<Uint8Array[]> =>
    pointsOf(ours, section, size).then((list) => list.map((point) => new Uint8Array(point)));
  const [a, b1, b2, c] = [
    await points(ZKEY_SECTION.a, 64),
    await points(ZKEY_SECTION.b1, 64),
    await points(ZKEY_SECTION.b2, 128),
    await points(ZKEY_SECTION.c, 64),
  ];
  for (const point of [...a, ...b1, ...c, ...(await points(ZKEY_SECTION.h, 64))]) assert.ok(G1.isValid(point));
  for (const [wire, point] of b1.entries())
    assert.ok(await equal(point, G2.g, G1.g, b2[wire] ?? G2.zero), `B of wire ${wire}`);
  // A private wire that is absent from matrix C obeys delta C_i = beta A_i + alpha B_i, and only such a wire.
  const inMatrixC = await wiresOfMatrix(2);
  const { publicSignals, wires } = await readZkeyFile(ours);
  let checked = 0;
  for (let wire = publicSignals + 1; wire < wires; wire++) {
    const holds = await equal(
      c[wire - publicSignals - 1] ?? G1.zero,
      delta2,
      a[wire] ?? G1.zero,
      beta2,
      alpha,
      b2[wire] ?? G2.zero,
    );
    assert.equal(holds, !inMatrixC.has(wire), `C of wire ${wire}`);
    checked += Number(holds);
  }
  assert.ok(checked > 0, 'some wire is absent from C');
});

async function wiresOfMatrix(matrix: number): Promise<ReadonlySet<number>> {
  const wasm = await Bn254Wasm.instantiate(code.code, 1 << 20);
  const constraints = await Constraints.load(wasm, await readR1csFile(compiled.r1csPath));
  const wires = new Set<number>();
  for (const entry of constraints.coefficients()) if (entry.matrix === matrix) wires.add(entry.wire);
  return wires;
}

test('snarkjs proves and verifies with the key, and refuses other signals', async () => {
  await withSnarkjs(async (library) => {
    const { groth16, zKey } = library;
    const { proof, publicSignals } = await groth16.prove(
      ours,
      await witness(library, compiled.wasmPath, smallInput(SIZE)),
    );
    const key = await zKey.exportVerificationKey(ours);
    assert.equal(await groth16.verify(key, publicSignals, proof), true);
    assert.equal(await groth16.verify(key, [publicSignals[0] ?? '', '1'], proof), false);
    const other = await zKey.exportVerificationKey(reference);
    assert.equal(await groth16.verify(other, publicSignals, proof), false, "another key's proof");
  });
});

test('a proof from a witness that breaks a constraint does not verify', async () => {
  await withSnarkjs(async (library) => {
    const { groth16, zKey, wtns } = library;
    const key = await zKey.exportVerificationKey(ours);
    const values = (await readZkeyFile(ours)).wires;
    for (let wire = 1; wire < values; wire++) {
      const file = await witness(library, compiled.wasmPath, smallInput(SIZE));
      const bytes = file.data ?? new Uint8Array();
      // The last section of a witness file is its values.
      const at = bytes.length - 32 * (values - wire);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      assert.equal(await wtns.check(compiled.r1csPath, { type: 'mem', data: bytes }, new ErrorLog()), false);
      const { proof, publicSignals } = await groth16.prove(ours, { type: 'mem', data: bytes });
      assert.equal(await groth16.verify(key, publicSignals, proof), false, `wire ${wire}`);
    }
  });
});

test("our reader sees in a key what snarkjs's export says", async () => {
  for (const file of [ours, reference]) {
    const read = await readZkeyFile(file);
    const exported = await withSnarkjs(({ zKey }) => zKey.exportVerificationKey(file));
    for (const [name, value] of Object.entries(read.verificationKey)) {
      assert.deepEqual(value, exported[name as keyof typeof exported], name);
    }
  }
  assert.deepEqual((await readZkeyFile(ours)).contributions, []);
  assert.equal((await readZkeyFile(reference)).contributions.length, 1);
});

test('two keys of one circuit share no secret', async () => {
  const second = path.join(folder, 'second.zkey');
  await makeDevelopmentKey(compiled.r1csPath, second, code, pool);
  const [first, other] = [(await readZkeyFile(ours)).verificationKey, (await readZkeyFile(second)).verificationKey];
  assert.notDeepEqual(first.vk_alpha_1, other.vk_alpha_1);
  assert.notDeepEqual(first.vk_beta_2, other.vk_beta_2);
  assert.notDeepEqual(first.vk_delta_2, other.vk_delta_2);
  assert.notDeepEqual(await pointsOf(ours, ZKEY_SECTION.h, 64), await pointsOf(second, ZKEY_SECTION.h, 64));
});

test('a key is never written over a file', async () => {
  const taken = path.join(folder, 'taken.zkey');
  await writeFile(taken, 'mine');
  await assert.rejects(makeDevelopmentKey(compiled.r1csPath, taken, code, pool), { code: 'EEXIST' });
  assert.equal(await readFile(taken, 'utf8'), 'mine');
});

const faults: [string, (bytes: Buffer) => Buffer][] = [
  ['another magic', (bytes) => (bytes.write('nope'), bytes)],
  [
    'another field',
    (bytes) => (bytes.writeUInt8(2, bytes.indexOf(Buffer.from(FR.toString(16), 'hex').reverse())), bytes),
  ],
  ['a file cut short', (bytes) => bytes.subarray(0, bytes.length >> 1)],
];
for (const [name, corrupt] of faults) {
  test(`an r1cs with ${name} is refused and leaves no key behind`, async () => {
    const file = path.join(folder, 'bad.r1cs');
    await writeFile(file, corrupt(Buffer.from(await readFile(compiled.r1csPath))));
    await assert.rejects(makeDevelopmentKey(file, path.join(folder, 'bad.zkey'), code, pool), KeyError);
    assert.ok(!(await readdir(folder)).includes('bad.zkey'));
  });
}
