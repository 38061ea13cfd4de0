// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { parseHex, toBytesBE } from './bytes.ts';
import { evmChainId, parseChainId } from './chain.ts';
import { InvalidFieldError } from './errors.ts';
import { FQ, FR, parseFr, parseU64, toFr } from './field.ts';
import { parseProof, proofToJson, toSolidityProof } from './proof.ts';
import { isQuorum } from './share.ts';
import { statementId } from './statement.ts';

const refusals: readonly (readonly [string, () => unknown])[] = [
  ...['', '-1', '+1', '01', '1.0', '0x1', ' 1', '1e3', `${FR}`, '9'.repeat(200)].map(
    (text) => [`signal "${text.slice(0, 20)}"`, () => parseFr(text, 'x')] as const,
  ),
  ['a signal that is a number', () => parseFr(1, 'x')],
  ['2^64 as u64', () => parseU64((1n << 64n).toString(), 'x')],
  ['upper-case hex', () => parseHex('0xAB', 1, 'x')],
  ['hex of another length', () => parseHex('0xabab', 1, 'x')],
  ['an integer wider than its bytes', () => toBytesBE(256n, 1, 'x')],
  ['a chain id without reference', () => parseChainId('eip155', 'x')],
];
for (const [name, parse] of refusals) test(`refuses ${name}`, () => assert.throws(parse, InvalidFieldError));

test('accepts the largest values in range', () => {
  assert.equal(parseFr(`${FR - 1n}`, 'x'), FR - 1n);
  assert.equal(parseU64(`${(1n << 64n) - 1n}`, 'x'), (1n << 64n) - 1n);
  assert.equal(evmChainId(parseChainId('eip155:31337', 'x')), 31337);
  assert.equal(evmChainId(parseChainId('cosmos:cosmoshub-4', 'x')), undefined);
});

test('a quorum is strictly more than the share', () => {
  assert.equal(isQuorum(2n, 3n, 20_000), false);
  assert.equal(isQuorum(2_000_001n, 3_000_000n, 20_000), true);
  assert.equal(isQuorum(0n, 0n, 20_000), false);
  assert.equal(isQuorum(3n, 4n, 22_500), false);
});

test('a statement id is SHA-256 of its documented bytes', () => {
  const bytes = Buffer.concat([
    Buffer.from([1, 9]),
    Buffer.from('quorum-16'),
    Buffer.from('7'.padStart(64, '0') + 'ff'.padStart(64, '0'), 'hex'),
  ]);
  const id = statementId({ circuit: 'quorum-16', publicSignals: [toFr(7n, 'a'), toFr(255n, 'b')] });
  assert.equal(id, `0x${createHash('sha256').update(bytes).digest('hex')}`);
});

const json = proofToJson({
  a: [1n, 2n],
  b: [
    [3n, 4n],
    [5n, 6n],
  ],
  c: [7n, FQ - 1n],
});

test('a proof survives the JSON form and swaps G2 coordinates for Solidity', () => {
  const proof = parseProof(structuredClone(json));
  assert.deepEqual(proofToJson(proof), json);
  assert.deepEqual(toSolidityProof(proof).b, [
    [4n, 3n],
    [6n, 5n],
  ]);
});

const proofFaults: readonly (readonly [string, unknown])[] = [
  ['an unknown field', { ...json, extra: 1 }],
  ['another curve', { ...json, curve: 'bls12381' }],
  ['a projective point', { ...json, pi_a: ['1', '2', '2'] }],
  ['a coordinate of q', { ...json, pi_c: [`${FQ}`, '1', '1'] }],
  ['a leading zero', { ...json, pi_a: ['01', '2', '1'] }],
  ['a missing coordinate', { ...json, pi_b: [['1', '2'], ['1']] }],
  ['null', null],
  ['an array', []],
];
for (const [name, fault] of proofFaults) {
  test(`refuses a proof with ${name}`, () => assert.throws(() => parseProof(fault), InvalidFieldError));
}
