// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { assertUsableKey, loadArtifacts } from '../artifacts.ts';
import type { CompiledCircuit } from '../compile.ts';
import { compileSmall, SMALL_SIGNALS, smallInput, witness } from '../keys/fixtures/small-circuit.ts';
import { DevelopmentKeyMaker } from '../keys/setup.ts';
import { openSnarkjs, withSnarkjs, type SnarkjsSession } from '../keys/snarkjs-session.ts';
import { keyPaths } from '../keys/key-store.ts';
import { readZkeyFile } from '../keys/zkey-file.ts';
import { applyBeacon } from './beacon.ts';
import { CeremonyError } from './ceremony-error.ts';
import { contribute } from './contribute.ts';
import { finaliseCeremony } from './finalise.ts';
import { verifyPowersOfTau } from './powers-of-tau.ts';
import { startCeremony } from './start.ts';
import { verifyCeremony } from './verify.ts';

const SIZE = 4;
const SMALL = { id: 'small', publicSignals: SMALL_SIGNALS };
const BEACON = { name: 'a block', value: '0x' + '5a'.repeat(32), iterationsExponent: 10 };

let folder: string;
let compiled: CompiledCircuit;
/** a ceremony of two parties and a beacon, step by step */
let files: { ptau: string; start: string; first: string; second: string; done: string };
let hashes: string[];
/** vouched for below, where no test is about it: verifying it anew takes seconds */
let blake2b: string;
let session: SnarkjsSession;

before(async () => {
  // One curve for all tests instead of one a call.
  session = await openSnarkjs();
  folder = await mkdtemp(path.join(tmpdir(), 'phalanx-ceremony-'));
  compiled = await compileSmall(folder, SIZE);
  const at = (name: string): string => path.join(folder, name);
  files = { ptau: at('a.ptau'), start: at('0.zkey'), first: at('1.zkey'), second: at('2.zkey'), done: at('3.zkey') };
  await withSnarkjs(async ({ powersOfTau, curves }) => {
    await powersOfTau.newAccumulator(await curves.getCurveFromName('bn128'), 5, at('new.ptau'));
    await powersOfTau.contribute(at('new.ptau'), at('one.ptau'), 'first phase', 'test');
    await powersOfTau.beacon(at('one.ptau'), at('beacon.ptau'), 'first phase', '0102', 10);
    await powersOfTau.preparePhase2(at('beacon.ptau'), files.ptau);
  });
  blake2b = createHash('blake2b512')
    .update(await readFile(files.ptau))
    .digest('hex');
  await startCeremony(compiled.r1csPath, { path: files.ptau, blake2b }, files.start);
  hashes = [
    await contribute(files.start, files.first, { name: 'Ada' }),
    await contribute(files.first, files.second, { name: 'Béla', extraEntropy: 'dice: 3 1 4' }),
    await applyBeacon(files.second, files.done, BEACON),
  ];
});
after(async () => {
  await session.close();
  await rm(folder, { recursive: true, force: true });
});

const ceremonyOf = (zkeyPath: string): Parameters<typeof verifyCeremony>[0] => ({
  r1csPath: compiled.r1csPath,
  powersOfTau: { path: files.ptau, blake2b },
  zkeyPath,
});

test('a ceremony verifies, and lists each step under the hash its party was given', async () => {
  const steps = await verifyCeremony(ceremonyOf(files.done));
  assert.deepEqual(
    steps.map(({ kind, name, hash }) => [kind, name, hash]),
    [
      ['contribution', 'Ada', hashes[0]],
      ['contribution', 'Béla', hashes[1]],
      ['beacon', 'a block', hashes[2]],
    ],
  );
  assert.deepEqual(steps[2]?.beacon, { value: BEACON.value, iterationsExponent: 10 });
});

test('its key is installed, proves, and is what production accepts', async () => {
  const home = path.join(folder, 'installed');
  const installed = await finaliseCeremony(SMALL, compiled, { path: files.ptau, blake2b }, files.done, { home });
  assert.equal(installed.manifest.kind, 'ceremony');
  assert.deepEqual(
    installed.manifest.ceremony?.contributions.map(({ hash }) => hash),
    hashes,
  );
  assert.doesNotThrow(() => assertUsableKey(installed.manifest, 'production'));
  await withSnarkjs(async (library) => {
    const { proof, publicSignals } = await library.groth16.prove(
      installed.paths.zkey,
      await witness(library, installed.paths.wasm, smallInput(SIZE)),
    );
    assert.equal(await library.groth16.verify(installed.verificationKey, publicSignals, proof), true);
  });

  const maker = new DevelopmentKeyMaker({ home });
  try {
    const kept = await maker.setup(SMALL, compiled);
    assert.deepEqual(kept.manifest, installed.manifest, 'setup keeps it');
    const changed = await maker.setup(SMALL, await compileSmall(folder, SIZE + 1));
    assert.equal(changed.manifest.kind, 'development', 'it is no key of a changed circuit');
  } finally {
    await maker.close();
  }
  const byHash = await loadArtifacts('small', { home, keyHash: installed.manifest.verificationKeyHash });
  assert.equal(byHash.manifest.kind, 'ceremony');
  // A manifest that takes a party away is another ceremony's.
  const manifest = JSON.parse(await readFile(byHash.paths.manifest, 'utf8')) as {
    ceremony: { contributions: unknown[] };
  };
  manifest.ceremony.contributions.shift();
  await writeFile(keyPaths(byHash.paths.folder).manifest, JSON.stringify(manifest));
  await assert.rejects(
    loadArtifacts('small', { home, keyHash: installed.manifest.verificationKeyHash }),
    /contributions/,
  );
});

test('a key that is not finished is not installed', async () => {
  const home = path.join(folder, 'refused');
  const install = (zkey: string, minimumContributions = 2): Promise<unknown> =>
    finaliseCeremony(SMALL, compiled, { path: files.ptau, blake2b }, zkey, { home, minimumContributions });
  await assert.rejects(install(files.second), /beacon/);
  await assert.rejects(install(files.start), /0 parties/);
  await assert.rejects(install(files.done, 3), /2 parties contributed, 3 are needed/);
  assert.ok(!(await readdir(folder)).includes('refused'));
});

test('nothing is added after the beacon, and no file is overwritten', async () => {
  await assert.rejects(contribute(files.done, path.join(folder, 'late.zkey'), { name: 'Eve' }), CeremonyError);
  await assert.rejects(applyBeacon(files.done, path.join(folder, 'late.zkey'), BEACON), CeremonyError);
  const earlier = await readFile(files.second);
  await assert.rejects(contribute(files.start, files.second, { name: 'Eve' }), CeremonyError);
  assert.ok(earlier.equals(await readFile(files.second)));
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.includes('partial') || name === 'late.zkey'),
    [],
  );
});

for (const [name, options] of [
  ['an empty name', { ...BEACON, name: '' }],
  ['a name too long to be kept', { ...BEACON, name: 'é'.repeat(33) }],
  ['half a byte', { ...BEACON, value: '0xabc' }],
  ['no value', { ...BEACON, value: '' }],
  ['too few iterations', { ...BEACON, iterationsExponent: 9 }],
] as const) {
  test(`a beacon with ${name} is refused`, async () => {
    await assert.rejects(applyBeacon(files.second, path.join(folder, 'bad.zkey'), options), CeremonyError);
  });
}

test('a key of another circuit, or one that starts from nowhere, does not verify', async () => {
  const other = await compileSmall(folder, SIZE + 1, 'other');
  await assert.rejects(verifyCeremony({ ...ceremonyOf(files.done), r1csPath: other.r1csPath }), CeremonyError);

  // Somebody knows the secrets of this one: it was made without the powers of tau.
  const home = path.join(folder, 'development');
  const maker = new DevelopmentKeyMaker({ home });
  const { paths } = await maker.setup(SMALL, compiled).finally(() => maker.close());
  const disguised = path.join(folder, 'disguised.zkey');
  await contribute(paths.zkey, path.join(folder, 'd1.zkey'), { name: 'Eve' });
  await applyBeacon(path.join(folder, 'd1.zkey'), disguised, BEACON);
  assert.equal((await readZkeyFile(disguised)).contributions.length, 2);
  await assert.rejects(verifyCeremony(ceremonyOf(disguised)), CeremonyError);
});

/** Offsets from the end of the file: its last section holds the contributions, before it lie points. */
for (const [name, fromEnd] of [
  ["the beacon's value", 4],
  ["the last party's record", 300],
  ['a point of the key', 4000],
] as const) {
  test(`a bit flipped in ${name} is found`, async () => {
    const file = path.join(folder, `flipped-${fromEnd}.zkey`);
    await copyFile(files.done, file);
    const bytes = await readFile(file);
    bytes[bytes.length - fromEnd] = (bytes[bytes.length - fromEnd] ?? 0) ^ 1;
    await writeFile(file, bytes);
    await assert.rejects(verifyCeremony(ceremonyOf(file)));
  });
}

test('powers of tau are checked by their transcript or by their published hash', async () => {
  const bytes = await readFile(files.ptau);
  await verifyPowersOfTau({ path: files.ptau });
  await verifyPowersOfTau({ path: files.ptau, blake2b });
  await assert.rejects(
    verifyPowersOfTau({ path: files.ptau, blake2b: blake2b.replace(/^./, (c) => (c === '0' ? '1' : '0')) }),
    CeremonyError,
  );
  const spoiled = path.join(folder, 'spoiled.ptau');
  bytes[bytes.length >> 2] = (bytes[bytes.length >> 2] ?? 0) ^ 1;
  await writeFile(spoiled, bytes);
  await assert.rejects(verifyPowersOfTau({ path: spoiled }), CeremonyError);
  await assert.rejects(
    startCeremony(compiled.r1csPath, { path: spoiled }, path.join(folder, 'never.zkey')),
    CeremonyError,
  );
  await writeFile(spoiled, 'nothing');
  await assert.rejects(verifyPowersOfTau({ path: spoiled }), CeremonyError);
});

test('powers of tau that are too few are refused', async () => {
  const large = await compileSmall(folder, 40, 'large');
  const to = path.join(folder, 'large.zkey');
  await assert.rejects(startCeremony(large.r1csPath, { path: files.ptau, blake2b }, to), /too big/);
  assert.ok(!(await readdir(folder)).includes('large.zkey'));
});
