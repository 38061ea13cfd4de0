// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { statementId } from '../../protocol/statement.ts';
import type { Fr } from '../../protocol/field.ts';
import { ApiFixture, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';

let api: ApiFixture;
before(async () => (api = await ApiFixture.start()));
after(() => api.stop());

const SIGNALS: Readonly<Record<string, readonly bigint[]>> = {
  registration: [1n, 2n, 3n],
  equivocation: [1n, 2n, 3n, 4n, 5n, 6n],
  'quorum-16': [1n, 2n, 3n, 20_000n],
  'quorum-64': [1n, 2n, 3n, 20_000n],
  'quorum-128': [1n, 2n, 3n, 20_000n],
};

function valid(circuit: string): Wire {
  const [key, signals] = [api.forged.get(circuit), SIGNALS[circuit]];
  assert.ok(key && signals);
  return structuredClone({ circuit, proof: key.prove(signals), publicSignals: signals.map(String) }) as Wire;
}

describe('POST /v1/verify', () => {
  for (const circuit of Object.keys(SIGNALS)) {
    test(`${circuit}: a valid proof is valid, and its claim is decoded by name`, async () => {
      const { status, body } = await api.post('/v1/verify', valid(circuit));
      assert.deepEqual([status, body['valid'], body['reason']], [200, true, null], JSON.stringify(body));
      const claim = body['claim'] as Wire;
      const publicSignals = (SIGNALS[circuit] ?? []) as readonly Fr[];
      assert.equal(claim['statement'], statementId({ circuit, publicSignals }));
      assert.equal(
        (claim['signals'] as Wire)[circuit === 'registration' ? 'digest' : 'setCommitment'],
        circuit === 'registration' ? '3' : '1',
      );
    });

    test(`${circuit}: each signal changed by one makes it invalid`, async () => {
      for (const i of (SIGNALS[circuit] ?? []).keys()) {
        const wire = valid(circuit);
        const signals = wire['publicSignals'] as string[];
        signals[i] = `${BigInt(signals[i] ?? '0') + 1n}`;
        const { status, body } = await api.post('/v1/verify', wire);
        assert.deepEqual([status, body['valid'], body['reason']], [200, false, 'PAIRING']);
      }
    });
  }

  test('another proof of the same claim is valid too, and has the same statement id', async () => {
    const key = api.forged.get('registration');
    const answers = [3n, 4n].map((blind) =>
      api.post('/v1/verify', {
        circuit: 'registration',
        proof: key?.prove([1n, 2n, 3n], blind),
        publicSignals: ['1', '2', '3'],
      }),
    );
    const [a, b] = await Promise.all(answers);
    assert.deepEqual([a?.body['valid'], b?.body['valid']], [true, true]);
    assert.equal((a?.body['claim'] as Wire)['statement'], (b?.body['claim'] as Wire)['statement']);
  });

  test('a point off the curve is a verdict, not an error', async () => {
    const wire = valid('registration');
    (wire['proof'] as { pi_a: string[] }).pi_a[0] = '1';
    const { status, body } = await api.post('/v1/verify', wire);
    assert.deepEqual([status, body['valid'], body['reason']], [200, false, 'POINT_OFF_CURVE']);
  });

  test('a circuit whose key is not here is KEY_UNKNOWN', async () => {
    const folder = join(api.folder, 'keys', 'quorum-128');
    renameSync(folder, `${folder}.away`);
    const answer = await api.post('/v1/verify', valid('quorum-128'));
    renameSync(`${folder}.away`, folder);
    expectProblem(answer, 'KEY_UNKNOWN');
  });

  const faults: [name: string, code: Parameters<typeof expectProblem>[1], make: () => Wire][] = [
    ['an unknown circuit', 'CIRCUIT_UNKNOWN', () => ({ ...valid('registration'), circuit: 'quorum-17' })],
    ['a circuit that is no name', 'INVALID_FIELD', () => ({ ...valid('registration'), circuit: '../../etc' })],
    [
      'a proof for a circuit of the same shape',
      'PROOF_FOR_ANOTHER_CIRCUIT',
      () => ({ ...valid('quorum-16'), circuit: 'quorum-64' }),
    ],
    [
      'a proof with too few signals',
      'PROOF_FOR_ANOTHER_CIRCUIT',
      () => ({ ...valid('quorum-16'), publicSignals: ['1', '2', '3'] }),
    ],
    [
      'a proof with too many signals',
      'PROOF_FOR_ANOTHER_CIRCUIT',
      () => ({ ...valid('registration'), circuit: 'quorum-16', publicSignals: ['1', '2', '3', '4', '5'] }),
    ],
    [
      'a key of another circuit',
      'KEY_UNKNOWN',
      () => ({ ...valid('registration'), keyHash: api.forged.get('quorum-16')?.keyHash }),
    ],
    [
      'a signal of r',
      'OUT_OF_RANGE',
      () => ({
        ...valid('registration'),
        publicSignals: ['1', '2', '21888242871839275222246405745257275088548364400416034343698204186575808495617'],
      }),
    ],
    ['a signal with a sign', 'INVALID_FIELD', () => ({ ...valid('registration'), publicSignals: ['1', '2', '-3'] })],
    [
      'a coordinate of q',
      'OUT_OF_RANGE',
      () => {
        const wire = valid('registration');
        (wire['proof'] as { pi_a: string[] }).pi_a[0] =
          '21888242871839275222246405745257275088696311157297823662689037894645226208583';
        return wire;
      },
    ],
    [
      'a projective point',
      'INVALID_FIELD',
      () => {
        const wire = valid('registration');
        (wire['proof'] as { pi_c: string[] }).pi_c[2] = '2';
        return wire;
      },
    ],
    [
      'another curve',
      'INVALID_FIELD',
      () => ({ ...valid('registration'), proof: { ...(valid('registration')['proof'] as Wire), curve: 'bls12381' } }),
    ],
    [
      'an unknown field in the proof',
      'UNKNOWN_FIELD',
      () => ({ ...valid('registration'), proof: { ...(valid('registration')['proof'] as Wire), pi_d: [] } }),
    ],
    ['no proof', 'INVALID_FIELD', () => ({ circuit: 'registration', publicSignals: ['1', '2', '3'] })],
  ];
  for (const [name, code, make] of faults) {
    test(`refuses ${name} with ${code}`, async () => expectProblem(await api.post('/v1/verify', make()), code));
  }
});
