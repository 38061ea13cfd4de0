// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { decodeFunctionData, encodeErrorResult, encodeFunctionResult, keccak256, type Hex } from 'viem';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { stateReaderAbi } from '../../protocol/abi/state-reader.ts';
import type { Attestation } from '../../protocol/attestation.ts';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import { StatementStore } from '../../runtime/statement-store.ts';
import { epochDigest } from '../../protocol/epoch-digest.ts';
import { checkpointDigest } from '../../protocol/checkpoint-digest.ts';
import { sealedSet, type SealedSet } from '../store/set-store.ts';
import { ApiFixture, NOW_SECONDS, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';

const ABI = [...stateReaderAbi, ...checkpointLedgerAbi] as const;
const ACCOUNT = `0x${'0a'.repeat(20)}`;
const SLOT = `0x${'00'.repeat(31)}01`;
const NODE: Hex = '0xc0ffee';
const HASH = `0x${'05'.repeat(32)}` as const;

/** What the destination's ledger and the source's node say; tests change it. */
let world: {
  head: bigint;
  freeze: number;
  held: Hex;
  epoch: bigint;
  lastRotation: bigint;
  knowsSets: boolean;
  read: Hex | Error;
  block: Wire;
  proof: Wire;
};
let api: ApiFixture;
let attestation: Attestation;

before(async () => (api = await ApiFixture.start()));
after(() => api.stop());
beforeEach(async () => {
  await api.redis.flushall();
  await api.publishSet();
  const { checkpoint, ...rest } = api.attestation(0n, 64n);
  attestation = { ...rest, checkpoint: { ...checkpoint, blockHash: HASH, stateRoot: keccak256(NODE) } };
  for (const who of [0, 1]) await api.post('/v1/attestations', api.signed(who, attestation));
  world = {
    head: 64n,
    freeze: 0,
    held: checkpointDigest(attestation.checkpoint),
    epoch: 1n,
    lastRotation: 0n,
    knowsSets: false,
    read: encodeFunctionResult({ abi: stateReaderAbi, functionName: 'readStorage', result: [true, 77n] }),
    block: { number: '0x40', hash: HASH, stateRoot: keccak256(NODE), timestamp: '0x1', transactions: [] },
    proof: proof('0x4d'),
  };
  api.rpc.answers.set('eth_getBlockByNumber', () => world.block);
  api.rpc.answers.set('eth_getProof', () => world.proof);
  api.rpc.answers.set('eth_call', ([call]) => ethCall((call as { data: Hex }).data));
});

function proof(value: string): Wire {
  return {
    address: ACCOUNT,
    balance: '0x0',
    nonce: '0x0',
    codeHash: HASH,
    storageHash: HASH,
    accountProof: [NODE],
    storageProof: [{ key: SLOT, value, proof: ['0xbeef'] }],
  };
}

function ethCall(data: Hex): Hex | Error {
  const { functionName } = decodeFunctionData({ abi: ABI, data });
  const result = (name: 'chain' | 'held' | 'latestSet' | 'lastRotationHeight' | 'setRecord', value: unknown): Hex =>
    encodeFunctionResult({ abi: checkpointLedgerAbi, functionName: name, result: value } as never);
  switch (functionName) {
    case 'chain':
      return result('chain', {
        interval: 64,
        generation: 0,
        headHeight: world.head,
        headTimestamp: 1n,
        freeze: world.freeze,
        freezeEndsAt: 0,
      });
    case 'held':
      return result('held', [world.held, 1_800_000_000n]);
    case 'latestSet':
      return result('latestSet', [api.set.commitment, world.epoch]);
    case 'lastRotationHeight':
      return result('lastRotationHeight', world.lastRotation);
    case 'setRecord':
      return result('setRecord', { commitment: 0n, epoch: world.knowsSets ? 1n : 0n, sealedAt: 0n, capacity: 0 });
    default:
      return world.read;
  }
}

describe('GET /v1/chains/:id/proof', () => {
  const path = `/v1/chains/eip155:31337/proof?chain=eip155:31338&account=${ACCOUNT}`;

  test('gives checkpoint, proofs, calldata for StateReader and what it returns now', async () => {
    const { status, body } = await api.get(`${path}&slot=${SLOT}&minAge=5&maxAge=600`);
    assert.equal(status, 200, JSON.stringify(body));
    assert.equal((body['checkpoint'] as Wire)['height'], '64');
    assert.deepEqual([body['accountProof'], body['storageProof']], [[NODE], ['0xbeef']]);
    assert.deepEqual(body['outcome'], { status: 'storage', exists: true, value: '77' });
    const call = body['call'] as Wire;
    assert.deepEqual([call['chain'], call['to']], ['eip155:31338', api.config.chains[1]?.contracts.stateReader]);
    const { functionName, args } = decodeFunctionData({ abi: stateReaderAbi, data: String(call['data']) as Hex });
    assert.equal(functionName, 'readStorage');
    assert.deepEqual(
      args?.slice(1),
      [ACCOUNT.toLowerCase(), SLOT, [NODE], ['0xbeef'], { minAge: 5n, maxAge: 600n }].map((arg, i) =>
        i === 0 ? args[1] : arg,
      ),
    );
  });

  test('reads the account itself without a slot', async () => {
    const account = { exists: true, nonce: 3n, balance: 9n, storageRoot: HASH, codeHash: HASH };
    world.read = encodeFunctionResult({ abi: stateReaderAbi, functionName: 'readAccount', result: account });
    const { body } = await api.get(path);
    assert.deepEqual(body['outcome'], { status: 'account', exists: true, nonce: '3', balance: '9' });
    assert.equal((body['call'] as Wire)['method'], 'readAccount');
  });

  test('a revert is shown by its name', async () => {
    world.read = new Error(encodeErrorResult({ abi: stateReaderAbi, errorName: 'CheckpointTooOld', args: [9n, 5n] }));
    assert.deepEqual((await api.get(`${path}&slot=${SLOT}`)).body['outcome'], {
      status: 'reverted',
      error: 'CheckpointTooOld',
    });
    world.read = new Error(
      encodeErrorResult({
        abi: checkpointLedgerAbi,
        errorName: 'ChainIsFrozen',
        args: [attestation.checkpoint.chainKey, 3],
      }),
    );
    assert.deepEqual((await api.get(`${path}&slot=${SLOT}`)).body['outcome'], {
      status: 'reverted',
      error: 'ChainIsFrozen',
    });
  });

  test('refuses a node that has another block or another state than the checkpoint', async () => {
    world.block['hash'] = `0x${'06'.repeat(32)}`;
    expectProblem(await api.get(path), 'STATE_MISMATCH');
    world.block['hash'] = HASH;
    world.proof['accountProof'] = ['0xdead'];
    expectProblem(await api.get(path), 'STATE_MISMATCH');
  });

  test('says when the destination holds no such checkpoint, and when a node is away', async () => {
    world.held = `0x${'00'.repeat(32)}`;
    expectProblem(await api.get(path), 'NOT_DELIVERABLE');
    world.held = checkpointDigest(attestation.checkpoint);
    expectProblem(await api.get(`${path}&height=128`), 'NOT_DELIVERABLE');
    api.rpc.answers.delete('eth_getBlockByNumber');
    expectProblem(await api.get(path), 'RPC_UNAVAILABLE');
  });

  test('refuses bad parameters', async () => {
    expectProblem(await api.get('/v1/chains/eip155:31337/proof'), 'INVALID_FIELD');
    expectProblem(await api.get(`${path}&slot=1`), 'INVALID_FIELD');
    expectProblem(await api.get(`${path}&block=1`), 'UNKNOWN_FIELD');
    expectProblem(await api.get(path.replace('31338', '5')), 'CHAIN_UNKNOWN');
    expectProblem(await api.get(path.replace('31337', '5')), 'NOT_FOUND');
  });
});

describe('GET /v1/rotations', () => {
  function next(): SealedSet {
    const set = validatorSet(
      2n,
      16,
      api.set.set.slots.map((slot, i) => (i === 3 ? undefined : slot)),
    );
    return sealedSet(setCommitment(set), NOW_SECONDS, set);
  }
  const ask = async (chain: string): Promise<Wire> => (await api.get(`/v1/rotations?chain=${chain}`)).body;

  test('none is due while no newer set is known', async () => {
    const body = await ask('eip155:31338');
    assert.deepEqual([body['due'], body['next'], body['call']], [false, null, null]);
  });

  test('on the hub it is due at once, elsewhere when a held hub checkpoint shows the new set', async () => {
    api.seal(api.set, next());
    await api.publishSet(next());
    const local = await ask('eip155:31337');
    assert.deepEqual([local['due'], (local['call'] as Wire)['method']], [true, 'rotateLocal']);
    const early = await ask('eip155:31338');
    assert.equal(early['due'], false);
    assert.match(String(early['reason']), /older than the sealing/);
    world.proof = proof(epochDigest(next()));
    const due = await ask('eip155:31338');
    assert.deepEqual([due['due'], due['next']], [true, { commitment: `${next().commitment}`, epoch: '2' }]);
    const { functionName, args } = decodeFunctionData({
      abi: checkpointLedgerAbi,
      data: String((due['call'] as Wire)['data']) as Hex,
    });
    assert.equal(functionName, 'rotate');
    const [checkpoint, record, accountProof, storageProof] = args as unknown as [Wire, Wire, Hex[], Hex[]];
    assert.equal(checkpoint['height'], 64n);
    assert.deepEqual(record, { commitment: next().commitment, epoch: 2n, sealedAt: NOW_SECONDS, capacity: 16 });
    assert.deepEqual([accountProof, storageProof], [[NODE], ['0xbeef']]);
  });

  test('a past set that the ledger never saw is shown to it as soon as evidence names it', async () => {
    const store = new StatementStore(api.redis);
    for (const fork of [0, 1]) await api.post('/v1/attestations', api.signed(2, api.attestation(64n, 128n, fork)));
    const [offence] = (await store.list({ after: 0, limit: 10, kind: 'equivocation' })).statements;
    assert.ok(offence);
    world = { ...world, epoch: 3n, lastRotation: 64n, proof: proof(epochDigest(api.set)) };
    assert.equal((await ask('eip155:31338'))['due'], false, 'nothing is proved');
    const key = api.forged.get(offence.circuit);
    assert.ok(key);
    await store.begin(offence.id, 5);
    const { circuit, publicSignals } = offence;
    const made = key.prove(publicSignals.map(BigInt));
    await store.finish(offence.id, { keyHash: key.keyHash, circuit, publicSignals, proof: made });
    const due = await ask('eip155:31338');
    const call = due['call'] as Wire;
    assert.deepEqual([due['due'], call['method']], [true, 'learnSet']);
    const { functionName, args } = decodeFunctionData({ abi: checkpointLedgerAbi, data: String(call['data']) as Hex });
    assert.equal(functionName, 'learnSet');
    assert.equal((args as unknown as Wire[])[1]?.['commitment'], api.set.commitment);
    assert.equal((await ask('eip155:31337'))['due'], false, "the hub's Coalition knows all of its sets");
    world.knowsSets = true;
    assert.equal((await ask('eip155:31338'))['due'], false);
    await store.close();
  });

  test('waits for a newer hub checkpoint, and for a frozen ledger', async () => {
    api.seal(api.set, next());
    await api.publishSet(next());
    world.proof = proof(epochDigest(next()));
    world.lastRotation = 64n;
    assert.match(String((await ask('eip155:31338'))['reason']), /no hub checkpoint newer/);
    world.lastRotation = 0n;
    world.freeze = 3;
    assert.match(String((await ask('eip155:31338'))['reason']), /frozen/);
  });
});
