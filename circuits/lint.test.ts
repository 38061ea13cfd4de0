// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { STATEMENT_KINDS } from './registry.ts';

const require = createRequire(import.meta.url);

/**
 * What circomspect may warn of, by file, and why that may stand. Anything else fails. Whether it warns of a divisor
 * that a constraint pins varies from run to run with the order of its hash tables, so a line here may go unused.
 */
const EXPLAINED: Readonly<Record<string, readonly string[]>> = {
  'lib/assert_non_zero.circom': [
    // that is its point
    'In signal assignments containing division, the divisor needs to be constrained to be non-zero',
    'Intermediate signals should typically occur in at least two separate constraints.', // one suffices for an inverse
  ],
  'lib/key_point.circom': [
    'Intermediate signals should typically occur in at least two separate constraints.', // an inverse again
  ],
  'lib/montgomery_double.circom': [
    // v: its pin has no solution at 0
    'In signal assignments containing division, the divisor needs to be constrained to be non-zero',
  ],
  'lib/mirrored_bits.circom': [
    'Using `Num2Bits` to convert field elements to bits may lead to aliasing issues.', // n <= 253 is asserted
  ],
  'lib/nonnative/transcript.circom': [
    '`NonnativeTranscript` takes too many parameters. This increases coupling and decreases readability.', // lengths of what it absorbs
  ],
  'lib/range_check.circom': [
    'Using `Num2Bits` to convert field elements to bits may lead to aliasing issues.', // n <= 253 is asserted
  ],
};

/** circomspect has no include path: give it a copy whose includes are all relative. */
async function copyForLint(root: string): Promise<string[]> {
  await cp(
    path.join(path.dirname(require.resolve('circomlib/package.json')), 'circuits'),
    path.join(root, 'circomlib/circuits'),
    { recursive: true },
  );
  const folders = ['lib', ...STATEMENT_KINDS.map(({ source }) => path.dirname(source))];
  const files: string[] = [];
  for (const folder of folders) {
    await cp(path.join(import.meta.dirname, folder), path.join(root, folder), { recursive: true });
    for (const name of await readdir(path.join(root, folder), { recursive: true })) {
      if (!name.endsWith('.circom')) continue;
      const file = path.join(folder, name);
      const text = await readFile(path.join(root, file), 'utf8');
      await writeFile(
        path.join(root, file),
        text.replaceAll('"circomlib/', `"${path.relative(path.dirname(file), '.')}/circomlib/`),
      );
      files.push(file);
    }
  }
  return files;
}

test('circomspect warns of nothing that is not explained here', async () => {
  const root = await mkdtemp(path.join(tmpdir(), 'phalanx-lint-'));
  try {
    const files = await copyForLint(root);
    const cli = require.resolve('circomspect/cli.js');
    // It ends with 1 when it has something to say.
    const output = await new Promise<string>((resolve) => {
      execFile(process.execPath, [cli, ...files], { cwd: root }, (_, stdout, stderr) => resolve(stdout + stderr));
    });
    assert.match(output, /circomspect: \d+ issues? found/, output);
    for (const match of output.matchAll(/^(?:warning|error): (.*)\n *┌─ ([^:\n]+):/gm)) {
      const [, message = '', file = ''] = match;
      if (message.startsWith('Using the signal assignment operator')) continue; // the next test asks each for its pins
      assert.ok(EXPLAINED[file]?.includes(message), `${file}: ${message}\n${output}`);
    }
  } finally {
    await rm(root, { recursive: true });
  }
});

test('every hint says what pins it', async () => {
  for (const name of await readdir(path.join(import.meta.dirname, 'lib'), { recursive: true })) {
    if (!name.endsWith('.circom')) continue;
    const text = await readFile(path.join(import.meta.dirname, 'lib', name), 'utf8');
    for (const line of text.split('\n').filter((one) => one.includes('<--'))) {
      const pins = /HINT, pinned by((?: \[\d+\])+)/.exec(line)?.[1]?.match(/\[\d+\]/g);
      assert.ok(pins, `${name}: ${line}`);
      for (const pin of pins) assert.ok(text.includes(`// ${pin}`), `${name}: ${pin} is nowhere`);
    }
  }
});
