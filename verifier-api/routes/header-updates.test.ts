// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { decodeFunctionData, encodeFunctionResult, keccak256, toFunctionSelector, type Hex } from 'viem';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import { ledgerState } from '../../protocol/cometbft/ledger-header.ts';
import { flipBit, TEST_CHAIN, testValidators } from '../../protocol/cometbft/testing/generated-chain.ts';
import { speaksOfSlots, type SignedSlot } from '../../protocol/signature-slots.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { PROVE_QUEUE, proveJobId, statementKeys } from '../../runtime/keys.ts';
import { apiKeys } from '../store/redis-keys.ts';
import { ApiFixture, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';
import { block, followedSection, LEDGER, request, START, UPDATES, VALIDATORS } from '../testing/followed-chain.ts';
import { StandInProver } from '../testing/stand-in-prover.ts';

let api: ApiFixture;
let prover: StandInProver;
before(async () => {
  api = await ApiFixture.start({}, followedSection());
  prover = await StandInProver.start(api);
});
after(async () => {
  await prover.stop();
  await api.stop();
});

const pathOf = (id: unknown): string => `/v1/cometbft/updates/${String(id)}`;
const idsOf = (update: Wire): StatementId[] =>
  (update['shards'] as { statement: StatementId }[]).map((s) => s.statement);

async function submit(body: Wire): Promise<Wire> {
  const answer = await api.post(UPDATES, body);
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  assert.equal(answer.headers.get('location'), pathOf(answer.body['id']));
  return answer.body;
}

async function reach(id: unknown, state: string): Promise<Wire> {
  for (let i = 0; i < 400; i++) {
    const { body } = await api.get(pathOf(id));
    if (body['state'] === state) return body;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${String(id)} is not ${state}`);
}

/** The ledger of the configuration holds these heights, each with the generated chain's block. */
function ledgerHolds(...heights: readonly bigint[]): void {
  const head = heights.at(-1) ?? 0n;
  const held = (height: bigint) => {
    const at = heights.indexOf(height);
    const digest = at < 0 ? 0n : BigInt(height === START ? digestOfStart() : 1n);
    return { digest: hex32(digest), timeNs: 1n, next: heights[at + 1] ?? 0n, since: 1 };
  };
  api.rpc.answers.set('eth_call', ([call]) => {
    const { to, data } = call as { to: string; data: Hex };
    assert.equal(to, LEDGER);
    if (data === toFunctionSelector('status()')) {
      const result = { generation: 0, headHeight: head, freeze: 0, freezeEndsAt: 0 };
      return encodeFunctionResult({ abi: cometBftLedgerAbi, functionName: 'status', result });
    }
    const { args } = decodeFunctionData({ abi: cometBftLedgerAbi, data });
    return encodeFunctionResult({ abi: cometBftLedgerAbi, functionName: 'held', result: held(args?.[0] as bigint) });
  });
}

const hex32 = (value: bigint): Hex => `0x${value.toString(16).padStart(64, '0')}`;

/** keccak256(abi.encode(state)), of five static words. */
function digestOfStart(): bigint {
  const state = ledgerState(START, consensusState(block(START).header));
  const words = [hex32(state.height), hex32(state.timeNs), state.appHash, state.nextValidatorsHash, state.blockHash];
  return BigInt(keccak256(`0x${words.map((word) => word.slice(2)).join('')}`));
}

/** A block of which the first places hold signatures that do not hold. */
function wronglySigned(height: bigint, wrong = VALIDATORS.length): SignedHeader {
  const { header, commit } = block(height);
  const signatures = commit.signatures.map((place, i) =>
    place.flag === 'absent' || i >= wrong ? place : { ...place, signature: flipBit(place.signature) },
  );
  return { header, commit: { ...commit, signatures } };
}

describe('a header update', () => {
  test('is accepted with the fewest signatures, sharded, proved, and stands in the feed once', async () => {
    const body = request(block(20n, { flag: (i) => (i === 0 ? 'nil' : i === 1 ? 'absent' : 'commit') }));
    const update = await submit(body);
    assert.equal(update['chain'], `cosmos:${TEST_CHAIN}`);
    assert.deepEqual([update['height'], update['trustedHeight'], update['signers']], ['20', '10', 17]);
    assert.deepEqual([update['circuit'], idsOf(update).length], ['ed25519-15', 2]);
    assert.deepEqual(update['destinations'], ['eip155:31337']);
    const proved = await reach(update['id'], 'proved');
    assert.equal(proved['proved'], 2);
    assert.deepEqual((await submit(body))['sequence'], proved['sequence']);
    assert.deepEqual([...prover.begun].sort(), idsOf(update).sort());

    const { updates, after } = (await api.get('/v1/cometbft/updates')).body as { updates: Wire[]; after: number };
    assert.deepEqual([updates, after], [[proved], proved['sequence']]);
    assert.deepEqual((await api.get(`/v1/cometbft/updates?after=${after}`)).body['updates'], []);
  });

  test('its shards are statements of their own, which say who signed what', async () => {
    const update = await submit(request(block(21n)));
    await reach(update['id'], 'proved');
    const slots: SignedSlot[] = [];
    for (const id of idsOf(update)) {
      const { body } = await api.get(`/v1/statements/${id}`);
      assert.deepEqual([body['kind'], body['state']], ['ed25519', 'proved']);
      const shard = (body['context'] as { slots: SignedSlot[] }).slots;
      const { digest, challenge, evaluation } = body['signals'] as Record<string, string>;
      const all = Array.from({ length: 15 }, (_, i) => shard[i] ?? (shard[0] as SignedSlot));
      const signals = [digest, challenge, evaluation].map((signal) => BigInt(signal ?? -1));
      assert.equal(speaksOfSlots(signals, all, 15), true);
      slots.push(...shard);
      expectProblem(await api.get(`/v1/statements/${id}/calldata?chain=eip155:31337`), 'NOT_DELIVERABLE');
    }
    assert.deepEqual(new Set(slots.map(({ key }) => key)).size, 17);
  });

  test('passes over signatures that do not hold, and is refused where what is left is too little', async () => {
    const update = await submit(request(wronglySigned(23n, 2)));
    assert.equal(update['signers'], 17);
    await reach(update['id'], 'proved');
    for (const id of idsOf(update)) {
      const { body } = await api.get(`/v1/statements/${id}`);
      const keys = (body['context'] as { slots: SignedSlot[] }).slots.map(({ key }) => key);
      for (const wrong of VALIDATORS.slice(0, 2)) assert.equal(keys.includes(wrong.key), false);
    }
    const answer = await api.post(UPDATES, request(wronglySigned(24n, 8)));
    expectProblem(answer, 'HEADER_REFUSED');
    assert.match(String(answer.body['detail']), /^POWER_INSUFFICIENT/);
  });

  test('by another trusted height it is another update of the same shards, each proved once', async () => {
    const before = prover.begun.length;
    await submit(request(block(30n)));
    const [first, second] = [await submit(request(block(31n))), await submit(request(block(31n), 30n))];
    assert.notEqual(first['id'], second['id']);
    assert.deepEqual(idsOf(first), idsOf(second));
    await Promise.all([first, second].map(({ id }) => reach(id, 'proved')));
    assert.equal(prover.begun.length - before, 4);
  });

  test('that skips to a new set is believed by the set that the trusted header names', async () => {
    const joined = [...VALIDATORS.slice(0, 12), ...testValidators('new', Array<bigint>(12).fill(10n))];
    const skipped = block(40n, { validators: joined });
    const without = await api.post(UPDATES, request(skipped, START, joined));
    expectProblem(without, 'HEADER_REFUSED');
    assert.equal((without.body['errors'] as Wire[])[0]?.['field'], 'trustedValidators');
    const update = await submit(request(skipped, START, joined, VALIDATORS));
    assert.equal(update['signers'], 17);
    await reach(update['id'], 'proved');
  });

  test('fails with a shard that cannot be proved, and begins anew when asked again', async () => {
    const body = request(block(50n));
    await prover.stop();
    const update = await submit(body);
    const [shard] = idsOf(update);
    assert.ok(shard);
    prover = await StandInProver.start(api);
    prover.unprovable.add(shard);
    const failed = await reach(update['id'], 'failed');
    assert.equal((failed['failure'] as Wire)['code'], 'WITNESS');
    expectProblem(await api.get(`${pathOf(update['id'])}/calldata?chain=eip155:31337`), 'NOT_PROVED');
    prover.unprovable.clear();
    assert.equal((await submit(body))['failure'], null);
    await reach(update['id'], 'proved');
  });

  test('goes on where an API died between accepting it and asking for its shards', async () => {
    await prover.stop();
    const update = await submit(request(block(60n)));
    const ids = idsOf(update);
    // As it is on disk when the process dies right after `accept`.
    await api.redis.hdel(apiKeys.headerUpdates.bundle(String(update['id'])), 'started');
    for (const id of ids) {
      const jobs = `${PROVE_QUEUE.prefix}:${PROVE_QUEUE.name}`;
      await api.redis.del(statementKeys.statement(id), statementKeys.events(id), `${jobs}:${proveJobId(id)}`);
      await api.redis.zrem(`${jobs}:prioritized`, proveJobId(id));
      for (const index of [statementKeys.all, statementKeys.inState('queued')]) await api.redis.zrem(index, id);
    }
    await api.startApi();
    prover = await StandInProver.start(api);
    await reach(update['id'], 'proved');
  });

  test('that contradicts an accepted one is proved all the same: ledgers shall freeze', async () => {
    await submit(request(block(70n)));
    const fork = await submit(request(block(70n, { fork: 'other' })));
    assert.equal(fork['contradicts'], true);
    await reach(fork['id'], 'proved');
    const early = await submit(request(block(71n, { timeNs: block(70n).header.timeNs })));
    assert.equal(early['contradicts'], true);
    const sound = await submit(request(block(72n)));
    assert.equal(sound['contradicts'], false);
  });
});

describe('calldata', () => {
  const calldata = (id: unknown, chain = 'eip155:31337') => api.get(`${pathOf(id)}/calldata?chain=${chain}`);
  const predecessorOf = async (id: unknown): Promise<bigint> => {
    const { body } = await calldata(id);
    assert.equal(body['to'], LEDGER, JSON.stringify(body));
    const { functionName, args } = decodeFunctionData({ abi: cometBftLedgerAbi, data: body['data'] as Hex });
    assert.ok(functionName === 'update');
    assert.equal(args[2].proofs.length, 2);
    assert.equal(args[2].digests.length, 2);
    assert.equal(args[0].blockHash, consensusState(block(START).header).blockHash);
    return args[1];
  };

  test('names what the ledger holds before the header, at its head or in between', async () => {
    const { id } = await submit(request(block(80n)));
    expectProblem(await calldata(id, 'eip155:31338'), 'NOT_DELIVERABLE');
    expectProblem(await calldata(id, 'eip155:5'), 'CHAIN_UNKNOWN');
    await reach(id, 'proved');
    ledgerHolds(START);
    assert.equal(await predecessorOf(id), START);
    ledgerHolds(START, 60n, 70n);
    assert.equal(await predecessorOf(id), 70n);
    ledgerHolds(START, 60n, 70n, 90n, 95n);
    assert.equal(await predecessorOf(id), 70n);
    ledgerHolds(START, 70n, 80n, 90n);
    assert.equal(await predecessorOf(id), 0n);
  });

  test('waits for the trusted state, unless the ledger has gone past the header without it', async () => {
    await submit(request(block(81n)));
    const { id } = await submit(request(block(82n), 81n));
    await reach(id, 'proved');
    ledgerHolds(START);
    expectProblem(await calldata(id), 'TRUSTED_STATE_NOT_HELD');
    ledgerHolds(START, 83n);
    expectProblem(await calldata(id), 'NOT_DELIVERABLE');
  });
});

describe('refused before anything is stored', () => {
  const set = (body: Wire, path: string, value: unknown): void => {
    const parts = path.split('.');
    const last = parts.pop() ?? '';
    const holder = parts.reduce((at, part) => at[part] as Wire, body);
    holder[last] = value;
  };
  const HEADER = 'commit.result.signed_header.header';
  const COMMIT = 'commit.result.signed_header.commit';
  const faults: [string, (body: Wire) => void, 'HEADER_REFUSED' | 'INVALID_FIELD' | 'UNKNOWN_FIELD', string][] = [
    ['an app hash that is not the block’s', (b) => set(b, `${HEADER}.app_hash`, 'AB'.repeat(32)), 'HEADER_REFUSED', `${COMMIT}.block_id.hash`],
    ['a header of another chain', (b) => set(b, `${HEADER}.chain_id`, 'other-1'), 'HEADER_REFUSED', `${HEADER}.chain_id`],
    ['a field of another form', (b) => set(b, `${HEADER}.height`, 90), 'INVALID_FIELD', `${HEADER}.height`],
    ['an error of the node', (b) => set(b, 'commit', { error: { code: 1 } }), 'INVALID_FIELD', 'commit.error'],
    ['a set that is not the header’s', (b) => set(b, 'validators', request(block(90n, { validators: VALIDATORS.slice(1) }), START, VALIDATORS.slice(1))['validators']), 'HEADER_REFUSED', 'validators'],
    ['an unknown trusted height', (b) => set(b, 'trustedHeight', '11'), 'HEADER_REFUSED', 'trustedHeight'],
    ['no trusted height', (b) => delete b['trustedHeight'], 'INVALID_FIELD', 'trustedHeight'],
    ['a misspelt field', (b) => set(b, 'trustedValidator', []), 'UNKNOWN_FIELD', 'trustedValidator'],
  ]; // prettier-ignore
  for (const [name, corrupt, code, field] of faults)
    test(name, async () => {
      const body = request(block(90n));
      corrupt(body);
      const before = await api.redis.zcard(apiKeys.headerUpdates.open);
      const answer = await api.post(UPDATES, body);
      expectProblem(answer, code);
      assert.deepEqual(
        (answer.body['errors'] as Wire[]).map((error) => error['field']),
        [field],
      );
      assert.equal(await api.redis.zcard(apiKeys.headerUpdates.open), before);
    });

  test('too few signatures that hold', async () => {
    const signed = block(91n, { flag: (i) => (i < 8 ? 'nil' : 'commit') });
    const answer = await api.post(UPDATES, request(signed));
    expectProblem(answer, 'HEADER_REFUSED');
    assert.match(String(answer.body['detail']), /^POWER_INSUFFICIENT/);
  });

  test('a header that is not above its trusted state, whoever signed it', async () => {
    const { id } = await submit(request(block(92n)));
    await reach(id, 'proved');
    const before = await api.digest();
    for (const [height, trustedHeight] of [
      [START, START],
      [92n, 92n],
      [START, 92n],
    ] as const) {
      const answer = await api.post(UPDATES, request(wronglySigned(height), trustedHeight));
      expectProblem(answer, 'HEADER_REFUSED');
      assert.match(String(answer.body['detail']), /^HEIGHT_NOT_ABOVE_TRUSTED/);
      assert.equal((answer.body['errors'] as Wire[])[0]?.['field'], 'trustedHeight');
    }
    assert.equal(await api.digest(), before);
  });

  test('a header that is held, with signatures that do not hold', async () => {
    await submit(request(block(93n)));
    const answer = await api.post(UPDATES, request(wronglySigned(93n)));
    expectProblem(answer, 'HEADER_REFUSED');
    assert.match(String(answer.body['detail']), /^POWER_INSUFFICIENT/);
  });

  test('a chain that is not followed, an update that is not known', async () => {
    expectProblem(await api.post('/v1/cometbft/cosmos:other/updates', request(block(90n))), 'NOT_FOUND');
    expectProblem(await api.get(pathOf(`0x${'00'.repeat(32)}`)), 'NOT_FOUND');
  });
});
