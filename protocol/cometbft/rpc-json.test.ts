// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { InvalidFieldError, PhalanxError } from '../errors.ts';
import { parseSignedHeader } from './commit.ts';
import { parseDuplicateVote } from './duplicate-vote.ts';
import { CometBftRefusal } from './refusal.ts';
import { setOf, testBlock, testBlockId, testValidators, testVote, TEST_TIME_NS } from './testing/generated-chain.ts';
import { commitAnswer, duplicateVoteJson, validatorsAnswers } from './testing/rpc-answers.ts';
import { timeFromText, timeToText, ZERO_TIME_NS } from './timestamp.ts';
import { parseValidators } from './validator-set.ts';
import { PREVOTE } from './vote.ts';

const validators = testValidators('rpc', [5n, 4n, 3n]);
const set = setOf(validators);
const signedHeader = testBlock({
  height: 9n,
  validators,
  flag: (i) => (['commit', 'nil', 'absent'] as const)[i] ?? 'absent',
});
const vote = { type: PREVOTE, height: 9n, round: 2, blockId: testBlockId('a'), timeNs: TEST_TIME_NS } as const;
const [voter] = validators;
assert.ok(voter);
const evidence = { voteA: testVote(voter, vote), voteB: testVote(voter, { ...vote, blockId: testBlockId('b') }) };

/** Set what lies at a path of keys and indices; `undefined` removes it. */
function put(json: unknown, path: string, value: unknown): unknown {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let node = json as Record<string, unknown>;
  for (const key of keys) node = node[key] as Record<string, unknown>;
  if (value === undefined) Reflect.deleteProperty(node, last);
  else node[last] = value;
  return json;
}

/** The field as errors write it. */
const written = (label: string, path: string): string =>
  `${label}${path
    .split('.')
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('')}`;

function refusesEach(
  parse: (json: unknown) => unknown,
  fresh: () => unknown,
  faults: readonly (readonly [string, unknown])[],
) {
  for (const [path, value] of faults) {
    test(`${path} = ${value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60)}`, () => {
      parse(fresh());
      assert.throws(
        () => parse(put(fresh(), path, value)),
        (error) =>
          error instanceof InvalidFieldError && error.field === written('x', path) && !/Invalid/.test(error.bound),
      );
    });
  }
}

const header = 'result.signed_header.header';
const commit = 'result.signed_header.commit';
const hash = 'AB'.repeat(32);

describe('/commit', () => {
  test('is read back as it was', () =>
    assert.deepEqual(parseSignedHeader(commitAnswer(signedHeader), 'x'), signedHeader));

  refusesEach(
    (json) => parseSignedHeader(json, 'x'),
    () => commitAnswer(signedHeader),
    [
      ['result', undefined],
      ['error', { code: -32603, message: 'Internal error' }],
      ['result.signed_header', null],
      [header, undefined],
      [`${header}.version.block`, '10'],
      [`${header}.version.app`, '-1'],
      [`${header}.version.app`, '18446744073709551616'],
      [`${header}.chain_id`, ''],
      [`${header}.chain_id`, 'x'.repeat(51)],
      [`${header}.chain_id`, 7],
      [`${header}.height`, '0'],
      [`${header}.height`, '-9'],
      [`${header}.height`, '09'],
      [`${header}.height`, ' 9'],
      [`${header}.height`, '9223372036854775808'],
      [`${header}.height`, 9],
      [`${header}.time`, '2024-01-01 00:00:00Z'],
      [`${header}.time`, '2024-02-30T00:00:00Z'],
      [`${header}.time`, '2024-01-01T00:00:60Z'],
      [`${header}.time`, '2024-01-01T00:00:00.Z'],
      [`${header}.time`, '2024-01-01T00:00:00.0000000001Z'],
      [`${header}.time`, '2024-01-01T00:00:00+01:00'],
      [`${header}.time`, '0000-12-31T23:59:59Z'],
      [`${header}.time`, undefined],
      [`${header}.last_block_id.hash`, hash.toLowerCase()],
      [`${header}.last_block_id.parts.total`, '1'],
      [`${header}.last_block_id.parts.total`, -1],
      [`${header}.data_hash`, hash.slice(2)],
      [`${header}.data_hash`, `0x${hash}`],
      [`${header}.validators_hash`, ''],
      [`${header}.next_validators_hash`, ''],
      [`${header}.app_hash`, 'A'],
      [`${header}.app_hash`, null],
      [`${header}.proposer_address`, 'AB'.repeat(21)],
      [`${commit}.height`, '0'],
      [`${commit}.round`, -1],
      [`${commit}.round`, '0'],
      [`${commit}.round`, 1.5],
      [`${commit}.round`, 2 ** 31],
      [`${commit}.block_id.hash`, ''],
      [`${commit}.block_id.parts.total`, 0],
      [`${commit}.block_id.parts.total`, 2 ** 32],
      [`${commit}.block_id.parts.hash`, ''],
      [`${commit}.signatures`, []],
      [`${commit}.signatures`, null],
      [`${commit}.signatures.0`, null],
      [`${commit}.signatures.0.block_id_flag`, 0],
      [`${commit}.signatures.0.block_id_flag`, 4],
      [`${commit}.signatures.0.block_id_flag`, '2'],
      [`${commit}.signatures.0.validator_address`, ''],
      [`${commit}.signatures.0.validator_address`, 'AB'.repeat(19)],
      [`${commit}.signatures.0.timestamp`, ''],
      [`${commit}.signatures.0.signature`, null],
      [`${commit}.signatures.0.signature`, ''],
      [`${commit}.signatures.0.signature`, Buffer.alloc(63).toString('base64')],
      [`${commit}.signatures.0.signature`, Buffer.alloc(65).toString('base64')],
      [`${commit}.signatures.0.signature`, Buffer.alloc(64).toString('base64').slice(0, -2)],
      [`${commit}.signatures.0.signature`, Buffer.alloc(64).toString('hex')],
      [`${commit}.signatures.1.signature`, undefined],
      [`${commit}.signatures.2.validator_address`, 'AB'.repeat(20)],
      [`${commit}.signatures.2.timestamp`, '2024-01-01T00:00:00Z'],
      [`${commit}.signatures.2.signature`, Buffer.alloc(64).toString('base64')],
    ],
  );

  test('takes a first block, whose last block id and hashes are empty', () => {
    const first = testBlock({ height: 1n, validators });
    const empty = {
      ...first,
      header: { ...first.header, lastCommitHash: '0x', dataHash: '0x', version: { block: 11n, app: 3n } },
    } as const;
    assert.deepEqual(parseSignedHeader(commitAnswer(empty), 'x'), empty);
  });
});

describe('/validators', () => {
  test('is read back as it was, whatever its pages', () => {
    for (const perPage of [1, 2, 3, 100]) {
      assert.deepEqual(parseValidators(validatorsAnswers(set, 9n, perPage), 'x'), { height: 9n, set });
    }
  });

  refusesEach(
    (json) => parseValidators([json], 'x'),
    () => validatorsAnswers(set, 9n)[0],
    [
      ['result', null],
      ['result.block_height', '0'],
      ['result.total', 3],
      ['result.validators', {}],
      ['result.validators.1', 7],
      ['result.validators.1.address', ''],
      ['result.validators.1.pub_key', null],
      ['result.validators.1.pub_key.type', 'tendermint/PubKeySecp256k1'],
      ['result.validators.1.pub_key.value', Buffer.alloc(33).toString('base64')],
      ['result.validators.1.voting_power', '-1'],
      ['result.validators.1.voting_power', '18446744073709551615'],
      ['result.validators.1.voting_power', String(1n << 60n)],
      ['result.validators.1.voting_power', 4],
      ['result.validators.1.voting_power', undefined],
    ],
  );

  test('refuses a missing page, a page twice and pages of two heights', () => {
    const pages = validatorsAnswers(set, 9n, 2);
    assert.throws(() => parseValidators(pages.slice(0, 1), 'x'), /x: expected all 3 validators \(found 2/);
    assert.throws(() => parseValidators([...pages, ...pages.slice(1)], 'x'), /x: expected all 3 validators \(found 4/);
    const mixed = [...pages.slice(0, 1), ...validatorsAnswers(set, 8n, 2).slice(1)];
    assert.throws(() => parseValidators(mixed, 'x'), /x: expected pages of one set/);
    assert.throws(() => parseValidators([], 'x'), InvalidFieldError);
  });

  test('refuses an address that is not its key’s, a key twice and powers beyond an eighth of an int64', () => {
    const refused = (change: (rows: Record<string, unknown>[]) => void, reason: string) => {
      const [page] = validatorsAnswers(set, 9n);
      change((page?.result as { validators: Record<string, unknown>[] }).validators);
      assert.throws(
        () => parseValidators([page], 'x'),
        (error) => error instanceof CometBftRefusal && error.reason === reason,
      );
    };
    refused((rows) => Object.assign(rows[0] ?? {}, { address: rows[1]?.['address'] }), 'VALIDATOR_ADDRESS');
    refused((rows) => (rows[2] = { ...rows[0] }), 'VALIDATOR_REPEATED');
    refused((rows) => rows.forEach((row) => (row['voting_power'] = String(1n << 59n))), 'POWER_EXCESSIVE');
  });
});

describe('evidence', () => {
  test('is read back as it was', () =>
    assert.deepEqual(parseDuplicateVote(duplicateVoteJson(evidence), 'x'), evidence));

  refusesEach(
    (json) => parseDuplicateVote(json, 'x'),
    () => duplicateVoteJson(evidence),
    [
      ['type', 'tendermint/LightClientAttackEvidence'],
      ['value.vote_a', undefined],
      ['value.vote_a.type', 32],
      ['value.vote_a.type', 0],
      ['value.vote_a.height', '0'],
      ['value.vote_a.round', -1],
      ['value.vote_b.block_id', { hash, parts: { total: 0, hash: '' } }],
      ['value.vote_b.block_id', { hash: '', parts: { total: 1, hash } }],
      ['value.vote_b.block_id', { hash: '', parts: { total: 1, hash: '' } }],
      ['value.vote_b.block_id', { hash: '', parts: { total: 0, hash } }],
      ['value.vote_b.block_id', { hash, parts: { total: 1, hash: '' } }],
      ['value.vote_b.block_id', { hash, parts: { total: 0, hash } }],
      ['value.vote_b.validator_address', ''],
      ['value.vote_b.signature', null],
    ],
  );
});

/** Every path of keys and indices in a JSON value. */
function pathsOf(json: unknown): string[] {
  if (typeof json !== 'object' || json === null) return [];
  return Object.entries(json).flatMap(([key, value]) => [key, ...pathsOf(value).map((path) => `${key}.${path}`)]);
}

test('whatever stands in whatever field, an answer is read or refused on purpose', () => {
  const parsers: readonly (readonly [fresh: () => unknown, parse: (json: unknown) => unknown])[] = [
    [() => commitAnswer(signedHeader), (json) => parseSignedHeader(json, 'x')],
    [() => validatorsAnswers(set, 9n)[0], (json) => parseValidators([json], 'x')],
    [() => duplicateVoteJson(evidence), (json) => parseDuplicateVote(json, 'x')],
  ];
  for (const [fresh, parse] of parsers) {
    fc.assert(
      fc.property(fc.constantFrom(...pathsOf(fresh())), fc.jsonValue(), (path, value) => {
        try {
          parse(put(fresh(), path, value));
        } catch (error) {
          assert.ok(error instanceof PhalanxError, String(error));
        }
      }),
      { numRuns: 300 },
    );
  }
});

test('times are written as they are read', () => {
  for (const text of [
    '0001-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999999999Z',
    '1970-01-01T00:00:00Z',
    '2021-12-08T01:51:39.428531525Z',
    '2024-02-29T00:00:00.5Z',
    '9999-12-31T23:59:59.999999999Z',
  ]) {
    const time = timeFromText(text);
    assert.ok(time !== undefined, text);
    assert.equal(timeToText(time), text);
  }
  assert.equal(timeFromText('0001-01-01T00:00:00Z'), ZERO_TIME_NS);
  assert.equal(timeFromText('1969-12-31T23:59:59.999999999Z'), -1n);
});
