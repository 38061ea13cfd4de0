// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Instance } from '../compile.ts';
import { CircuitUnderTest } from './harness.ts';

const require = createRequire(import.meta.url);
const CIRCUITS = path.resolve(import.meta.dirname, '..');

/** Text to replace in one file: our own (`lib/…`, `statements/…`) or circomlib's (`circomlib/circuits/…`). */
export interface Change {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** What this process compiles of mutants, and finds again: several tests take out the same guard. Goes with the process. */
const HOME = mkdtempSync(path.join(tmpdir(), 'phalanx-mutants-'));
process.once('exit', () => rmSync(HOME, { recursive: true, force: true }));

/** Which witnesses a circuit has does not depend on it; compiling does. */
const FLAGS = ['--O0'];

/**
 * Compile a template with its sources changed, a hint that lies or a guard taken out, and use what comes of it.
 * @throws AssertionError when a text to replace does not occur exactly once
 */
export async function withMutant(
  instance: Instance,
  changes: readonly Change[],
  use: (mutant: CircuitUnderTest) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(path.join(HOME, 'sources-'));
  for (const folder of ['lib', 'statements', 'testing'])
    await cp(path.join(CIRCUITS, folder), path.join(root, folder), { recursive: true });
  const circomlib = path.dirname(require.resolve('circomlib/package.json'));
  await cp(path.join(circomlib, 'circuits'), path.join(root, 'circomlib', 'circuits'), { recursive: true });
  for (const { file, from, to } of changes) {
    const text = await readFile(path.join(root, file), 'utf8');
    assert.equal(text.split(from).length, 2, `${file} holds "${from}" once`);
    await writeFile(
      path.join(root, file),
      text.replace(from, () => to),
    );
  }
  await use(await CircuitUnderTest.of({ ...instance, flags: FLAGS }, { sourceRoot: root, home: HOME }));
}
