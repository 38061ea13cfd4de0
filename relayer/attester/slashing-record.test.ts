// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import fc from 'fast-check';
import { conflictOf } from '../../protocol/attestation.ts';
import { chainKey, parseChainId } from '../../protocol/chain.ts';
import { Secret } from '../../runtime/secret.ts';
import { TEST_SECRET, testVote } from '../testing/votes.ts';
import { RecordError, RecordLockedError, RecordMissingError, SlashableVoteError } from './errors.ts';
import { SlashingRecord } from './slashing-record.ts';
import { VoteHistory } from './slashing-rules.ts';
import { attesterKey } from './voter.ts';

const key = attesterKey(new Secret(TEST_SECRET));
let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phalanx-record-'));
  path = join(folder, 'record.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

function open(): SlashingRecord {
  if (!existsSync(path)) SlashingRecord.initialise(path, key);
  return SlashingRecord.open(path, key);
}

/** Commit in one run, then judge another vote in the next. */
function afterRestart(first: Parameters<typeof testVote>, second: Parameters<typeof testVote>): void {
  const before = open();
  before.commit(testVote(...first));
  before.close();
  const record = open();
  try {
    record.commit(testVote(...second));
  } finally {
    record.close();
  }
}

const offences: [string, Parameters<typeof testVote>, Parameters<typeof testVote>][] = [
  ['a double vote', [0n, 64n], [0n, 64n, { fork: 'other' }]],
  ['a double vote from another source', [0n, 128n], [64n, 128n, { fork: 'other' }]],
  ['a double vote under another set', [0n, 64n], [0n, 64n, { fork: 'other', set: 2n }]],
  ['a vote that surrounds', [64n, 128n], [0n, 192n]],
  ['a vote that is surrounded', [0n, 192n], [64n, 128n]],
];
for (const [name, first, second] of offences) {
  test(`refuses ${name}, also after a restart`, () =>
    assert.throws(() => afterRestart(first, second), SlashableVoteError));
}

const harmless: [string, Parameters<typeof testVote>, Parameters<typeof testVote>][] = [
  ['the same vote', [0n, 64n], [0n, 64n]],
  ['the same checkpoint from a newer source', [0n, 128n], [64n, 128n]],
  ['the same checkpoint under another set', [0n, 64n], [0n, 64n, { set: 2n }]],
  ['the next checkpoint', [0n, 64n], [64n, 128n]],
  ['the next checkpoint from the same source', [0n, 64n], [0n, 128n]],
  [
    'another chain',
    [64n, 128n],
    [0n, 192n, { chain: chainKey(parseChainId('eip155:2', 'id'), `0x${'00'.repeat(32)}`) }],
  ],
];
for (const [name, first, second] of harmless) {
  test(`signs ${name}, also after a restart`, () => afterRestart(first, second));
}

test('whatever is asked, no two votes that it lets through contradict each other, pruned or not', () => {
  const vote = fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 4 }), fc.constantFrom('', 'x'));
  fc.assert(
    fc.property(fc.array(vote, { maxLength: 25 }), fc.integer({ min: 0, max: 25 }), (asked, pruneAt) => {
      const history = new VoteHistory();
      const given: ReturnType<typeof testVote>[] = [];
      asked.forEach(([source, span, fork], i) => {
        if (i === pruneAt) history.prune(2);
        const next = testVote(BigInt(source), BigInt(source + span), { fork });
        try {
          history.assertSafe(next.attestation);
        } catch (error) {
          assert.ok(error instanceof SlashableVoteError);
          return;
        }
        history.add(next.attestation);
        given.push(next);
      });
      for (const a of given) for (const b of given) assert.equal(conflictOf(a.attestation, b.attestation), undefined);
    }),
    { numRuns: 300 },
  );
});

test('after pruning it refuses what lies below the watermark, harmless or not, and goes on above', () => {
  const record = open();
  for (let i = 0n; i < 10n; i += 1n) record.commit(testVote(i * 64n, (i + 1n) * 64n));
  record.close();
  const pruned = SlashingRecord.open(path, key, { compactAbove: 5, keepPerChain: 2 });
  pruned.commit(testVote(8n * 64n, 9n * 64n));
  assert.throws(() => pruned.commit(testVote(0n, 64n)), SlashableVoteError);
  assert.throws(() => pruned.commit(testVote(6n * 64n, 12n * 64n)), SlashableVoteError);
  pruned.commit(testVote(10n * 64n, 11n * 64n));
  pruned.close();
  assert.equal(
    readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"vote"')).length,
    3,
  );
  const again = open();
  assert.throws(() => again.commit(testVote(0n, 64n)), SlashableVoteError);
  again.close();
});

test('killed between writing and giving out: the vote counts, and may be given out after the restart', async () => {
  open().close();
  const script = resolve(import.meta.dirname, '../testing/vote-and-wait.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, path, '0', '128'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  assert.throws(() => open(), RecordLockedError, 'a living process holds it');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const record = open();
  assert.throws(() => record.commit(testVote(0n, 128n, { fork: 'other' })), SlashableVoteError);
  assert.throws(() => record.commit(testVote(64n, 120n)), SlashableVoteError);
  record.commit(testVote(0n, 128n));
  record.close();
});

test('a line that a crash cut short was never given out: it is dropped, and what precedes it stands', () => {
  const record = open();
  record.commit(testVote(0n, 64n));
  record.close();
  const whole = readFileSync(path, 'utf8');
  appendFileSync(path, whole.split('\n')[1]?.slice(0, 40) ?? '');
  const next = open();
  assert.equal(readFileSync(path, 'utf8'), whole);
  assert.throws(() => next.commit(testVote(0n, 64n, { fork: 'other' })), SlashableVoteError);
  next.commit(testVote(64n, 128n));
  next.close();
  open().close();
});

test('a line that a crash cut right before its end counts', () => {
  const record = open();
  record.commit(testVote(0n, 64n));
  record.close();
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.slice(0, -1));
  const next = open();
  assert.equal(readFileSync(path, 'utf8'), whole);
  assert.throws(() => next.commit(testVote(0n, 64n, { fork: 'other' })), SlashableVoteError);
  next.commit(testVote(64n, 128n));
  next.close();
  open().close();
});

test('any damage refuses everything: every byte of every line', () => {
  const record = open();
  record.commit(testVote(0n, 64n));
  record.commit(testVote(64n, 128n));
  record.close();
  const whole = readFileSync(path);
  for (let i = 0; i < whole.length; i += 1) {
    const damaged = Buffer.from(whole);
    damaged[i] = (damaged[i] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    assert.throws(() => open(), RecordError, `byte ${i}`);
  }
});

test('a line that is missing in the middle, moved or doubled refuses everything', () => {
  const record = open();
  for (let i = 0n; i < 3n; i += 1n) record.commit(testVote(i * 64n, (i + 1n) * 64n));
  record.close();
  const [header = '', a = '', b = '', c = ''] = readFileSync(path, 'utf8').split('\n');
  for (const lines of [
    [header, a, c],
    [header, b, a, c],
    [header, a, a, b, c],
    [a, b, c],
    [header, a, header, b, c],
    [],
  ]) {
    writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
    assert.throws(() => open(), RecordError);
  }
});

test('a missing record, one of another key and a second beginning are refused', () => {
  assert.throws(() => SlashingRecord.open(path, key), RecordMissingError);
  SlashingRecord.initialise(path, attesterKey(new Secret(`0x${'77'.repeat(32)}`)));
  assert.throws(() => SlashingRecord.open(path, key), RecordError);
  assert.throws(() => SlashingRecord.initialise(path, key), RecordError);
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('one writer at a time: in this process, and never in place of one on another machine', () => {
  const record = open();
  assert.throws(() => open(), RecordLockedError);
  record.close();
  open().close();
  const lock = `${path}.lock`;
  const owner = { token: 'x', pid: 2 ** 22 + 1, started: '1', host: hostname(), boot: 'another boot' };
  writeFileSync(lock, JSON.stringify(owner));
  open().close();
  writeFileSync(lock, JSON.stringify({ ...owner, host: 'elsewhere' }));
  assert.throws(() => open(), RecordLockedError);
});

test('a writer whose lock was taken away signs nothing more', () => {
  const record = open();
  rmSync(`${path}.lock`);
  const other = open();
  assert.throws(() => record.commit(testVote(0n, 64n)), RecordLockedError);
  other.commit(testVote(0n, 64n));
  other.close();
  record.close();
  assert.throws(() => record.commit(testVote(64n, 128n)), RecordError);
});
