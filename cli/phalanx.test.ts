// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { inputJson } from '../circuits/input-schema.ts';
import { publicKey, sign } from '../protocol/eddsa.ts';
import { toFr } from '../protocol/field.ts';
import { prepareKeys } from './prepare-keys.ts';
import { runPhalanx } from './testing/run-phalanx.ts';

const COMMANDS = [
  'demo',
  'demo-cometbft',
  'up',
  'down',
  'api',
  'worker',
  'relay',
  'attest',
  'watch',
  'follow',
  'setup',
  'circuits',
  'ceremony',
  'prove',
  'verify',
  'cometbft',
  'config',
];
const dir = mkdtempSync(join(tmpdir(), 'phalanx-cli-'));
const inputs = join(dir, 'inputs.json');
const proof = join(dir, 'proof.json');

before(async () => {
  await prepareKeys(['registration'], () => undefined);
  const secret = new Uint8Array(32).fill(7);
  const digest = toFr(123_456n, 'digest');
  writeFileSync(inputs, inputJson({ key: publicKey(secret), digest, signature: sign(secret, digest) }));
});

test('lists every command, and each explains itself', async () => {
  const { code, stdout } = await runPhalanx('--help');
  assert.equal(code, 0);
  for (const command of COMMANDS) assert.match(stdout, new RegExp(`^  ${command}\\b`, 'm'));
  const helps = await Promise.all(COMMANDS.map((command) => runPhalanx(command, '--help')));
  helps.forEach((help, i) => {
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`^Usage: phalanx ${COMMANDS[i]}`));
  });
});

test('words that make no sense end with 2, on standard error', async () => {
  for (const words of [['fly'], ['prove'], ['verify', proof, '--mode', 'lenient'], ['key', 'new']]) {
    const { code, stdout, stderr } = await runPhalanx(...words);
    assert.equal(code, 2, words.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /error: /);
  }
});

test('circuits --json tells name, capacity, constraints, signals in order and keys with their hashes', async () => {
  const { code, stdout } = await runPhalanx('circuits', '--json');
  assert.equal(code, 0);
  const circuits = JSON.parse(stdout) as {
    name: string;
    capacity: number | null;
    constraints: number;
    publicSignals: string[];
    keys: Record<string, unknown>[];
  }[];
  assert.deepEqual(
    circuits.map(({ name, capacity }) => [name, capacity]),
    [
      ['quorum-16', 16],
      ['quorum-64', 64],
      ['quorum-128', 128],
      ['equivocation', null],
      ['registration', null],
      ['ed25519-2', 2],
      ['ed25519-7', 7],
      ['ed25519-15', 15],
    ],
  );
  const registration = circuits.find(({ name }) => name === 'registration');
  assert.deepEqual(registration?.publicSignals, ['keyX', 'keyY', 'digest']);
  const key = registration.keys.find(({ kind, current }) => kind === 'development' && current);
  for (const hash of ['verificationKeyHash', 'zkeyHash', 'r1csHash', 'wasmHash'])
    assert.match(String(key?.[hash]), /^0x[0-9a-f]{64}$/);
});

test('proves from a file and verifies the file, without any server', async () => {
  const proved = await runPhalanx('prove', 'registration', '--inputs', inputs, '--out', proof);
  assert.equal(proved.code, 0, proved.stderr);
  const verified = await runPhalanx('verify', proof);
  assert.equal(verified.code, 0, verified.stderr);
  const { valid, claim } = JSON.parse(verified.stdout) as { valid: boolean; claim: Record<string, string> };
  assert.equal(valid, true);
  assert.equal(claim['digest'], '123456');
});

test('a proof of another claim does not verify; production refuses a development key', async () => {
  await runPhalanx('prove', 'registration', '--inputs', inputs, '--out', proof);
  const proved = JSON.parse(readFileSync(proof, 'utf8')) as { publicSignals: string[] };
  const altered = join(dir, 'altered.json');
  writeFileSync(altered, JSON.stringify({ ...proved, publicSignals: [...proved.publicSignals.slice(0, 2), '123457'] }));
  const wrong = await runPhalanx('verify', altered);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stdout, /"reason": "PAIRING"/);
  const production = await runPhalanx('verify', proof, '--mode', 'production');
  assert.equal(production.code, 1);
  assert.match(production.stderr, /development key/);
  const proving = await runPhalanx('prove', 'registration', '--inputs', inputs, '--mode', 'production');
  assert.equal(proving.code, 1);
  assert.match(proving.stderr, /development key/);
});

test('a witness that does not exist is a plain error, not a stack', async () => {
  const bad = join(dir, 'bad.json');
  const parsed = JSON.parse(readFileSync(inputs, 'utf8')) as Record<string, unknown>;
  writeFileSync(bad, JSON.stringify({ ...parsed, digest: '1' }));
  const { code, stderr } = await runPhalanx('prove', 'registration', '--inputs', bad);
  assert.equal(code, 1);
  assert.match(stderr, /^[A-Z_]+: /m);
  assert.doesNotMatch(stderr, /^ {4}at /m);
});

test('config check reports every problem with its path and exits with 1', async () => {
  const file = join(dir, 'phalanx.yaml');
  writeFileSync(file, 'coalition: { hub: x }\nchains: []\nspeed: 9\nrelayer: { keyFile: none.key }\n');
  const { code, stderr } = await runPhalanx('config', 'check', file);
  assert.equal(code, 1);
  const inFile = ['coalition.hub', 'coalition.trustingPeriodSeconds', 'chains', 'speed'];
  const needed = ['redis: this section', 'attester: this section', 'attester.keyFile', 'relayer.keyFile'];
  for (const text of [...inFile, ...needed]) assert.ok(stderr.includes(text), `${text} in ${stderr}`);
});

test('a party of a ceremony may bring entropy in a file, which must hold some', async () => {
  const [empty, none] = [join(dir, 'empty.txt'), join(dir, 'none.txt')];
  writeFileSync(empty, '');
  for (const [file, message] of [
    [empty, 'is empty'],
    [none, 'ENOENT'],
  ] as const) {
    const words = ['a.zkey', 'b.zkey', '--name', 'Ada', '--entropy-file', file];
    const { code, stderr } = await runPhalanx('ceremony', 'contribute', ...words);
    assert.deepEqual([code, stderr.includes(message)], [1, true], stderr);
  }
});
