// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parse, stringify } from 'yaml';
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { flipBit, setOf, TEST_CHAIN, testBlockId, testVote } from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer, duplicateVoteJson, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { PREVOTE, type Vote } from '../../protocol/cometbft/vote.ts';
import { ApiFixture } from '../../verifier-api/testing/api-fixture.ts';
import { block, followedSection, START, VALIDATORS } from '../../verifier-api/testing/followed-chain.ts';
import { runInProcess } from '../testing/run-in-process.ts';

/** Evidence from files to a real API, which is given the header of the votes' height as the one it starts from. */
const COSMOS = `cosmos:${TEST_CHAIN}`;
let api: ApiFixture;

before(async () => {
  api = await ApiFixture.start({}, followedSection());
  const file = join(api.folder, 'phalanx.yaml');
  const config = parse(readFileSync(file, 'utf8')) as { api: object };
  // An address where nobody listens comes first.
  const urls = ['http://127.0.0.1:1', api.apis[0]?.url];
  writeFileSync(join(api.folder, 'reporter.yaml'), stringify({ ...config, api: { ...config.api, urls } }));
});
after(() => api.stop());

function write(name: string, content: unknown): string {
  const file = join(api.folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function votes(height = START): DuplicateVote {
  const [offender] = VALIDATORS;
  assert.ok(offender);
  const vote = (name: string): Vote => {
    const { timeNs } = block(height).header;
    return { type: PREVOTE, height, round: 0, timeNs, blockId: testBlockId(name) };
  };
  return { voteA: testVote(offender, vote('a')), voteB: testVote(offender, vote('b')) };
}

function evidence(duplicate: DuplicateVote, height = START, chain = COSMOS): ReturnType<typeof runInProcess> {
  const pages = validatorsAnswers(setOf(VALIDATORS), height, 10);
  return runInProcess(
    'cometbft',
    'evidence',
    '-c',
    join(api.folder, 'reporter.yaml'),
    '--cometbft',
    chain,
    '--evidence',
    write('evidence.json', duplicateVoteJson(duplicate)),
    '--commit',
    write('commit.json', commitAnswer(block(height))),
    '--validators',
    ...pages.map((page, i) => write(`validators.${i}.json`, page)),
  );
}

test('a duplicate vote is taken in, its set in pages, by the first address that answers; again it is the same', async () => {
  const { code, stdout, stderr } = await evidence(votes());
  assert.equal(code, 0, stderr);
  const reported = JSON.parse(stdout) as Record<string, unknown>;
  assert.equal(reported['consensusKey'], VALIDATORS[0]?.key);
  const { status, body } = await api.get(`/v1/cometbft/duplicate-votes/${String(reported['id'])}`);
  assert.deepEqual([status, body['height'], body['type']], [200, String(START), 'prevote']);
  const { voteA, voteB } = votes();
  assert.equal((JSON.parse((await evidence({ voteA: voteB, voteB: voteA })).stdout) as { id: string }).id, body['id']);
});

test('what is no duplicate vote is refused here, by its reason', async () => {
  const { voteA, voteB } = votes();
  for (const [why, duplicate, height] of [
    [/SIGNATURE/, { voteA, voteB: { ...voteB, signature: flipBit(voteB.signature) } }, START],
    [/VOTE_BLOCK_ID/, { voteA, voteB: voteA }, START],
    [/votes are of height 10, the commit of 11/, votes(), START + 1n],
  ] as const) {
    const { code, stderr } = await evidence(duplicate, height);
    assert.deepEqual([code, why.test(stderr)], [1, true], stderr);
  }
});

test('a header that the API has not accepted, and a chain that is not followed, are refused', async () => {
  const late = await evidence(votes(START + 1n), START + 1n);
  assert.deepEqual([late.code, /HEADER_NOT_ACCEPTED/.test(late.stderr)], [1, true], late.stderr);
  const other = await evidence(votes(), START, 'cosmos:other');
  assert.deepEqual([other.code, /cosmos:other is none of/.test(other.stderr)], [1, true], other.stderr);
});
