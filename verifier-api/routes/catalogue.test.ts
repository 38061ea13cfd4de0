// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import { KeySeeker } from '../../runtime/key-exchange/key-seeker.ts';
import { sealedSet, type SealedSet } from '../store/set-store.ts';
import { ApiFixture, NOW_SECONDS, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';

let api: ApiFixture;
before(async () => (api = await ApiFixture.start()));
after(() => api.stop());
beforeEach(async () => {
  await api.redis.flushall();
  api.seal(api.set);
});

function nextSet(epoch = 2n): SealedSet {
  const set = validatorSet(
    epoch,
    16,
    api.set.set.slots.map((slot, i) => (i === 3 ? undefined : slot)),
  );
  return sealedSet(setCommitment(set), NOW_SECONDS, set);
}

describe('validator sets', () => {
  test('what the hub has sealed is published once, and listed newest first', async () => {
    api.seal(api.set, nextSet());
    assert.equal((await api.publishSet()).status, 201);
    const before = await api.digest();
    assert.equal((await api.publishSet()).status, 200);
    assert.equal(await api.digest(), before);
    assert.equal((await api.publishSet(nextSet())).status, 201);
    const sets = (await api.get('/v1/validator-sets')).body['validatorSets'] as Wire[];
    assert.deepEqual(
      sets.map(({ epoch }) => epoch),
      ['2', '1'],
    );
    assert.deepEqual((await api.get(`/v1/validator-sets/${api.set.commitment}`)).body, api.setWire(api.set));
  });

  test('a set published through one process is known to another', async () => {
    const other = await api.startApi();
    await api.publishSet();
    assert.equal((await fetch(`${other.url}/v1/validator-sets/${api.set.commitment}`)).status, 200);
    await other.stop();
    api.apis.pop();
  });

  test('what the hub has not sealed, or otherwise, is SET_NOT_SEALED and changes nothing', async () => {
    const before = await api.digest();
    const wire = api.setWire(nextSet(5n));
    const set = api.setWire(nextSet(3n));
    for (const body of [
      wire,
      set,
      { ...set, sealedAt: '5' },
      { ...set, epoch: '4', commitment: undefined },
      { ...set, commitment: '9' },
    ]) {
      expectProblem(await api.post('/v1/validator-sets', body), 'SET_NOT_SEALED');
    }
    assert.equal(await api.digest(), before);
  });

  test('a key that stands twice, a stake of zero, a wrong number of slots are refused with their fields', async () => {
    const slots = api.setWire(api.set)['slots'] as Wire[];
    const cases: [Wire[], code: 'INVALID_FIELD' | 'OUT_OF_RANGE', field: string][] = [
      [[slots[0] ?? {}, slots[0] ?? {}, ...slots.slice(2)], 'INVALID_FIELD', 'slots[1].key'],
      [[{ ...slots[0], stakeGwei: '0' }, ...slots.slice(1)], 'OUT_OF_RANGE', 'slots[0].stakeGwei'],
      [slots.slice(1), 'INVALID_FIELD', 'slots'],
    ];
    for (const [changed, code, field] of cases) {
      const answer = await api.post('/v1/validator-sets', { ...api.setWire(api.set), slots: changed });
      expectProblem(answer, code);
      assert.equal((answer.body['errors'] as Wire[])[0]?.['field'], field);
    }
  });

  test('when the hub does not answer it is RPC_UNAVAILABLE, to be tried again', async () => {
    api.rpc.answers.delete('eth_getStorageAt');
    expectProblem(await api.publishSet(nextSet(7n)), 'RPC_UNAVAILABLE');
  });
});

describe('circuits', () => {
  test('are listed with their signals in order and their key, whose verifying half and verifier can be had', async () => {
    const circuits = (await api.get('/v1/circuits')).body['circuits'] as Wire[];
    assert.deepEqual(circuits.map(({ id }) => id).sort(), [
      'ed25519-15',
      'ed25519-2',
      'ed25519-7',
      'equivocation',
      'quorum-128',
      'quorum-16',
      'quorum-64',
      'registration',
    ]);
    const quorum = circuits.find(({ id }) => id === 'quorum-16');
    assert.deepEqual(
      (quorum?.['publicSignals'] as Wire[]).map(({ name }) => name),
      ['setCommitment', 'message', 'signers', 'share'],
    );
    const key = api.forged.get('quorum-16');
    assert.equal((quorum?.['key'] as Wire)['keyHash'], key?.keyHash);
    assert.equal((quorum?.['key'] as Wire)['kind'], 'development');
    assert.deepEqual((await api.get('/v1/circuits/quorum-16')).body, quorum);
    const vk = await api.get(`/v1/circuits/quorum-16/verification-key?keyHash=${key?.keyHash}`);
    assert.deepEqual(vk.body, JSON.parse(JSON.stringify(key?.verificationKey)));
    const solidity = await api.get('/v1/circuits/quorum-16/verifier.sol');
    assert.match(solidity.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal(solidity.body['text'], '// verifier of quorum-16\n');
    for (const path of [
      'quorum-17',
      'quorum-17/verification-key',
      `quorum-16/verifier.sol?keyHash=0x${'00'.repeat(32)}`,
    ]) {
      expectProblem(await api.get(`/v1/circuits/${path}`), 'NOT_FOUND');
    }
  });

  test('have their keys handed to workers that ask on Redis, where the proving key lies here', async () => {
    const { keyHash } = api.forged.get('registration') ?? {};
    assert.ok(keyHash);
    const [name, never] = [{ circuit: 'registration', keyHash }, new AbortController().signal];
    const seeker = await KeySeeker.open(api.redis, { offerMs: 500, partMs: 2_000 });
    try {
      assert.equal(await seeker.ask(name, new Set(), never), undefined);
      const folder = join(api.folder, 'keys', 'registration', 'forged');
      writeFileSync(join(folder, 'circuit.wasm'), 'program');
      writeFileSync(join(folder, 'circuit.zkey'), 'proving key');
      const offer = await seeker.ask(name, new Set(), never);
      assert.ok(offer);
      assert.equal(offer.sizes.zkey, 11);
      assert.equal((await seeker.part(offer, 'zkey', 8, 3, never)).toString(), 'key');
      const other = { ...name, keyHash: `0x${'00'.repeat(32)}` } as const;
      assert.equal(await seeker.ask(other, new Set(), never), undefined);
    } finally {
      seeker.close();
    }
  });
});

describe('chains', () => {
  test('say what a validator and a relayer have to know', async () => {
    const { coalition, chains } = (await api.get('/v1/chains')).body as { coalition: Wire; chains: Wire[] };
    assert.equal(coalition['attestationDomain'], api.config.coalition.attestationDomain);
    assert.deepEqual(
      chains.map(({ id, hub, interval, latestHeight }) => [id, hub, interval, latestHeight]),
      [
        ['eip155:31337', true, '64', null],
        ['eip155:31338', false, '64', null],
      ],
    );
    assert.deepEqual((await api.get('/v1/chains/eip155%3A31338')).body, chains[1]);
    expectProblem(await api.get('/v1/chains/eip155:1'), 'NOT_FOUND');
    expectProblem(await api.get('/v1/chains/ethereum'), 'INVALID_FIELD');
  });

  test('a checkpoint is served under the newest set, or under the one asked for; a contradicting one is shown', async () => {
    api.seal(api.set, nextSet());
    await api.publishSet();
    await api.publishSet(nextSet());
    expectProblem(await api.get('/v1/chains/eip155:31337/checkpoints/latest'), 'NOT_FOUND');
    const old = api.attestation(0n, 64n);
    const next = { ...old, setCommitment: nextSet().commitment };
    for (const attestation of [next, old]) {
      for (const who of [0, 1]) await api.post('/v1/attestations', api.signed(who, attestation));
    }
    const latest = (await api.get('/v1/chains/eip155:31337/checkpoints/latest')).body;
    assert.equal(latest['message'], `${api.message(next)}`);
    assert.deepEqual([latest['otherMessages'], latest['conflicting']], [[`${api.message(old)}`], false]);
    const asked = (await api.get(`/v1/chains/eip155:31337/checkpoints/64?set=${api.set.commitment}`)).body;
    assert.equal(asked['message'], `${api.message(old)}`);
    const signatures = asked['signatures'] as Wire[];
    assert.deepEqual(
      signatures.map(({ slot, signature }) => [slot, signature]),
      [
        [0, api.signed(0, old)['signature']],
        [1, api.signed(1, old)['signature']],
      ],
    );
    const fork = api.attestation(0n, 64n, 1);
    for (const who of [0, 1]) await api.post('/v1/attestations', api.signed(who, fork));
    assert.equal((await api.get('/v1/chains/eip155:31337/checkpoints/64')).body['conflicting'], true);
    expectProblem(await api.get('/v1/chains/eip155:31337/checkpoints/128'), 'NOT_FOUND');
    expectProblem(await api.get('/v1/chains/eip155:31337/checkpoints/18446744073709551616'), 'OUT_OF_RANGE');
  });
});
