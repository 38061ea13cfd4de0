// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { cp, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { assertUsableKey, listManifests, loadArtifacts, loadManifest, writeSolidityVerifiers } from '../artifacts.ts';
import { DevelopmentKeyError, KeyError, KeyMissingError } from './errors.ts';
import { compileSmall, SMALL_SIGNALS, temporaryFolder } from './fixtures/small-circuit.ts';
import { circuitKeysFolder, keyPaths } from './key-store.ts';
import type { Manifest } from './manifest.ts';
import { DevelopmentKeyMaker, setupCircuits } from './setup.ts';
import { SOLIDITY_SETTINGS, verifierContractName } from './solidity-verifier.ts';

const SMALL = { id: 'small', publicSignals: SMALL_SIGNALS };

/** Makers share nothing but their folder, as processes do. */
const makers: DevelopmentKeyMaker[] = [];
function makerFor(home: string): DevelopmentKeyMaker {
  const maker = new DevelopmentKeyMaker({ home, threads: 1 });
  makers.push(maker);
  return maker;
}
after(() => Promise.all(makers.map((maker) => maker.close())));

/** A key made once, copied for each test that spoils it. */
let pristine: string;
before(async (context) => {
  pristine = await temporaryFolder(context as TestContext);
  await makerFor(pristine).setup(SMALL, await compileSmall(pristine, 3));
});

async function copyOfPristine(context: TestContext): Promise<string> {
  const home = await temporaryFolder(context);
  await cp(pristine, home, { recursive: true });
  return home;
}

test('a key is made once and found again', async (context) => {
  const home = await copyOfPristine(context);
  const first = await loadArtifacts('small', { home });
  const { mtimeMs } = await stat(first.paths.zkey);
  const phases: string[] = [];
  const again = await makerFor(home).setup(SMALL, await compileSmall(home, 3), (phase) => phases.push(phase));
  assert.deepEqual(again.manifest, first.manifest);
  assert.equal((await stat(again.paths.zkey)).mtimeMs, mtimeMs);
  assert.deepEqual(phases, ['done']);
});

test("a change in a circuit remakes its key, keeps the old one by its hash, and leaves another circuit's alone", async (context) => {
  const home = await copyOfPristine(context);
  const maker = makerFor(home);
  const other = { ...SMALL, id: 'other' };
  const untouched = await maker.setup(other, await compileSmall(home, 4, 'other'));
  const old = await loadManifest('small', { home });
  const changed = await maker.setup(SMALL, await compileSmall(home, 4));
  assert.notEqual(changed.manifest.verificationKeyHash, old.verificationKeyHash);
  assert.notEqual(changed.manifest.r1csHash, old.r1csHash);
  assert.deepEqual((await loadArtifacts('small', { home })).manifest, changed.manifest);
  assert.deepEqual((await loadArtifacts('small', { home, keyHash: old.verificationKeyHash })).manifest, old);
  assert.equal((await listManifests('small', { home })).length, 2);
  assert.deepEqual((await loadArtifacts('other', { home })).manifest, untouched.manifest);
});

test('callers at the same time get one key, and no unfinished folder stays', async (context) => {
  const home = await temporaryFolder(context);
  const compiled = await compileSmall(home, 2);
  const made = await Promise.all([1, 2, 3].map(() => makerFor(home).setup(SMALL, compiled)));
  assert.equal(new Set(made.map(({ manifest }) => manifest.verificationKeyHash)).size, 1);
  const left = await readdir(circuitKeysFolder('small', { home }));
  assert.equal(left.filter((name) => name.startsWith('building-')).length, 0, left.join());
  assert.equal(left.length, 2);
});

test('production refuses a development key and takes one of a ceremony', async () => {
  const manifest = await loadManifest('small', { home: pristine });
  assert.equal(manifest.kind, 'development');
  assert.doesNotThrow(() => assertUsableKey(manifest, 'development'));
  assert.throws(
    () => assertUsableKey(manifest, 'production'),
    (error: unknown) => error instanceof DevelopmentKeyError && error.message.includes('small') && !error.retryable,
  );
  assert.doesNotThrow(() => assertUsableKey({ ...manifest, kind: 'ceremony' }, 'production'));
});

test('the manifest describes the circuit', async () => {
  const manifest = await loadManifest('small', { home: pristine });
  assert.deepEqual(manifest.publicSignals, ['x', 'y']);
  assert.equal(manifest.constraints, 5);
  assert.match(manifest.compilerVersion, /^circom \d/);
  assert.deepEqual(manifest.compilerFlags, ['--O2']);
});

test('the manifest has the flags that the circuit was compiled with, and other flags make another key', async (context) => {
  const home = await copyOfPristine(context);
  const compiled = await compileSmall(home, 3, 'small', ['--O1']);
  const { manifest } = await makerFor(home).setup(SMALL, compiled);
  assert.deepEqual(manifest.compilerFlags, ['--O1']);
  assert.equal((await listManifests('small', { home })).length, 2);
});

const edit =
  (change: (manifest: Record<string, unknown>) => void) =>
  async (folder: string): Promise<void> => {
    const file = keyPaths(folder).manifest;
    const manifest = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
    change(manifest);
    await writeFile(file, JSON.stringify(manifest));
  };
const flip =
  (file: 'zkey' | 'wasm') =>
  async (folder: string): Promise<void> => {
    const target = keyPaths(folder)[file];
    const bytes = await readFile(target);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(target, bytes);
  };
const zero = `0x${'00'.repeat(32)}`;
const faults: readonly (readonly [string, (folder: string) => Promise<void>])[] = [
  ['a flipped bit in the key', flip('zkey')],
  ['a flipped bit in the witness program', flip('wasm')],
  ['another key hash', edit((manifest) => (manifest.verificationKeyHash = zero))],
  ['another zkey hash', edit((manifest) => (manifest.zkeyHash = zero))],
  ['a manifest that calls it a ceremony key', edit((manifest) => (manifest.kind = 'ceremony'))],
  [
    'a manifest with an invented ceremony',
    edit((manifest) => {
      manifest.kind = 'ceremony';
      manifest.ceremony = {
        powersOfTauHash: zero,
        contributions: [{ kind: 'beacon', name: 'b', hash: `0x${'00'.repeat(64)}` }],
      };
    }),
  ],
  [
    'a manifest with an empty ceremony',
    edit((manifest) => {
      manifest.kind = 'ceremony';
      manifest.ceremony = { powersOfTauHash: zero, contributions: [] };
    }),
  ],
  ["another circuit's name", edit((manifest) => (manifest.circuit = 'other'))],
  ['an unknown field', edit((manifest) => (manifest.extra = 1))],
  ['a public signal too few', edit((manifest) => (manifest.publicSignals = ['x']))],
  ['a manifest that is no JSON', (folder) => writeFile(keyPaths(folder).manifest, '{')],
  ['a verification key that is no JSON', (folder) => writeFile(keyPaths(folder).verificationKey, '{')],
  [
    'a verification key with another point',
    async (folder) => {
      const file = keyPaths(folder).verificationKey;
      const key = JSON.parse(await readFile(file, 'utf8')) as { vk_alpha_1: string[] };
      key.vk_alpha_1[0] = '1';
      await writeFile(file, JSON.stringify(key));
    },
  ],
];
for (const [name, corrupt] of faults) {
  test(`a key with ${name} is refused`, async (context) => {
    const home = await copyOfPristine(context);
    const { paths } = await loadArtifacts('small', { home });
    await corrupt(paths.folder);
    await assert.rejects(loadArtifacts('small', { home }), KeyError);
  });
}

test('a circuit without a key, an unknown key and a pointer out of the folder are refused', async (context) => {
  const home = await copyOfPristine(context);
  await assert.rejects(loadArtifacts('nothing', { home }), KeyMissingError);
  await assert.rejects(loadArtifacts('small', { home, keyHash: `0x${'11'.repeat(32)}` }), KeyMissingError);
  await writeFile(path.join(circuitKeysFolder('small', { home }), 'current'), '../../elsewhere\n');
  await assert.rejects(loadArtifacts('small', { home }), KeyError);
});

test('the Solidity verifier is named after the circuit and written only when it changes', async (context) => {
  assert.equal(verifierContractName('quorum-16'), 'Quorum16Verifier');
  const folder = await temporaryFolder(context);
  const key = await loadArtifacts('small', { home: pristine });
  const [file = ''] = await writeSolidityVerifiers([key], folder);
  assert.equal(path.basename(file), 'SmallVerifier.sol');
  assert.match(await readFile(file, 'utf8'), /contract SmallVerifier \{/);
  const { mtimeMs } = await stat(file);
  await writeSolidityVerifiers([key], folder);
  assert.equal((await stat(file)).mtimeMs, mtimeMs);
  await writeFile(file, 'old');
  await writeSolidityVerifiers([key], folder);
  assert.match(await readFile(file, 'utf8'), /contract SmallVerifier/);
});

test("the compiler's settings are those of the contracts' build, so that code hashes agree", async () => {
  const text = await readFile(path.resolve(import.meta.dirname, '..', '..', 'contracts', 'foundry.toml'), 'utf8');
  const setting = (name: string): string | undefined => new RegExp(`^${name} = "?([^"\\n]*)"?$`, 'm').exec(text)?.[1];
  assert.equal(setting('evm_version'), SOLIDITY_SETTINGS.evmVersion);
  assert.equal(setting('optimizer'), String(SOLIDITY_SETTINGS.optimizer.enabled));
  assert.equal(setting('optimizer_runs')?.replaceAll('_', ''), String(SOLIDITY_SETTINGS.optimizer.runs));
  assert.equal(setting('bytecode_hash'), SOLIDITY_SETTINGS.metadata.bytecodeHash);
  assert.equal(setting('cbor_metadata'), String(SOLIDITY_SETTINGS.metadata.appendCBOR));
  assert.equal(setting('via_ir') ?? 'false', String(SOLIDITY_SETTINGS.viaIR));
});

test('a circuit of the registry is set up by its name', async (context) => {
  const home = await temporaryFolder(context);
  const seen = new Set<string>();
  const [key] = await setupCircuits(['registration'], (_, phase) => seen.add(phase), { home });
  const manifest: Manifest | undefined = key?.manifest;
  assert.equal(manifest?.circuit, 'registration');
  assert.deepEqual([...seen], ['compile', 'evaluate', 'points', 'write', 'describe', 'done']);
});
