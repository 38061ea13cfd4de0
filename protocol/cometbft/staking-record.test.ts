// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toHex, type Hex } from '../bytes.ts';
import { parseAbciAnswer, type AbciAnswer } from './abci-query.ts';
import { stakingKey, stakingProofs } from './staking-record.ts';
import { stakingRecord, stakingState } from './testing/staking-state.ts';

const account = (byte: string): Hex => `0x${byte.repeat(20)}`;
const validator = (byte: string) => ({
  account: account(byte),
  operatorAddress: `cosmosvaloper1${byte}`,
  consensusKey: `0x${byte.repeat(32)}` as Hex,
});
const state = stakingState(9n, [validator('aa'), validator('bb')]);
const answer = (): AbciAnswer => parseAbciAnswer(state.answer(account('bb')), 'answer');

test('the record of an account, with the proofs of both trees', () => {
  assert.equal(stakingKey(account('bb')), `0x2114${'bb'.repeat(20)}`);
  const found = answer();
  assert.equal(found.value, toHex(stakingRecord(validator('bb'))));
  const [store, root] = found.proof;
  assert.deepEqual(stakingProofs(found, account('bb'), 'answer'), {
    storeProof: store?.data,
    rootProof: root?.data,
  });
});

for (const [name, why, change] of [
  ['of a query that failed', /response\.code: expected 0, .* says: no such store/, { code: 1, log: 'no such store' }],
  ['of another account', /response\.key: expected 0x2114bb/, { key: stakingKey(account('aa')) }],
  ['that is not there', /response\.value: .*runs no validator/, { value: '0x' }],
  ['without a proof', /response\.proofOps: expected ics23:iavl and ics23:simple/, { proof: [] }],
  ['with one proof', /response\.proofOps/, { proof: answer().proof.slice(0, 1) }],
  ['with a third', /response\.proofOps/, { proof: [...answer().proof, ...answer().proof.slice(1)] }],
  ['with the proofs in another order', /response\.proofOps/, { proof: answer().proof.toReversed() }],
] satisfies [string, RegExp, Partial<AbciAnswer>][])
  test(`a record ${name} is refused`, () => {
    assert.throws(() => stakingProofs({ ...answer(), ...change }, account('bb'), 'answer'), why);
  });
