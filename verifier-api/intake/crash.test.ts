// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { apiKeys } from '../store/redis-keys.ts';
import { ApiFixture, type Wire } from '../testing/api-fixture.ts';
import { startApiProcess } from '../testing/api-process.ts';

let api: ApiFixture;
before(async () => {
  api = await ApiFixture.start();
  await api.publishSet();
});
after(() => api.stop());

async function statements(kind: string): Promise<Wire[]> {
  return (await api.get(`/v1/statements?kind=${kind}`)).body['statements'] as Wire[];
}

describe('a process that is killed between storing and making the statement', () => {
  test('loses neither the quorum nor the offence: the next one to start makes both statements, once', async () => {
    // Without their keys nothing can become a statement, so the first process dies in exactly that place.
    await Promise.all(api.apis.splice(0).map((running) => running.stop()));
    const keys = join(api.folder, 'keys');
    renameSync(keys, `${keys}.away`);
    const first = await startApiProcess(api.folder);
    for (const who of [0, 1]) {
      const answer = await first.post('/v1/attestations', api.signed(who, api.attestation(0n, 64n)));
      assert.equal(answer.status, 201);
    }
    const offence = await first.post('/v1/attestations', api.signed(0, api.attestation(0n, 64n, 1)));
    assert.deepEqual([offence.status, offence.body['conflict']], [201, 'double-vote']);
    await first.kill();
    assert.equal(await api.redis.zcard(apiKeys.outbox), 2);
    renameSync(`${keys}.away`, keys);

    const [second, third] = await Promise.all([startApiProcess(api.folder), startApiProcess(api.folder)]);
    await api.startApi();
    assert.equal(await api.redis.zcard(apiKeys.outbox), 0);
    assert.equal((await statements('quorum')).length, 1);
    assert.equal((await statements('equivocation')).length, 1);
    assert.equal(
      (await api.get('/v1/chains/eip155:31337/checkpoints/64')).body['statement'],
      (await statements('quorum'))[0]?.['id'],
    );
    await Promise.all([second.kill(), third.kill()]);
  });

  test('so does a repetition of the attestation, without a restart', async () => {
    const attestation = api.attestation(0n, 128n);
    const keys = join(api.folder, 'keys');
    renameSync(keys, `${keys}.away`);
    for (const who of [0, 1]) await api.post('/v1/attestations', api.signed(who, attestation));
    renameSync(`${keys}.away`, keys);
    assert.equal((await statements('quorum')).length, 1);
    assert.equal((await api.post('/v1/attestations', api.signed(1, attestation))).status, 200);
    assert.equal((await statements('quorum')).length, 2);
  });

  test('what was answered 201 and 202 is there after kill -9 of the service and of Redis', async () => {
    const running = await startApiProcess(api.folder);
    const attestation = api.attestation(64n, 192n);
    const answers = await Promise.all(
      [0, 1, 2].map((who) => running.post('/v1/attestations', api.signed(who, attestation))),
    );
    await running.kill();
    const ended = once(api.server.process, 'exit');
    process.kill(api.server.pid, 'SIGKILL');
    await ended;
    await api.restartRedis();
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 201, 201],
    );
    const checkpoint = (await api.get('/v1/chains/eip155:31337/checkpoints/192')).body;
    assert.equal((checkpoint['signatures'] as Wire[]).length, 3);
    assert.ok((await statements('quorum')).some(({ id }) => id === checkpoint['statement']));
  });
});
