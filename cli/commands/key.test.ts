// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fromHex, parseHex } from '../../protocol/bytes.ts';
import { publicKey } from '../../protocol/eddsa.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'phalanx-key-'));

test('a new key is readable by its owner alone, and only its public half is printed', async () => {
  const file = join(dir, 'validator.key');
  const { code, stdout } = await runInProcess('key', 'new', file);
  assert.equal(code, 0);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const secret = parseHex(readFileSync(file, 'utf8').trim(), 32, 'secret');
  const { x, y } = publicKey(fromHex(secret));
  assert.match(stdout, new RegExp(`key x +${x}\nkey y +${y}\n`));
  assert.ok(!stdout.includes(secret.slice(2)));
});

test('an existing file is refused and stays as it is', async () => {
  const file = join(dir, 'once.key');
  await runInProcess('key', 'new', file);
  const content = readFileSync(file, 'utf8');
  const { code, stderr } = await runInProcess('key', 'new', file);
  assert.equal(code, 1);
  assert.match(stderr, /never overwritten/);
  assert.equal(readFileSync(file, 'utf8'), content);
});
