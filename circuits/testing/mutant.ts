// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

/**
 * Compile a template with its sources changed, a hint that lies or a guard taken out, and use what comes of it. Nothing
 * of it stays on disk.
 * @throws AssertionError when a text to replace does not occur exactly once
 */
export async function withMutant(
  instance: Instance,
  changes: readonly Change[],
  use: (mutant: CircuitUnderTest) => Promise<void>,
): Promise<void> {
  const root = await mkdtemp(path.join(tmpdir(), 'phalanx-mutant-'));
  try {
    await cp(path.join(CIRCUITS, 'lib'), path.join(root, 'lib'), { recursive: true });
    await cp(path.join(CIRCUITS, 'statements'), path.join(root, 'statements'), { recursive: true });
    await cp(path.join(CIRCUITS, 'testing'), path.join(root, 'testing'), { recursive: true });
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
    await use(await CircuitUnderTest.of(instance, { sourceRoot: root, home: path.join(root, 'home') }));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
