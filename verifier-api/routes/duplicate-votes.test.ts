// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeAbiParameters, decodeFunctionData, type Hex } from 'viem';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { duplicateVoteParameters } from '../../protocol/abi/cometbft-evidence.ts';
import { NIL_BLOCK_ID, type BlockId } from '../../protocol/cometbft/block-id.ts';
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { headerHash } from '../../protocol/cometbft/header.ts';
import { TEST_CHAIN, testBlockId, testVote } from '../../protocol/cometbft/testing/generated-chain.ts';
import { duplicateVoteJson } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { PRECOMMIT, PREVOTE, voteSignBytes, type Vote } from '../../protocol/cometbft/vote.ts';
import { toHex } from '../../protocol/bytes.ts';
import { speaksOfSlots, type SignedSlot } from '../../protocol/signature-slots.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { statementKeys } from '../../runtime/keys.ts';
import { apiKeys } from '../store/redis-keys.ts';
import { ConsensusStateStore } from '../store/consensus-state-store.ts';
import { duplicateVoteStore } from '../store/duplicate-vote-store.ts';
import { ApiFixture, type Answer, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';
import { block, followedSection, request, START, UPDATES, validator, VALIDATORS } from '../testing/followed-chain.ts';
import { StandInProver } from '../testing/stand-in-prover.ts';

const REPORTS = `/v1/cometbft/cosmos:${TEST_CHAIN}/duplicate-votes`;
/** A height whose header is accepted. */
const HEIGHT = 20n;
/** Another. */
const LATER = 22n;

let api: ApiFixture;
let prover: StandInProver;
before(async () => {
  api = await ApiFixture.start({}, followedSection());
  prover = await StandInProver.start(api);
  for (const height of [HEIGHT, LATER]) {
    const { body } = await api.post(UPDATES, request(block(height)));
    await reach(body['id'], 'proved', '/v1/cometbft/updates/');
  }
});
after(async () => {
  await prover.stop();
  await api.stop();
});

const pathOf = (id: unknown): string => `/v1/cometbft/duplicate-votes/${String(id)}`;
const statementOf = (offence: Wire): StatementId =>
  (offence['shards'] as { statement: StatementId }[])[0]?.statement as StatementId;

/** Each test has an offender of its own. */
function votes(
  place: number,
  change: Partial<Vote> = {},
  ids: readonly [BlockId, BlockId] = [testBlockId('a'), testBlockId('b')],
): DuplicateVote {
  const vote = (blockId: BlockId, late: bigint): Vote => {
    const timeNs = block(HEIGHT).header.timeNs + late;
    return { type: PRECOMMIT, height: HEIGHT, round: 0, timeNs, ...change, blockId };
  };
  return {
    voteA: testVote(validator(place), vote(ids[0], 1n)),
    voteB: testVote(validator(place), vote(ids[1], 987_654_321n)),
  };
}

/** What is posted. @param height of the header beside the votes */
function report(evidence: DuplicateVote, height = HEIGHT): Wire {
  const { commit, validators } = request(block(height));
  return { evidence: duplicateVoteJson(evidence), commit, validators };
}

async function submit(body: Wire): Promise<Wire> {
  const answer = await api.post(REPORTS, body);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  assert.equal(answer.headers.get('location'), pathOf(answer.body['id']));
  return answer.body;
}

async function reach(id: unknown, state: string, path = '/v1/cometbft/duplicate-votes/'): Promise<Wire> {
  for (let i = 0; i < 400; i++) {
    const { body } = await api.get(`${path}${String(id)}`);
    if (body['state'] === state) return body;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${String(id)} is not ${state}`);
}

const calldata = (id: unknown, chain = 'eip155:31337'): Promise<Answer> =>
  api.get(`${pathOf(id)}/calldata?chain=${chain}`);

describe('a duplicate vote', () => {
  const [a, b] = [testBlockId('a'), testBlockId('b')];
  const sameHash = { ...a, parts: { ...a.parts, total: 2 } };
  for (const [i, [name, change, ids]] of (
    [
      ['two precommits', {}, [a, b]],
      ['two prevotes of a later round', { type: PREVOTE, round: 2 }, [a, b]],
      ['one for nil', { round: 3 }, [NIL_BLOCK_ID, b]],
      ['the other for nil', { type: PREVOTE }, [a, NIL_BLOCK_ID]],
      ['one hash, another number of parts', { round: 4 }, [a, sameHash]],
    ] as const
  ).entries())
    test(`${name}: proved by one statement of two signatures, and given to the judge in its form`, async () => {
      const evidence = votes(i, change, ids);
      const { voteA, voteB } = evidence;
      const offence = await submit(report(evidence));
      assert.equal(offence['chain'], `cosmos:${TEST_CHAIN}`);
      assert.deepEqual([offence['validator'], offence['consensusKey']], [validator(i).address, validator(i).key]);
      assert.deepEqual([offence['height'], offence['round']], [String(HEIGHT), voteA.round]);
      assert.equal(offence['type'], voteA.type === PREVOTE ? 'prevote' : 'precommit');
      assert.equal(offence['circuit'], 'ed25519-2');
      const proved = await reach(offence['id'], 'proved');

      const statement = (await api.get(`/v1/statements/${statementOf(offence)}`)).body;
      const { digest, challenge, evaluation } = statement['signals'] as Record<string, string>;
      const slots: SignedSlot[] = [voteA, voteB].map((vote) => ({
        key: validator(i).key,
        message: toHex(voteSignBytes(TEST_CHAIN, vote)),
      }));
      const signals = [digest, challenge, evaluation].map((signal) => BigInt(signal ?? -1));
      assert.equal(speaksOfSlots(signals, slots, 2), true);

      const { body } = await calldata(offence['id']);
      assert.equal(body['to'], api.config.chains[0]?.contracts.coalition);
      const { functionName, args } = decodeFunctionData({ abi: coalitionAbi, data: body['data'] as Hex });
      assert.ok(functionName === 'slashDuplicateVote');
      assert.deepEqual(args.slice(0, 2), [api.config.cometbft[0]?.chainKey, validator(i).key]);
      const [shown] = decodeAbiParameters(duplicateVoteParameters, args[2]);
      assert.deepEqual([shown.voteType, shown.round, shown.index], [voteA.type, voteA.round, BigInt(i)]);
      assert.equal(shown.header.height, HEIGHT);
      assert.deepEqual([shown.signatures.keyHash, shown.signatures.digest], [proved['keyHash'], signals[0]]);
      const isNil = ({ hash }: BlockId): boolean => hash === '0x';
      for (const [vote, form] of [
        [voteA, shown.first],
        [voteB, shown.second],
      ] as const) {
        // prettier-ignore
        assert.equal(form.secs * 1_000_000_000n + BigInt(form.nanos), vote.timeNs);
        assert.equal(form.blockId.partsTotal, vote.blockId.parts.total);
        assert.equal(form.blockId.hash, isNil(vote.blockId) ? `0x${'00'.repeat(32)}` : vote.blockId.hash);
      }
    });

  test('is one offence in either order, at whatever times, and proved once', async () => {
    const { voteA, voteB } = votes(5);
    const first = await submit(report({ voteA, voteB }));
    const proved = await reach(first['id'], 'proved');
    const before = await api.digest();
    const begun = prover.begun.length;
    assert.deepEqual(await submit(report({ voteA: voteB, voteB: voteA })), proved);
    const later = testVote(validator(5), { ...voteB, timeNs: voteB.timeNs + 5n });
    const other = testVote(validator(5), { ...voteA, blockId: NIL_BLOCK_ID });
    assert.deepEqual(await submit(report({ voteA, voteB: later })), proved);
    assert.deepEqual(await submit(report({ voteA: other, voteB: later })), proved);
    assert.equal(await api.digest(), before);
    assert.equal(prover.begun.length, begun);
  });

  test('is the one offence of its key, open or proved, whatever others are shown', async () => {
    const others: Partial<Vote>[] = [{ round: 1 }, { type: PREVOTE }, { height: LATER, round: 2 }];
    const count = async (): Promise<number> => (await api.redis.keys(apiKeys.duplicateVotes.bundle('*'))).length;
    await prover.stop();
    const { id } = await submit(report(votes(6)));
    const records = await count();
    const answers = await Promise.all(others.map((change) => submit(report(votes(6, change), change.height))));
    assert.deepEqual(answers.map((answer) => answer['id']), [id, id, id]); // prettier-ignore
    prover = await StandInProver.start(api);
    const proved = await reach(id, 'proved');
    for (const change of others) assert.deepEqual(await submit(report(votes(6, change), change.height)), proved);
    assert.equal(await count(), records);
  });

  test('gives way an hour after it was proved to one of a greater height, and to no other', async () => {
    const { id } = await submit(report(votes(16)));
    const proved = await reach(id, 'proved');
    const ended = apiKeys.duplicateVotes.bundle(String(id));
    await api.redis.hset(ended, 'endedAt', Date.now() - 3_590_000);
    assert.deepEqual(await submit(report(votes(16, { height: LATER }), LATER)), proved);
    await api.redis.hset(ended, 'endedAt', Date.now() - 3_600_000);
    assert.deepEqual(await submit(report(votes(16, { round: 1 }))), proved);
    const later = await submit(report(votes(16, { height: LATER }), LATER));
    assert.deepEqual([later['height'], later['state']], [String(LATER), 'proving']);
    await reach(later['id'], 'proved');
    assert.equal((await submit(report(votes(16, { height: LATER, round: 1 }), LATER)))['id'], later['id']);
    assert.deepEqual(await submit(report(votes(16))), proved);
  });

  test('that failed lets another of its key begin', async () => {
    await prover.stop();
    const first = await submit(report(votes(17)));
    prover = await StandInProver.start(api);
    prover.unprovable.add(statementOf(first));
    await reach(first['id'], 'failed');
    const second = await submit(report(votes(17, { round: 1 })));
    assert.notEqual(second['id'], first['id']);
    assert.equal((await submit(report(votes(17))))['id'], second['id']);
    await reach(second['id'], 'proved');
  });

  test('proved under a key since replaced begins anew, and leaves the feed until it is proved', async () => {
    const first = await submit(report(votes(18)));
    const { id } = first;
    const { sequence } = await reach(id, 'proved');
    await prover.stop();
    // As it is on disk where the circuit had another key when it was proved.
    for (const key of [apiKeys.duplicateVotes.bundle(String(id)), statementKeys.statement(statementOf(first))]) {
      await api.redis.hset(key, 'keyHash', `0x${'01'.repeat(32)}`);
    }
    const again = await submit(report(votes(18)));
    assert.deepEqual([again['id'], again['state']], [id, 'proving']);
    const after = Number(sequence) - 1;
    assert.deepEqual((await api.get(`/v1/cometbft/duplicate-votes?after=${after}`)).body['duplicateVotes'], []);
    prover = await StandInProver.start(api);
    assert.equal((await reach(id, 'proved'))['sequence'], Number(sequence) + 1);
  });

  test('stands in the feed once it is proved, and names the update of its header', async () => {
    const { duplicateVotes: all } = (await api.get('/v1/cometbft/duplicate-votes?limit=500')).body as {
      duplicateVotes: Wire[];
    };
    const after = Math.max(0, ...all.map(({ sequence }) => Number(sequence)));
    const { id } = await submit(report(votes(7)));
    const proved = await reach(id, 'proved');
    const page = (await api.get(`/v1/cometbft/duplicate-votes?after=${after}`)).body;
    assert.deepEqual(page['duplicateVotes'], [proved]);
    assert.deepEqual(
      (await api.get(`/v1/cometbft/duplicate-votes?after=${Number(page['after'])}`)).body['duplicateVotes'],
      [],
    );
    const update = (await api.get(`/v1/cometbft/updates/${String(proved['headerUpdate'])}`)).body;
    assert.deepEqual([update['height'], update['blockHash']], [String(HEIGHT), headerHash(block(HEIGHT).header)]);
    assert.equal(proved['blockHash'], update['blockHash']);
    assert.match(
      (await api.get('/metrics')).body['text'] as string,
      /phalanx_duplicate_votes_total\{[^}]*chain="cosmos:phalanx-test-1"/,
    );
  });

  test('at the height that ledgers start from needs no update', async () => {
    const offence = await submit(report(votes(8, { height: START }), START));
    assert.equal(offence['headerUpdate'], null);
    await reach(offence['id'], 'proved');
  });

  test('fails with its statement, and begins anew with whatever votes come next', async () => {
    await prover.stop();
    const offence = await submit(report(votes(9)));
    expectProblem(await calldata(offence['id']), 'NOT_PROVED');
    prover = await StandInProver.start(api);
    prover.unprovable.add(statementOf(offence));
    const failed = await reach(offence['id'], 'failed');
    assert.equal((failed['failure'] as Wire)['code'], 'WITNESS');
    const { voteA, voteB } = votes(9);
    const again = await submit(report({ voteA: voteB, voteB: voteA }));
    assert.deepEqual([again['id'], again['failure']], [offence['id'], null]);
    assert.notEqual(statementOf(again), statementOf(offence));
    await reach(offence['id'], 'proved');
  });

  test('is deliverable where a ledger follows the chain', async () => {
    const { id } = await submit(report(votes(10)));
    await reach(id, 'proved');
    assert.equal((await calldata(id)).status, 200);
    expectProblem(await calldata(id, 'eip155:31338'), 'NOT_DELIVERABLE');
    expectProblem(await calldata(id, 'eip155:5'), 'CHAIN_UNKNOWN');
  });

  test('is kept as long as the retention says, but never while it is open', async () => {
    const { id } = await submit(report(votes(11)));
    const { sequence } = await reach(id, 'proved');
    await prover.stop();
    const open = await submit(report(votes(12)));
    const store = duplicateVoteStore(api.redis);
    assert.equal(await store.prune(60_000), 0);
    const subject = apiKeys.duplicateVotes.subject(`cosmos:${TEST_CHAIN}:${validator(11).key}`);
    assert.equal(await api.redis.exists(subject), 1);
    assert.ok((await store.prune(-1)) > 0);
    assert.equal(await api.redis.exists(subject), 0);
    expectProblem(await api.get(pathOf(id)), 'NOT_FOUND');
    const after = Number(sequence) - 1;
    assert.deepEqual((await api.get(`/v1/cometbft/duplicate-votes?after=${after}`)).body['duplicateVotes'], []);
    prover = await StandInProver.start(api);
    await reach(open['id'], 'proved');
  });
});

describe('refused before anything is stored', () => {
  const OUTSIDE = `0x${'ab'.repeat(20)}` as const;
  const { voteA, voteB } = votes(20);
  const by = (place: number, vote: Vote, address = validator(20).address) => ({
    ...testVote(validator(place), vote),
    address,
  });
  const zero = { hash: `0x${'00'.repeat(32)}`, parts: voteA.blockId.parts } as const;
  const change = (body: Wire, path: string, value: unknown): Wire => {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const holder = parts.reduce((at, part) => at[part] as Wire, body);
    holder[last] = value;
    return body;
  };
  const [HEADER, COMMIT] = ['header', 'commit'].map((part) => `commit.result.signed_header.${part}`);
  type Code = 'EVIDENCE_REFUSED' | 'HEADER_NOT_ACCEPTED' | 'INVALID_FIELD' | 'UNKNOWN_FIELD';
  const faults: readonly [name: string, body: () => Wire, code: Code, field?: string][] = [
    ['the same block id', () => report({ voteA, voteB: by(20, { ...voteB, blockId: voteA.blockId }) }), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['nil twice', () => report(votes(20, {}, [NIL_BLOCK_ID, NIL_BLOCK_ID])), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['two rounds', () => report({ voteA, voteB: by(20, { ...voteB, round: 1 }) }), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['two types', () => report({ voteA, voteB: by(20, { ...voteB, type: PREVOTE }) }), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['two validators', () => report({ voteA, voteB: testVote(validator(21), voteB) }), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['another validator’s signature', () => report({ voteA, voteB: by(21, voteB) }), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['a validator outside the set', () => report({ voteA: { ...voteA, address: OUTSIDE }, voteB: { ...voteB, address: OUTSIDE } }), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['signatures for another chain', () => report({ voteA, voteB: testVote(validator(20), voteB, 'other-1') }), 'EVIDENCE_REFUSED', 'evidence.value'],
    ['a vote for a block of hash zero', () => report({ voteA, voteB: by(20, { ...voteB, blockId: zero }) }), 'INVALID_FIELD', 'evidence.value.vote_b.block_id.hash'],
    ['a header of another height', () => report(votes(20), START), 'EVIDENCE_REFUSED', `${COMMIT}.height`],
    ['a height that is not accepted', () => report(votes(20, { height: 21n }), 21n), 'HEADER_NOT_ACCEPTED'],
    ['another block than the accepted one', () => change(report(votes(20)), 'commit', request(block(HEIGHT, { fork: 'other' }))['commit']), 'HEADER_NOT_ACCEPTED'],
    ['a header that is not the commit’s', () => change(report(votes(20)), `${HEADER}.app_hash`, 'AB'.repeat(32)), 'EVIDENCE_REFUSED', `${COMMIT}.block_id.hash`],
    ['a set that is not the header’s', () => change(report(votes(20)), 'validators', request(block(HEIGHT, { validators: VALIDATORS.slice(1) }), START, VALIDATORS.slice(1))['validators']), 'EVIDENCE_REFUSED', 'validators'],
    ['evidence of another kind', () => change(report(votes(20)), 'evidence.type', 'tendermint/LightClientAttackEvidence'), 'INVALID_FIELD', 'evidence.type'],
    ['a field of another form', () => change(report(votes(20)), 'evidence.value.vote_a.height', 20), 'INVALID_FIELD', 'evidence.value.vote_a.height'],
    ['no evidence', () => change(report(votes(20)), 'evidence', undefined), 'INVALID_FIELD', 'evidence'],
    ['a misspelt field', () => change(report(votes(20)), 'validator', []), 'UNKNOWN_FIELD', 'validator'],
  ]; // prettier-ignore
  for (const [name, body, code, field] of faults)
    test(name, async () => {
      const before = await api.redis.keys(`${apiKeys.duplicateVotes.bundle('*')}`);
      const answer = await api.post(REPORTS, body());
      expectProblem(answer, code);
      const named = (answer.body['errors'] as Wire[] | undefined)?.map((error) => error['field']);
      assert.deepEqual(named, field === undefined ? undefined : [field]);
      assert.deepEqual((await api.redis.keys(`${apiKeys.duplicateVotes.bundle('*')}`)).sort(), before.sort());
    });

  test('a chain that is not followed, an offence that is not known', async () => {
    expectProblem(await api.post('/v1/cometbft/cosmos:other/duplicate-votes', report(votes(20))), 'NOT_FOUND');
    expectProblem(await api.get(pathOf(`0x${'00'.repeat(32)}`)), 'NOT_FOUND');
  });
});

test('a header is known for the retention after its trusting period, for evidence that comes late', async () => {
  const [chain] = api.config.cometbft;
  assert.ok(chain);
  const states = new ConsensusStateStore(api.redis);
  const expiresMs = Number(block(HEIGHT).header.timeNs / 1_000_000n) + chain.trustingPeriodSeconds * 1_000;
  assert.equal(await states.prune(chain, expiresMs + 60_000 - 1, 60_000), 0);
  await reach((await submit(report(votes(13))))['id'], 'proved');
  assert.equal(await states.prune(chain, expiresMs + 60_000, 60_000), 1);
  expectProblem(await api.post(REPORTS, report(votes(14))), 'HEADER_NOT_ACCEPTED');
});
