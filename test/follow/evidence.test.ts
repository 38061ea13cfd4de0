// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { TEST_CHAIN, testBlockId, testVote } from '../../protocol/cometbft/testing/generated-chain.ts';
import { blockAnswer, duplicateVoteJson } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { PREVOTE, type Vote } from '../../protocol/cometbft/vote.ts';
import { block, START, VALIDATORS } from '../../verifier-api/testing/followed-chain.ts';
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

test('a duplicate vote in a block is posted, after the header of its height and before that of the block', async () => {
  [11n, 12n].forEach((height) => world.add(height));
  addWithEvidence(13n, [votes(12n)]);
  world.add(14n);
  await world.start();
  await world.reach(14n);
  await world.rounds();
  assert.deepEqual(world.posted, [12n, 14n]);
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
  assert.deepEqual(world.posted, [20n, 15n, 21n]);
  assert.deepEqual((await reported()).map((offence) => offence['height']).sort(), ['15', '20']);
  await world.stop();
  // What was under way when it ended is read again, and known.
  await world.start();
  world.add(22n);
  await world.reach(22n);
  assert.deepEqual(world.posted, [20n, 15n, 21n, 22n]);
});

test('evidence that does not hold is refused once, what is none is reported, and both are left behind', async () => {
  world.add(11n);
  addWithEvidence(12n, [votes(11n, 3, 4), votes(START - 1n), votes(11n, 5)]);
  const answer = blockAnswer(block(12n), []);
  const evidence = [{ type: 'tendermint/LightClientAttackEvidence', value: {} }];
  const [node] = world.nodes;
  assert.ok(node);
  const second = await world.addNode();
  second.answer = ({ method }) =>
    method === 'block' ? { ...answer, result: { block: { evidence: { evidence } } } } : undefined;
  await world.start();
  await world.reach(12n);
  await world.rounds();
  assert.deepEqual(world.posted, [11n, 12n]);
  assert.equal(world.offences.length, 2);
  await world.said('a block holds evidence that is no duplicate vote');
  const refused = world.lines.filter((line) => line.includes('evidence of a block is refused'));
  assert.deepEqual(refused.map((line) => /EVIDENCE_REFUSED|NOTHING_TRUSTED/.exec(line)?.[0]).sort(), [
    'EVIDENCE_REFUSED',
    'NOTHING_TRUSTED',
  ]);
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
