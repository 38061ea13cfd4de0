// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { decodeFunctionData } from 'viem';
import { z } from 'zod';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import type { Attestation } from '../../protocol/attestation.ts';
import { attestationSchema } from '../schemas/attestation.ts';
import { ApiFixture, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';

let api: ApiFixture;
before(async () => (api = await ApiFixture.start()));
after(() => api.stop());
beforeEach(async () => {
  await api.redis.flushall();
  await api.publishSet();
});

/** A quorum that somebody proved in secret. */
function quorum(attestation: Attestation, signers: bigint, share = 20_000): Wire {
  const key = api.forged.get('quorum-16');
  assert.ok(key);
  const proof = key.prove([attestation.setCommitment, api.message(attestation), signers, BigInt(share)]);
  return {
    attestation: z.encode(attestationSchema, attestation),
    signers: `${signers}`,
    share,
    keyHash: key.keyHash,
    proof,
  };
}

const pair = (): Wire => ({
  first: quorum(api.attestation(0n, 64n), 0b0111n),
  second: quorum(api.attestation(0n, 64n, 1), 0b1011n, 21_000),
});

describe('quorum conflicts', () => {
  test('two proved quorums are recorded once, in either order, with the keys that signed both', async () => {
    const { first, second } = pair();
    const answer = await api.post('/v1/quorum-conflicts', { first, second });
    assert.equal(answer.status, 202, JSON.stringify(answer.body));
    assert.equal(answer.headers.get('location'), `/v1/quorum-conflicts/${String(answer.body['id'])}`);
    assert.deepEqual(
      (answer.body['keys'] as Wire[]).map(({ x }) => x),
      [api.keys[0], api.keys[1]].map((key) => `${key?.x}`),
    );
    const before = await api.digest();
    const again = await api.post('/v1/quorum-conflicts', { first: second, second: first });
    assert.deepEqual(again.body, answer.body);
    assert.equal(await api.digest(), before);
    const page = (await api.get('/v1/quorum-conflicts')).body;
    assert.deepEqual([(page['conflicts'] as Wire[]).length, page['after']], [1, 1]);
    assert.deepEqual((await api.get('/v1/quorum-conflicts?after=1')).body['conflicts'], []);
    assert.deepEqual((await api.get(`/v1/quorum-conflicts/${String(answer.body['id'])}`)).body, answer.body);
  });

  test('the calldata gives each Coalition both quorums and the whole set, once', async () => {
    const { body } = await api.post('/v1/quorum-conflicts', pair());
    for (const [i, chain] of ['eip155:31337', 'eip155:31338'].entries()) {
      const call: Wire = (await api.get(`/v1/quorum-conflicts/${String(body['id'])}/calldata?chain=${chain}`)).body;
      assert.equal(call['to'], api.config.chains[i]?.contracts.coalition);
      const { functionName, args } = decodeFunctionData({
        abi: coalitionAbi,
        data: String(call['data']) as `0x${string}`,
      });
      assert.equal(functionName, 'slashQuorums');
      const [one, other, leaves, otherLeaves] = args as unknown as [Wire, Wire, Wire[], Wire[]];
      assert.deepEqual(new Set([one['signers'], other['signers']]), new Set([0b0111n, 0b1011n]));
      assert.equal(leaves.length, 16);
      assert.equal(leaves[0]?.['keyX'], api.keys[0]?.x);
      assert.deepEqual(otherLeaves, []);
    }
  });

  const faults: [name: string, code: Parameters<typeof expectProblem>[1], make: () => Wire][] = [
    ['the same quorum twice', 'NO_CONFLICT', () => ({ ...pair(), second: pair()['first'] })],
    ['quorums of two heights', 'NO_CONFLICT', () => ({ ...pair(), second: quorum(api.attestation(64n, 128n), 7n) })],
    [
      'quorums without a common signer',
      'NO_CONFLICT',
      () => ({ ...pair(), second: quorum(api.attestation(0n, 64n, 1), 8n) }),
    ],
    [
      'a bitmap that was not proved',
      'PROOF_INVALID',
      () => ({ ...pair(), first: { ...(pair()['first'] as Wire), signers: '3' } }),
    ],
    [
      'a share that was not proved',
      'PROOF_INVALID',
      () => ({ ...pair(), first: { ...(pair()['first'] as Wire), share: 29_999 } }),
    ],
    [
      'a share below two thirds',
      'OUT_OF_RANGE',
      () => ({ ...pair(), first: { ...(pair()['first'] as Wire), share: 19_999 } }),
    ],
    [
      'a key of another circuit',
      'KEY_UNKNOWN',
      () => ({ ...pair(), first: { ...(pair()['first'] as Wire), keyHash: api.forged.get('registration')?.keyHash } }),
    ],
    [
      'an unknown set',
      'SET_UNKNOWN',
      () => ({
        ...pair(),
        second: quorum({ ...api.attestation(0n, 64n, 1), setCommitment: 3n as typeof api.set.commitment }, 7n),
      }),
    ],
  ];
  for (const [name, code, make] of faults) {
    test(`refuses ${name} with ${code} and changes nothing`, async () => {
      const before = await api.digest();
      expectProblem(await api.post('/v1/quorum-conflicts', make()), code);
      assert.equal(await api.digest(), before);
    });
  }
});
