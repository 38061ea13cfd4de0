// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CompileError, UnknownCircuitError } from './circuit-error.ts';
import { compileInstance, mainComponent, symbolsPath, type Instance } from './compile.ts';
import { compileCircuit, instanceOf } from './registry.ts';

let root: string;
let home: string;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'phalanx-compile-'));
  home = path.join(root, 'home');
  await mkdir(path.join(root, 'lib'));
  await writeFile(path.join(root, 'lib', 'part.circom'), part('x * y'));
  await writeFile(path.join(root, 'toy.circom'), toy);
});
after(() => rm(root, { recursive: true }));

const part = (body: string): string =>
  `pragma circom 2.2.0;\ntemplate Part() { signal input x; signal input y; signal output z <== ${body}; }\n`;
const toy = `pragma circom 2.2.0;
include "lib/part.circom";
template Toy(n) { signal input p; signal input q; signal z <== Part()(p, q); z === n; }
`;
const instance: Instance = { id: 'toy', source: 'toy.circom', template: 'Toy', parameters: [6], publicSignals: ['p'] };
const compile = (more: Partial<Instance> = {}): ReturnType<typeof compileInstance> =>
  compileInstance({ ...instance, ...more }, { home, sourceRoot: root });

test('callers at once get the same files, and nothing half made stays behind', async () => {
  const results = await Promise.all([1, 2, 3, 4].map(() => compile()));
  for (const result of results) assert.deepEqual(result, results[0]);
  const [first] = results;
  assert.ok(first);
  assert.deepEqual(await readdir(path.join(home, 'circuits', 'toy')), [first.sourceHash]);
  assert.equal((await readFile(first.r1csPath)).toString('latin1', 0, 4), 'r1cs');
  assert.equal((await readFile(first.wasmPath)).toString('latin1', 1, 4), 'asm');
});

test('what is compiled is not compiled again', async () => {
  const { wasmPath } = await compile();
  const { mtimeMs } = await stat(wasmPath);
  assert.equal((await stat((await compile()).wasmPath)).mtimeMs, mtimeMs);
});

test('a change in an included file, a parameter, or what is public is another circuit', async () => {
  const hashes = new Set([(await compile()).sourceHash]);
  hashes.add((await compile({ parameters: [7] })).sourceHash);
  hashes.add((await compile({ publicSignals: ['q'] })).sourceHash);
  await writeFile(path.join(root, 'lib', 'part.circom'), part('x * y + x'));
  hashes.add((await compile()).sourceHash);
  await writeFile(path.join(root, 'lib', 'part.circom'), part('x * y'));
  assert.equal(hashes.size, 4);
  assert.ok(hashes.has((await compile()).sourceHash), 'and back');
});

test('what a killed compilation left behind goes with the next one, after an hour', async () => {
  const folder = path.join(home, 'circuits', 'toy');
  for (const name of ['building-1-old', 'building-2-new']) await mkdir(path.join(folder, name));
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  await utimes(path.join(folder, 'building-1-old'), longAgo, longAgo);
  await compile({ parameters: [8] });
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.startsWith('building-')),
    ['building-2-new'],
  );
});

test('what nobody has used for a month goes when something else is compiled', async () => {
  const folder = path.join(home, 'circuits', 'toy');
  const [unused, used] = [await compile({ parameters: [9] }), await compile({ parameters: [10] })];
  const longAgo = new Date(Date.now() - 31 * 24 * 3_600_000);
  for (const { sourceHash } of [unused, used]) await utimes(path.join(folder, sourceHash), longAgo, longAgo);
  await compile({ parameters: [10] });
  await compile({ parameters: [11] });
  const left = await readdir(folder);
  assert.deepEqual([left.includes(unused.sourceHash), left.includes(used.sourceHash)], [false, true]);
});

test('symbols on demand', async () => {
  const plain = await compile();
  await assert.rejects(stat(symbolsPath(plain)));
  const named = await compileInstance(instance, { home, sourceRoot: root, symbols: true });
  assert.match(await readFile(symbolsPath(named), 'utf8'), /,main\.p$/m);
});

test('a refused circuit says why, and leaves nothing behind', async () => {
  const broken: Instance = { ...instance, id: 'broken', template: 'Nowhere' };
  await assert.rejects(compileInstance(broken, { home, sourceRoot: root }), (error: unknown) => {
    assert.ok(error instanceof CompileError);
    assert.match(error.message, /Nowhere/);
    return true;
  });
  assert.deepEqual(await readdir(path.join(home, 'circuits', 'broken')), []);
  await assert.rejects(compile({ source: 'missing.circom' }), /include not found: missing\.circom/);
});

test('the large quorum is refused beyond the capacity that its comparison is made for', async () => {
  const tooLarge: Instance = { ...instanceOf('quorum-16'), id: 'quorum-256', parameters: [256] };
  await assert.rejects(compileInstance(tooLarge, { home }), CompileError);
});

test('a main component names its public signals', () => {
  assert.match(
    mainComponent(instanceOf('registration')),
    /component main \{public \[keyX, keyY, digest\]\} = Registration\(\);/,
  );
  assert.throws(() => instanceOf('quorum-17'), UnknownCircuitError);
  return assert.rejects(compileCircuit('quorum-17'), UnknownCircuitError);
});
