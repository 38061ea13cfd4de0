// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT, sourceFiles } from './source-files.ts';

/** Every kind of file that can carry a comment and holds work of ours. */
const LICENSED = /\.(ts|mts|js|mjs|cjs|sol|circom|lua|sh|toml|ya?ml|c|cc|cpp|h|hpp|py|gyp)$|(^|\/)(Makefile|run)$/;

/** What other people's contracts import stands under a licence that asks nothing of them. */
const expectedLicence = (path: string): string =>
  /^contracts\/src\/interfaces\//.test(path) ? 'MIT' : 'GPL-3.0-or-later';

test('every source file names its licence in its first three lines', () => {
  const files = sourceFiles().filter((path) => LICENSED.test(path));
  assert.ok(files.length > 50, `only ${files.length} files found`);
  const wrong = files.filter((path) => {
    const head = readFileSync(join(ROOT, path), 'utf8').split('\n', 3).join('\n');
    return !head.includes(`SPDX-License-Identifier: ${expectedLicence(path)}`);
  });
  assert.deepEqual(wrong, []);
});
