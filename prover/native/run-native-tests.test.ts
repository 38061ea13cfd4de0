// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Builds the C++ tests for every instruction set, the portable one under the sanitizers, and runs those that can run
 * here.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { calculateWitness } from '../../circuits/witness.ts';
import type { Json } from '../../runtime/statement-record.ts';
import { chainInput, productInput, testCatalog } from '../testing/test-circuits.ts';

const TESTS = join(import.meta.dirname, 'test');
const OUT = join(import.meta.dirname, '../../.phalanx/native-tests');
const KEYS = join(OUT, 'keys');
const VARIANTS = ['adx', 'ifma', 'sanitized'];
const names = readdirSync(TESTS).flatMap((file) => /^(\w+_test)\.cpp$/.exec(file)?.[1] ?? []);

const compiler = spawnSync(process.env['CXX'] ?? 'g++', ['--version']);
const skip = compiler.status !== 0 && 'there is no C++ compiler here';

const execute = promisify(execFile);

/** Real keys and witnesses for the tests that read files. */
async function writeKeys(): Promise<void> {
  const { circuits, prepare } = await testCatalog();
  const inputs: Record<string, unknown> = { 'test-product': productInput(6n, 7n), 'test-chain': chainInput(3n) };
  await mkdir(KEYS, { recursive: true });
  for (const { files } of circuits) {
    const { input } = prepare(files.circuit, inputs[files.circuit] as Json);
    const name = join(KEYS, files.circuit.replace('test-', ''));
    await copyFile(files.zkeyPath, `${name}.zkey`);
    await writeFile(`${name}.wtns`, await calculateWitness(files.wasmPath, input));
  }
}

describe('native engine', { skip }, () => {
  let paths: string[] = [];

  before(
    async () => {
      const jobs = `-j${availableParallelism()}`;
      // One of several failures is enough to read.
      await execute('make', ['-s', jobs, '-C', TESTS, `OUT=${OUT}`, 'all'], { maxBuffer: 2 ** 26 });
      await writeKeys();
      paths = (await execute(join(OUT, 'paths'))).stdout.trim().split(' ');
    },
    { timeout: 1_800_000 },
  );

  test('has tests', () => {
    assert.ok(names.length > 0);
    assert.ok(paths.includes('portable'));
  });

  for (const variant of VARIANTS) {
    for (const name of names) {
      test(`${name}, ${variant}`, { timeout: 300_000 }, async (t) => {
        if (!paths.includes(variant)) return t.skip(`this processor cannot run ${variant}`);
        await execute(join(OUT, variant, name), [KEYS], { maxBuffer: 2 ** 26 });
      });
    }
  }
});
