// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import type { ProblemCode } from '../http/problem-catalog.ts';
import { sealedSet, type SealedSet } from '../store/set-store.ts';
import { ApiFixture, NOW_SECONDS, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';

let api: ApiFixture;
before(async () => (api = await ApiFixture.start()));
after(() => api.stop());
beforeEach(async () => {
  await api.redis.flushall();
  await api.publishSet();
});

describe('POST /v1/attestations', () => {
  test('stores a new attestation with 201 and knows it again with 200', async () => {
    const signed = api.signed(0, api.attestation(0n, 64n));
    const first = await api.post('/v1/attestations', signed);
    assert.equal(first.status, 201);
    const message = `${api.message(api.attestation(0n, 64n))}`;
    assert.deepEqual(first.body, { message, outcome: 'stored', conflict: null, quorum: false });
    const before = await api.digest();
    const again = await api.post('/v1/attestations', signed);
    assert.deepEqual([again.status, again.body['outcome']], [200, 'known']);
    assert.equal(await api.digest(), before);
  });

  test('strictly more than two thirds makes one quorum statement, by the signers at that moment', async () => {
    const attestation = api.attestation(0n, 64n);
    for (const [who, quorum] of [
      [1, false],
      [2, false],
      [3, false],
      [0, true],
    ] as const) {
      assert.equal((await api.post('/v1/attestations', api.signed(who, attestation))).body['quorum'], quorum);
    }
    const { statements } = (await api.get('/v1/statements')).body as { statements: Wire[] };
    assert.equal(statements.length, 1);
    const signals = statements[0]?.['signals'] as Wire;
    assert.deepEqual(signals, {
      setCommitment: `${api.set.commitment}`,
      message: `${api.message(attestation)}`,
      signers: '15',
      share: '20000',
    });
    assert.equal(statements[0]?.['state'], 'queued');
    const latest = await api.get('/v1/chains/eip155:31337/checkpoints/latest');
    assert.equal(latest.body['statement'], statements[0]?.['id']);
    assert.equal((latest.body['signatures'] as Wire[]).length, 4);
    assert.equal(latest.body['conflicting'], false);
    const path = '/v1/chains/eip155:31337/checkpoints/latest?below=';
    assert.deepEqual((await api.get(`${path}65`)).body, latest.body);
    expectProblem(await api.get(`${path}64`), 'NOT_FOUND');
  });

  test('a signer that comes after the quorum changes no statement', async () => {
    const attestation = api.attestation(0n, 64n);
    for (const who of [0, 1, 2]) await api.post('/v1/attestations', api.signed(who, attestation));
    await api.post('/v1/attestations', api.signed(3, attestation));
    const { statements } = (await api.get('/v1/statements?kind=quorum')).body as { statements: Wire[] };
    assert.deepEqual(
      statements.map((one) => (one['signals'] as Wire)['signers']),
      ['3'],
    );
  });

  test('a double vote makes one equivocation statement; further pairs by the same key make none', async () => {
    await api.post('/v1/attestations', api.signed(0, api.attestation(0n, 64n)));
    const second = await api.post('/v1/attestations', api.signed(0, api.attestation(0n, 64n, 1)));
    assert.deepEqual([second.status, second.body['conflict']], [201, 'double-vote']);
    for (const fork of [0, 1]) await api.post('/v1/attestations', api.signed(0, api.attestation(0n, 128n, fork)));
    const { statements } = (await api.get('/v1/statements?kind=equivocation')).body as { statements: Wire[] };
    assert.equal(statements.length, 1);
    const { message1, message2, keyX, leafIndex } = statements[0]?.['signals'] as Wire;
    assert.deepEqual(
      [message1, message2],
      [0, 1].map((fork) => `${api.message(api.attestation(0n, 64n, fork))}`),
    );
    assert.deepEqual([keyX, leafIndex], [`${api.keys[0]?.x}`, '0']);
    const context = statements[0]?.['context'] as Wire;
    assert.equal(context['conflict'], 'double-vote');
    assert.deepEqual((context['first'] as Wire)['signature'], api.signed(0, api.attestation(0n, 64n))['signature']);
  });

  test('a surround vote is caught whichever comes first', async () => {
    const outer = api.attestation(64n, 256n, 0, 1);
    const inner = api.attestation(128n, 192n, 0, 1);
    for (const [who, votes] of [
      [0, [outer, inner]],
      [1, [inner, outer]],
    ] as const) {
      const answers = [];
      for (const vote of votes)
        answers.push((await api.post('/v1/attestations', api.signed(who, vote))).body['conflict']);
      assert.deepEqual(answers, [null, 'surround-vote']);
    }
    const { statements } = (await api.get('/v1/statements?kind=equivocation')).body as { statements: Wire[] };
    assert.equal(statements.length, 2);
  });

  test('refuses votes under a set that is no longer trusted, so that its former members make no quorum', async () => {
    const set = validatorSet(2n, 16, api.set.set.slots);
    const old = sealedSet(setCommitment(set), NOW_SECONDS - 86_401n, set);
    api.seal(api.set, old);
    await api.publishSet(old);
    const before = await api.digest();
    const far = { ...api.attestation(0n, 64n << 50n), setCommitment: old.commitment };
    for (const who of [0, 1, 2]) expectProblem(await api.post('/v1/attestations', api.signed(who, far)), 'SET_EXPIRED');
    assert.equal(await api.digest(), before);
  });

  const faults: [name: string, code: ProblemCode, make: () => Wire][] = [
    [
      'an unknown chain',
      'CHAIN_UNKNOWN',
      () => {
        const attestation = api.attestation(0n, 64n);
        const chainKey = `0x${'cd'.repeat(31)}` as typeof attestation.checkpoint.chainKey;
        return api.signed(0, { ...attestation, checkpoint: { ...attestation.checkpoint, chainKey } });
      },
    ],
    [
      'an unknown set',
      'SET_UNKNOWN',
      () => api.signed(0, { ...api.attestation(0n, 64n), setCommitment: 5n as typeof api.set.commitment }),
    ],
    ['a stranger', 'SIGNER_NOT_IN_SET', () => api.signed(4, api.attestation(0n, 64n))],
    [
      "another validator's signature",
      'SIGNATURE_INVALID',
      () => ({
        ...api.signed(0, api.attestation(0n, 64n)),
        signature: api.signed(1, api.attestation(0n, 64n))['signature'],
      }),
    ],
    [
      'a signature of another attestation',
      'SIGNATURE_INVALID',
      () => ({
        ...api.signed(0, api.attestation(0n, 64n)),
        signature: api.signed(0, api.attestation(0n, 128n))['signature'],
      }),
    ],
    [
      'a source at the target',
      'SOURCE_NOT_BELOW_TARGET',
      () => {
        const wire = structuredClone(api.signed(0, api.attestation(0n, 64n)));
        (wire['attestation'] as Wire)['sourceHeight'] = '64';
        return wire;
      },
    ],
    ['a height off the interval', 'HEIGHT_NOT_ON_INTERVAL', () => api.signed(0, api.attestation(0n, 65n))],
    ['an unknown field', 'UNKNOWN_FIELD', () => ({ ...api.signed(0, api.attestation(0n, 64n)), extra: 1 })],
    [
      'an unknown field inside',
      'UNKNOWN_FIELD',
      () => {
        const wire = structuredClone(api.signed(0, api.attestation(0n, 64n)));
        ((wire['attestation'] as Wire)['checkpoint'] as Wire)['domain'] = '0x00';
        return wire;
      },
    ],
    ['a height of 2^64', 'OUT_OF_RANGE', () => withHeight('18446744073709551616')],
    ['a height with a leading zero', 'INVALID_FIELD', () => withHeight('064')],
    ['a height in hexadecimal', 'INVALID_FIELD', () => withHeight('0x40')],
    ['a height as a number', 'INVALID_FIELD', () => withHeight(64)],
    [
      'a coordinate of r',
      'OUT_OF_RANGE',
      () => ({
        ...api.signed(0, api.attestation(0n, 64n)),
        key: { x: '21888242871839275222246405745257275088548364400416034343698204186575808495617', y: '1' },
      }),
    ],
    [
      'no signature',
      'INVALID_FIELD',
      () => {
        const { signature: _, ...rest } = api.signed(0, api.attestation(0n, 64n));
        return rest;
      },
    ],
  ];
  for (const [name, code, make] of faults) {
    test(`refuses ${name} with ${code} and changes nothing`, async () => {
      const before = await api.digest();
      expectProblem(await api.post('/v1/attestations', make()), code);
      assert.equal(await api.digest(), before);
    });
  }

  test('names the field and its bound', async () => {
    const answer = await api.post('/v1/attestations', withHeight('18446744073709551616'));
    assert.deepEqual(answer.body['errors'], [
      { field: 'attestation.checkpoint.height', code: 'OUT_OF_RANGE', bound: 'an integer in [0, 2^64)' },
    ]);
  });
});

describe('POST /v1/evidence', () => {
  const pair = (): Wire => ({
    first: api.signed(1, api.attestation(0n, 64n)),
    second: api.signed(1, api.attestation(0n, 64n, 1)),
  });

  test('is proved in a named set while that is trusted, and else in the newest with the key, which slashes longest', async () => {
    const { slots, capacity } = api.set.set;
    const sealed = (epoch: bigint, sealedAt: bigint): SealedSet => {
      const set = validatorSet(epoch, capacity, slots);
      return sealedSet(setCommitment(set), sealedAt, set);
    };
    const [expired, newest] = [sealed(2n, NOW_SECONDS - 86_401n), sealed(3n, NOW_SECONDS)];
    api.seal(api.set, expired, newest);
    for (const set of [expired, newest]) assert.equal((await api.publishSet(set)).status, 201);
    for (const [who, named, proved] of [
      [0, expired, newest],
      [1, api.set, api.set],
    ] as const) {
      const vote = (fork: number) =>
        api.signed(who, { ...api.attestation(0n, 64n, fork), setCommitment: named.commitment });
      const { body } = await api.post('/v1/evidence', { first: vote(0), second: vote(1) });
      const statement = await api.get(`/v1/statements/${String(body['statement'])}`);
      assert.equal((statement.body['signals'] as Wire)['setCommitment'], `${proved.commitment}`);
    }
  });

  test('is taken from anyone, for chains and heights that are unknown too, once for each key', async () => {
    const unknown = (fork: number) => {
      const attestation = api.attestation(1n, 65n, fork);
      const chainKey = `0x${'cd'.repeat(31)}` as typeof attestation.checkpoint.chainKey;
      return api.signed(2, {
        ...attestation,
        setCommitment: 9n as typeof api.set.commitment,
        checkpoint: { ...attestation.checkpoint, chainKey },
      });
    };
    const first = await api.post('/v1/evidence', { first: unknown(0), second: unknown(1) });
    assert.deepEqual([first.status, first.body['recorded'], first.body['conflict']], [202, true, 'double-vote']);
    const statement = await api.get(`/v1/statements/${String(first.body['statement'])}`);
    assert.equal(statement.body['kind'], 'equivocation');
    const before = await api.digest();
    const again = await api.post('/v1/evidence', { first: unknown(1), second: unknown(2) });
    assert.deepEqual(
      [again.status, again.body['recorded'], again.body['statement']],
      [202, false, first.body['statement']],
    );
    assert.equal(await api.digest(), before);
  });

  const faults: [name: string, code: ProblemCode, make: () => Wire][] = [
    ['two keys', 'KEYS_DIFFER', () => ({ ...pair(), second: api.signed(0, api.attestation(0n, 64n, 1)) })],
    ['no conflict', 'NO_CONFLICT', () => ({ ...pair(), second: api.signed(1, api.attestation(64n, 128n)) })],
    ['the same twice', 'NO_CONFLICT', () => ({ ...pair(), second: pair()['first'] })],
    [
      'a stranger',
      'SIGNER_NOT_IN_SET',
      () => ({
        first: api.signed(4, api.attestation(0n, 64n)),
        second: api.signed(4, api.attestation(0n, 64n, 1)),
      }),
    ],
    [
      'a wrong signature',
      'SIGNATURE_INVALID',
      () => ({
        ...pair(),
        second: { ...(pair()['second'] as Wire), signature: (pair()['first'] as Wire)['signature'] },
      }),
    ],
    ['one attestation only', 'INVALID_FIELD', () => ({ first: pair()['first'] })],
  ];
  for (const [name, code, make] of faults) {
    test(`refuses ${name} with ${code} and changes nothing`, async () => {
      const before = await api.digest();
      expectProblem(await api.post('/v1/evidence', make()), code);
      assert.equal(await api.digest(), before);
    });
  }
});

function withHeight(height: unknown): Wire {
  const wire = structuredClone(api.signed(0, api.attestation(0n, 64n)));
  ((wire['attestation'] as Wire)['checkpoint'] as Wire)['height'] = height;
  return wire;
}
