// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { TEST_CHAIN, testBlockId, testVote } from '../../protocol/cometbft/testing/generated-chain.ts';
import { blockAnswer, duplicateVoteJson } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { PREVOTE, type Vote } from '../../protocol/cometbft/vote.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { until } from '../../relayer/testing/log.ts';
import { block, START, VALIDATORS } from '../../verifier-api/testing/followed-chain.ts';
import { StandInProver } from '../../verifier-api/testing/stand-in-prover.ts';
import { FollowWorld } from './follow-world.ts';

let world: FollowWorld;
beforeEach(async () => (world = await FollowWorld.open()));
afterEach(() => world.close());

/** Two prevotes of one validator. @param signer who signed them, if it is another */
function votes(height: bigint, place = 3, signer = place): DuplicateVote {
  const [named, other] = [VALIDATORS[place] ?? assert.fail(), VALIDATORS[signer] ?? assert.fail()];
  const vote = (block: string): Vote => {
    const timeNs = 1_704_067_200_000_000_000n;
    return { type: PREVOTE, height, round: 0, timeNs, blockId: testBlockId(block) };
  };
  const [voteA, voteB] = ['a', 'b'].map((block) => ({ ...testVote(other, vote(block)), address: named.address }));
  return { voteA: voteA ?? assert.fail(), voteB: voteB ?? assert.fail() };
}

const said = (part: string): number => world.lines.filter((line) => line.includes(part)).length;

function addWithEvidence(height: bigint, evidence: readonly DuplicateVote[]): void {
  world.folder.add({ height, validators: VALIDATORS }, evidence);
}

/** What the API has of the offences that were posted: asking again is harmless, and shows it. */
function reported(): Promise<Record<string, unknown>[]> {
  return Promise.all(
    world.offences.map(async (report) => {
      const { status, body } = await world.api.post(`/v1/cometbft/cosmos:${TEST_CHAIN}/duplicate-votes`, report);
      assert.equal(status, 202, JSON.stringify(body));
      return body;
    }),
  );
}

test('a duplicate vote in a block is posted, with the header of its height', async () => {
  [11n, 12n].forEach((height) => world.add(height));
  addWithEvidence(13n, [votes(12n)]);
  world.add(14n);
  await world.start();
  await world.reach(14n);
  await world.rounds();
  assert.deepEqual(world.posted, [14n, 12n]);
  assert.equal(world.offences.length, 1);
  assert.deepEqual(world.offences[0]?.['evidence'], duplicateVoteJson(votes(12n)));
  const [found] = await reported();
  assert.deepEqual([found?.['height'], found?.['validator']], ['12', VALIDATORS[3]?.address]);
});

test('one about a header that is accepted, and one far below the latest, need no more than that', async () => {
  for (let height = 11n; height <= 20n; height += 1n) world.add(height);
  await world.start();
  await world.reach(20n);
  addWithEvidence(21n, [votes(20n), votes(15n, 4)]);
  await world.reach(21n);
  await until(() => world.offences.length === 2, 'both are posted', 60_000);
  assert.deepEqual(world.posted, [20n, 21n, 15n]);
  assert.deepEqual((await reported()).map((offence) => offence['height']).sort(), ['15', '20']);
  await world.stop();
  // What was under way when it ended is read again, and known.
  await world.start();
  world.add(22n);
  await world.reach(22n);
  assert.deepEqual(world.posted, [20n, 21n, 15n, 22n]);
});

test('evidence that does not hold costs nothing but a line of the log, and what holds is posted', async () => {
  for (let height = 11n; height <= 40n; height += 1n) world.add(height);
  const second = await world.addNode();
  const forged = Array.from({ length: 24 }, (_, place) => votes(12n + BigInt(place), place, (place + 1) % 24));
  const huge = { ...duplicateVoteJson(votes(20n, 7)), note: 'x'.repeat(100_000) };
  const evidence = [
    ...[...forged, votes(START - 1n), votes(41n, 6)].map(duplicateVoteJson),
    { type: 'tendermint/LightClientAttackEvidence', value: {} },
    huge,
  ];
  const { result } = blockAnswer(block(40n), []);
  second.answer = ({ method, params }) => {
    const height = params.get('height') ?? '';
    if (method === 'blockchain') {
      const header = { height: params.get('maxHeight'), evidence_hash: 'AB'.repeat(32) };
      return { result: { block_metas: [{ header }] } };
    }
    return method === 'block' && height === '40'
      ? { result: { ...result, block: { evidence: { evidence } } } }
      : undefined;
  };
  await world.start();
  await world.reach(40n);
  addWithEvidence(41n, [votes(12n)]);
  await world.reach(41n);
  await until(() => world.offences.length === 1, 'the true one is posted', 60_000);
  for (const line of ['does not hold', 'evidence of a block is left behind', 'no duplicate vote, or of a height above'])
    await world.said(line);
  const heights = forged.length;
  await until(() => said('evidence that a node lists does not hold') === heights, 'all are checked', 60_000);
  await world.rounds();
  assert.deepEqual(world.posted, [40n, 41n, 12n]);
  assert.deepEqual(world.offences[0]?.['evidence'], duplicateVoteJson(votes(12n)));
});

test('one whose proving fails is posted again, until it is proved', async () => {
  world.add(11n);
  addWithEvidence(12n, [votes(11n)]);
  await world.start();
  await until(() => world.offences.length === 1, 'it is posted', 60_000);
  const [{ id, shards } = assert.fail()] = await reported();
  const state = async () => (await world.api.get(`/v1/cometbft/duplicate-votes/${String(id)}`)).body['state'];
  const prover = await StandInProver.start(world.api);
  for (const { statement } of shards as { statement: StatementId }[]) prover.unprovable.add(statement);
  await world.said('a duplicate vote is not proved; it is posted again');
  prover.unprovable.clear();
  await until(async () => (await state()) === 'proved', 'it is proved', 60_000);
  await prover.stop();
  assert.ok(world.offences.length > 1);
});

test('a chain whose blocks cannot be read for evidence is followed all the same', async () => {
  const [node] = world.nodes;
  assert.ok(node);
  node.answer = ({ method }) => (method === 'blockchain' ? 500 : undefined);
  world.add(11n);
  await world.start();
  await world.reach(11n);
  await world.said('blocks cannot be read for evidence now');
});
