// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import {
  flipBit,
  setOf,
  TEST_CHAIN,
  testBlock,
  testValidators,
} from '../../protocol/cometbft/testing/generated-chain.ts';
import { noRecording, recordedFile, RECORDED_HEIGHTS } from '../../protocol/cometbft/testing/recorded.ts';
import { commitAnswer, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { runInProcess } from '../testing/run-in-process.ts';

const dir = mkdtempSync(join(tmpdir(), 'phalanx-cometbft-'));
const validators = testValidators('cli', [40n, 30n, 20n, 9n, 1n]);
const flags = ['commit', 'commit', 'nil', 'commit', 'absent'] as const;

function write(name: string, answer: unknown): string {
  const file = join(dir, name);
  writeFileSync(file, JSON.stringify(answer));
  return file;
}

const block = (change: (signed: SignedHeader) => SignedHeader = (signed) => signed): string =>
  write('commit.json', commitAnswer(change(testBlock({ height: 7n, validators, flag: (i) => flags[i] ?? 'absent' }))));

const pages = validatorsAnswers(setOf(validators), 7n, 2).map((page, i) => write(`validators-${i}.json`, page));

function verify(...words: string[]) {
  return runInProcess('cometbft', 'verify', ...words);
}

const read = (stdout: string) => JSON.parse(stdout) as Record<string, unknown>;

test('counts the votes and the power of a good commit, its set in pages', async () => {
  const { code, stdout } = await verify('--commit', block(), '--validators', ...pages, '--chain', TEST_CHAIN);
  assert.equal(code, 0);
  const result = read(stdout);
  assert.equal(result['valid'], true);
  assert.equal(result['height'], '7');
  assert.deepEqual(result['signatures'], { valid: 4, forBlock: 3, nil: 1, absent: 1 });
  assert.deepEqual(result['power'], { signed: '79', total: '100' });
  assert.equal(result['fewestSignatures'], 2);
});

test('refuses a wrong signature, by its reason, with 1', async () => {
  const file = block((signed) => {
    const signatures = signed.commit.signatures.map((place, i) =>
      i === 1 && place.flag !== 'absent' ? { ...place, signature: flipBit(place.signature, 9) } : place,
    );
    return { ...signed, commit: { ...signed.commit, signatures } };
  });
  const { code, stdout } = await verify('--commit', file, '--validators', ...pages);
  assert.equal(code, 1);
  assert.equal(read(stdout)['reason'], 'SIGNATURE');
});

test('names the file and the field of what is malformed', async () => {
  const missing = await verify('--commit', block(), '--validators', pages[0] ?? '');
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /validators-0\.json: expected all 5 validators \(found 2; pages hold at most 100\)/);
  const swapped = await verify('--commit', pages[0] ?? '', '--validators', ...pages);
  assert.match(swapped.stderr, /validators-0\.json\.result\.signed_header: expected an object/);
  const absent = await verify('--commit', join(dir, 'nowhere.json'), '--validators', ...pages);
  assert.equal(absent.code, 1);
  assert.match(absent.stderr, /^OPERATION_REFUSED: .*nowhere\.json cannot be read/);
  const text = write('text.json', 0);
  writeFileSync(text, 'not JSON');
  assert.match((await verify('--commit', text, '--validators', ...pages)).stderr, /text\.json: expected JSON/);
  const other = write('other.json', validatorsAnswers(setOf(validators), 8n)[0]);
  assert.match((await verify('--commit', block(), '--validators', other)).stderr, /validators of height 7, not 8/);
});

test('words that make no sense end with 2', async () => {
  assert.equal((await verify('--commit', block())).code, 2);
});

for (const height of RECORDED_HEIGHTS) {
  test(`cosmoshub-4 ${height}: 149 valid, 1 absent`, { skip: noRecording }, async () => {
    const files = ['--commit', recordedFile('commit', height), '--validators', recordedFile('validators', height)];
    const { code, stdout } = await verify(...files, '--chain', 'cosmoshub-4');
    assert.equal(code, 0);
    const result = read(stdout);
    assert.deepEqual(result['signatures'], { valid: 149, forBlock: 149, nil: 0, absent: 1 });
    assert.equal(result['fewestSignatures'], 23);
  });
}
