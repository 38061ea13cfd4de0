// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import { StatementStore } from '../../runtime/statement-store.ts';
import { sealedSet } from '../store/set-store.ts';
import { Chains } from '../chains/chains.ts';
import { ApiFixture, type Wire } from '../testing/api-fixture.ts';
import { endOvertaken } from './overtaken.ts';
import { SetStore } from '../store/set-store.ts';

let api: ApiFixture;
let store: StatementStore;
before(async () => {
  api = await ApiFixture.start();
  store = new StatementStore(api.redis);
  await api.publishSet();
});
after(async () => {
  await store.close();
  await api.stop();
});

/** A round is done at every start. */
async function reconcile(): Promise<void> {
  const running = await api.startApi();
  await running.stop();
  api.apis.pop();
}

async function proveAll(): Promise<void> {
  for (const { id, circuit, publicSignals } of (
    await store.list({ state: 'queued', kind: 'quorum', after: 0, limit: 50 })
  ).statements) {
    const key = api.forged.get(circuit);
    assert.ok(key);
    await store.begin(id, 5);
    const proof = key.prove(publicSignals.map(BigInt));
    assert.equal(await store.finish(id, { keyHash: key.keyHash, circuit, publicSignals, proof }), 'proved');
  }
}

describe('the reconciler', () => {
  test('finds two proved quorums for one height, and not before both are proved', async () => {
    const forks = [0, 1].map((fork) => api.attestation(0n, 64n, fork));
    const conflicts = async (): Promise<Wire[]> => (await api.get('/v1/quorum-conflicts')).body['conflicts'] as Wire[];
    for (const [i, attestation] of forks.entries()) {
      for (const who of [0, 1]) await api.post('/v1/attestations', api.signed(who, attestation));
      assert.deepEqual(await conflicts(), []);
      if (i === 0) await proveAll();
      await reconcile();
    }
    assert.deepEqual(await conflicts(), []);
    await proveAll();
    await reconcile();
    assert.equal((await conflicts()).length, 1);
    assert.equal(((await conflicts())[0]?.['keys'] as Wire[]).length, 2);
    await reconcile();
    assert.equal((await conflicts()).length, 1);
  });

  test('two quorums that nobody signed both of hold up no conflict that comes after', async () => {
    const slots = api.set.set.slots.map((slot, i) => (i < 2 ? undefined : slot));
    const set = validatorSet(2n, 16, slots);
    const others = sealedSet(setCommitment(set), api.set.sealedAt, set);
    api.seal(api.set, others);
    await api.publishSet(others);
    const vote = async (signers: readonly number[], attestation: ReturnType<ApiFixture['attestation']>) => {
      for (const who of signers) await api.post('/v1/attestations', api.signed(who, attestation));
      await proveAll();
    };
    await vote([0, 1], api.attestation(64n, 192n));
    await vote([2, 3], { ...api.attestation(64n, 192n, 1), setCommitment: others.commitment });
    for (const fork of [0, 1]) await vote([0, 1], api.attestation(64n, 256n, fork));
    await reconcile();
    const { conflicts } = (await api.get('/v1/quorum-conflicts')).body as { conflicts: Wire[] };
    const heights = conflicts.map(
      ({ first }) => ((first as Wire)['attestation'] as { checkpoint: Wire }).checkpoint['height'],
    );
    assert.deepEqual(heights, ['64', '256']);
  });

  test('ends an unproved quorum when its set is no longer trusted by any clock, not a second earlier', async () => {
    const set = validatorSet(9n, 16, api.set.set.slots);
    const sealed = sealedSet(setCommitment(set), api.set.sealedAt - 10n, set);
    api.seal(api.set, sealed);
    await api.publishSet(sealed);
    const attestation = { ...api.attestation(64n, 128n), setCommitment: sealed.commitment };
    for (const who of [0, 1]) await api.post('/v1/attestations', api.signed(who, attestation));
    const endSeconds = Number(sealed.sealedAt) + api.config.coalition.trustingPeriodSeconds;
    const { trustingPeriodSeconds } = api.config.coalition;
    const at = (seconds: number, ledgerSeconds = seconds) =>
      endOvertaken({
        statements: store,
        sets: new SetStore(api.redis),
        trustingPeriodSeconds,
        now: () => seconds * 1_000,
        ledgerSeconds: () => Promise.resolve(BigInt(ledgerSeconds)),
      });
    assert.equal(await at(endSeconds, endSeconds + 1), 0);
    assert.equal(await at(endSeconds + 1, endSeconds), 0);
    assert.equal(await at(endSeconds + 1), 1);
    const { statements } = (await api.get('/v1/statements?state=superseded')).body as { statements: Wire[] };
    assert.deepEqual(
      statements.map((one) => (one['signals'] as Wire)['setCommitment']),
      [`${sealed.commitment}`],
    );
  });

  test('takes the latest block for the clock of a chain, and judges nothing while a chain is silent', async () => {
    const block = { number: '0x9', timestamp: '0x64', hash: `0x${'55'.repeat(32)}`, transactions: [] };
    api.rpc.answers.set('eth_getBlockByNumber', ([tag]) => (tag === 'latest' ? block : undefined));
    const chains = new Chains(api.config);
    assert.equal(await chains.earliestSeconds(), 100n);
    api.rpc.answers.delete('eth_getBlockByNumber');
    await assert.rejects(chains.earliestSeconds(), { code: 'RPC_UNAVAILABLE' });
  });
});
