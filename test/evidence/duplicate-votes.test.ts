// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { NIL_BLOCK_ID } from '../../protocol/cometbft/block-id.ts';
import { testBlockId, testVote } from '../../protocol/cometbft/testing/generated-chain.ts';
import { duplicateVoteJson } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { PRECOMMIT, PREVOTE, type Vote } from '../../protocol/cometbft/vote.ts';
import { until } from '../../relayer/testing/log.ts';
import { block, request, UPDATES, validator } from '../../verifier-api/testing/followed-chain.ts';
import { EvidenceWorld, FOLLOWED } from './evidence-world.ts';
import type { EvidenceChain } from './evidence-chain.ts';
import type { ChainKey } from '../../protocol/chain.ts';

/*
 * From a post to the API to slashed operators, on the real contracts of two chains.
 */

const [ACTIVE, TOMBSTONED] = [1, 3];
const STAKE_GWEI = 100_000_000_000n;
const CHAIN_KEY = FOLLOWED.chainKey as ChainKey;
const REPORTS = UPDATES.replace('updates', 'duplicate-votes');
const PATIENCE_MS = 90_000;

let world: EvidenceWorld;
before(
  async () => {
    world = await EvidenceWorld.start();
    for (const chain of world.chains) for (const i of [0, 1, 2]) await chain.register(i);
    await world.startRelayer();
    for (const height of [20n, 30n]) {
      await postHeader(height);
      await untilAll(async (chain) => (await chain.head()) === height, `the ledgers are at ${height}`);
    }
    // Long known when a ledger is past it: not sent until evidence needs it.
    for (const height of [25n, 26n]) await postHeader(height, 20n);
    await untilAll(async () => superseded() === 4, 'what is below the heads is passed over');
  },
  { timeout: 600_000 },
);
after(() => world?.close());

const superseded = (): number => world.lines.filter((line) => line.includes('"outcome":"superseded"')).length;

async function post(path: string, body: unknown): Promise<string> {
  const answer = await world.api.post(path, body);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return String(answer.body['id']);
}

async function postHeader(height: bigint, trusted?: bigint): Promise<void> {
  const id = await post(UPDATES, request(block(height), trusted));
  const path = `/v1/cometbft/updates/${id}`;
  await until(async () => (await world.api.get(path)).body['state'] === 'proved', `${height} is proved`, PATIENCE_MS);
}

function votes(place: number, height: bigint, change: Partial<Vote> = {}): DuplicateVote {
  const { timeNs } = block(height).header;
  const vote: Vote = { type: PRECOMMIT, height, round: 0, blockId: testBlockId('a'), timeNs, ...change };
  const other = { ...vote, blockId: NIL_BLOCK_ID, timeNs: timeNs + 1_000_000_007n };
  return { voteA: testVote(validator(place), vote), voteB: testVote(validator(place), other) };
}

async function report(evidence: DuplicateVote): Promise<string> {
  const { commit, validators } = request(block(evidence.voteA.height));
  return post(REPORTS, { evidence: duplicateVoteJson(evidence), commit, validators });
}

/** Mine, so that what is sent is confirmed, until it holds on every chain. */
async function untilAll(
  holds: (chain: EvidenceChain) => Promise<boolean>,
  what: string,
  chains: readonly EvidenceChain[] = world.chains,
): Promise<void> {
  await until(
    async () => {
      for (const { chain } of world.chains) await chain.client.mine({ blocks: 1 });
      return (await Promise.all(chains.map(holds))).every(Boolean);
    },
    what,
    PATIENCE_MS,
  );
}

/** A round or more of the relayer in which it has nothing to send. */
async function settled(id: string, outcome: string, times: number): Promise<void> {
  const line = (text: string): boolean =>
    text.includes(`duplicate-votes:${id}`) && text.includes(`"outcome":"${outcome}"`);
  await until(() => world.lines.filter(line).length === times, `${id} is ${outcome}`, PATIENCE_MS);
}

const isSlashed = async (chain: EvidenceChain, i: number): Promise<boolean> =>
  (await chain.standing(i)).status === TOMBSTONED;

test('an operator whose key is bound is slashed on every chain; the header that judges need goes before', async () => {
  for (const chain of world.chains) {
    for (const place of [0, 3]) await chain.bind(0, CHAIN_KEY, validator(place).key);
  }
  assert.deepEqual(await Promise.all(world.chains.map((chain) => chain.holds(25n))), [false, false]);
  await report(votes(0, 25n));
  await untilAll((chain) => isSlashed(chain, 0), 'operator 0 is slashed');
  for (const chain of world.chains) {
    assert.deepEqual([await chain.holds(25n), await chain.head()], [true, 30n]);
    assert.deepEqual(await chain.standing(0), { stakeGwei: 0n, status: TOMBSTONED });
    assert.deepEqual(await chain.standing(1), { stakeGwei: STAKE_GWEI, status: ACTIVE });
    assert.equal(await chain.shown(), 1);
  }
});

test('who is tombstoned is not slashed again, for this offence in other votes or for another key’s', async () => {
  const sent = await Promise.all(world.chains.map((chain) => chain.sent()));
  const { voteA, voteB } = votes(0, 25n);
  await report({ voteA: voteB, voteB: voteA });
  const another = await report(votes(3, 25n, { round: 1, type: PREVOTE }));
  await settled(another, 'already', 2);
  assert.deepEqual(await Promise.all(world.chains.map((chain) => chain.sent())), sent);
});

test('while its key is unbound an offence waits, and its header with it, on each chain by itself', async () => {
  const { hub, far } = world;
  const sent = await Promise.all(world.chains.map((chain) => chain.sent()));
  const id = await report(votes(1, 26n, { type: PREVOTE }));
  const waits = (line: string): boolean => /evidence-headers.*ConsensusKeyUnbound/.test(line) && line.includes(id);
  for (const chain of ['eip155:31337', 'eip155:31338']) {
    const said = (): boolean => world.lines.some((line) => waits(line) && line.includes(chain));
    await until(said, `it is unbound on ${chain}`, PATIENCE_MS);
  }
  assert.deepEqual(await Promise.all(world.chains.map((chain) => chain.sent())), sent);
  assert.deepEqual(await Promise.all(world.chains.map((chain) => isSlashed(chain, 1))), [false, false]);
  await hub.bind(1, CHAIN_KEY, validator(1).key);
  await untilAll((chain) => isSlashed(chain, 1), 'operator 1 is slashed on the hub', [hub]);
  assert.deepEqual([await isSlashed(far, 1), await hub.holds(26n), await far.holds(26n)], [false, true, false]);
  await far.bind(1, CHAIN_KEY, validator(1).key);
  await untilAll((chain) => isSlashed(chain, 1), 'operator 1 is slashed on the other chain', [far]);
});

test('the header comes after those that the ledger lacks on the way to it', async () => {
  await world.stopRelayer();
  for (const height of [40n, 50n]) await postHeader(height, 30n);
  await world.startRelayer();
  await untilAll(async (chain) => (await chain.head()) === 50n, 'the newest header is held');
  await untilAll(async () => superseded() === 2, 'the one before is passed over');
  await postHeader(45n, 40n);
  for (const chain of world.chains) await chain.bind(2, CHAIN_KEY, validator(2).key);
  await report(votes(2, 45n));
  await untilAll((chain) => isSlashed(chain, 2), 'operator 2 is slashed');
  for (const chain of world.chains) {
    assert.deepEqual(await Promise.all([40n, 45n].map((height) => chain.holds(height))), [true, true]);
  }
});

test('a header below the heads that a later one is believed by goes first', async () => {
  const before = superseded();
  await postHeader(47n, 45n);
  await untilAll(async () => superseded() === before + 2, 'it is passed over');
  await postHeader(63n, 47n);
  await untilAll(async (chain) => (await chain.head()) === 63n, 'the later one is held');
  assert.deepEqual(await Promise.all(world.chains.map((chain) => chain.holds(47n))), [true, true]);
});

test('a relayer that has forgotten all finds everything done, and sends nothing', async () => {
  await world.stopRelayer();
  const sent = await Promise.all(world.chains.map((chain) => chain.sent()));
  const forgotten = await world.api.redis.keys('*:relayer:*');
  assert.ok(forgotten.length > 0);
  await world.api.redis.del(...forgotten);
  await world.startRelayer();
  const done = (line: string): boolean => line.includes('duplicate-votes:') && line.includes('"outcome":"already"');
  await until(() => world.lines.filter(done).length === 8, 'four offences are done on two chains', PATIENCE_MS);
  assert.deepEqual(await Promise.all(world.chains.map((chain) => chain.sent())), sent);
  for (const chain of world.chains) assert.equal(await chain.shown(), 3);
});
