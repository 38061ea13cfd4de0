// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiConfig } from '../runtime/config.ts';
import { createLogger } from '../runtime/log.ts';
import { Secret } from '../runtime/secret.ts';
import { PROBLEMS } from './http/problem-catalog.ts';
import { OpenInterfaceError, startApi } from './start-api.ts';
import { ApiFixture, type Wire } from './testing/api-fixture.ts';
import { expectProblem } from './testing/expect-problem.ts';

const TOKEN = 'a'.repeat(40);
const log = createLogger('api', 'fatal');
let api: ApiFixture;
before(async () => (api = await ApiFixture.start()));
after(() => api.stop());

/** The fixture's service with another configuration, in place of its first. */
async function withConfig(change: Partial<ApiConfig>, use: () => Promise<void>): Promise<void> {
  const running = await startApi({ ...api.config, ...change }, log);
  const first = api.apis[0];
  assert.ok(first);
  api.apis[0] = running;
  try {
    await use();
  } finally {
    api.apis[0] = first;
    await running.stop();
  }
}

describe('starting', () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.org']) {
    test(`refuses to listen on ${host} without tokens`, async () => {
      await assert.rejects(startApi({ ...api.config, api: { ...api.config.api, host } }, log), OpenInterfaceError);
    });
  }

  test('listens on every interface with tokens', async () => {
    await withConfig({ tokens: [new Secret(TOKEN)], api: { ...api.config.api, host: '0.0.0.0' } }, async () => {
      assert.equal((await api.get('/health')).status, 200);
    });
  });

  test('fails at once, and leaves nothing open, where its port is taken', async () => {
    const port = Number(new URL(api.apis[0]?.url ?? '').port);
    const connections = async (): Promise<number> =>
      String(await api.redis.client('LIST'))
        .trim()
        .split('\n').length;
    const before = await connections();
    await assert.rejects(startApi({ ...api.config, api: { ...api.config.api, port } }, log), { code: 'EADDRINUSE' });
    // One that an earlier test closed may still have been counted before.
    for (let attempt = 0; attempt < 50 && (await connections()) > before; attempt++) await sleep(20);
    assert.ok((await connections()) <= before);
  });

  test('refuses development keys in production', async () => {
    await assert.rejects(startApi({ ...api.config, mode: 'production' }, log), { name: 'DevelopmentKeyError' });
  });
});

describe('authentication', () => {
  test('asks for a configured token, and leaves only health, readiness and documentation open', async () => {
    await withConfig({ tokens: [new Secret('b'.repeat(40)), new Secret(TOKEN)] }, async () => {
      for (const path of ['/v1/chains', '/v1/statements', '/metrics', '/nothing']) {
        for (const authorization of ['', 'Bearer', `Bearer ${TOKEN}x`, `Bearer ${TOKEN.slice(1)}`, `Basic ${TOKEN}`]) {
          const answer = await api.call('GET', path, undefined, { authorization });
          expectProblem(answer, 'UNAUTHENTICATED');
          assert.match(answer.headers.get('www-authenticate') ?? '', /^Bearer/);
        }
      }
      assert.equal((await api.call('GET', '/v1/chains', undefined, { authorization: `Bearer ${TOKEN}` })).status, 200);
      for (const path of ['/health', '/ready', '/openapi.json', '/docs'])
        assert.equal((await api.get(path)).status, 200);
    });
  });
});

describe('rate limit', () => {
  test('counts over all processes, says what is left, and lets nobody else suffer', async () => {
    const tokens = [new Secret(TOKEN), new Secret('b'.repeat(40))];
    const limited = { ...api.config, tokens, api: { ...api.config.api, rateLimit: { perSecond: 1, burst: 4 } } };
    const other = await startApi(limited, log);
    try {
      await withConfig(limited, async () => {
        const ask = (token: string, url = api.apis[0]?.url): Promise<Response> =>
          fetch(`${url}/v1/chains`, { headers: { authorization: `Bearer ${token}` } });
        const first = await ask(TOKEN);
        assert.equal(first.headers.get('ratelimit-policy'), '"client";q=4;w=4');
        assert.match(first.headers.get('ratelimit') ?? '', /^"client";r=3;t=0$/);
        const rest = [
          await ask(TOKEN, other.url),
          await ask(TOKEN),
          await ask(TOKEN, other.url),
          await ask(TOKEN),
          await ask(TOKEN, other.url),
        ];
        const refused = rest.filter(({ status }) => status === 429);
        assert.ok(refused.length >= 1, rest.map(({ status }) => status).join());
        assert.match(refused[0]?.headers.get('retry-after') ?? '', /^[1-9]/);
        assert.equal(((await refused[0]?.json()) as Wire)['code'], 'RATE_LIMITED');
        assert.equal((await ask('b'.repeat(40))).status, 200);
        assert.equal((await api.get('/health')).status, 200);
      });
    } finally {
      await other.stop();
    }
  });
});

describe('operations', () => {
  test('is ready while Redis keeps what it is told and keys are there, and says what is wrong otherwise', async () => {
    assert.deepEqual((await api.get('/ready')).body['ready'], true);
    await api.redis.config('SET', 'appendfsync', 'everysec');
    const answer = await api.get('/ready');
    await api.redis.config('SET', 'appendfsync', 'always');
    assert.equal(answer.status, 503);
    const failed = (answer.body['checks'] as Wire[]).filter(({ ok }) => ok === false);
    assert.deepEqual(
      failed.map(({ name }) => name),
      ['redis'],
    );
    assert.match(String(failed[0]?.['detail']), /appendfsync/);
  });

  test('has figures for Prometheus', async () => {
    await api.get('/v1/chains');
    const { text } = (await api.get('/metrics')).body;
    const names = [...String(text).matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name);
    for (const name of ['backlog_size', 'statements', 'critical_error', 'attestations_total', 'conflicts_total']) {
      assert.ok(names.includes(`phalanx_${name}`), name);
    }
    assert.deepEqual(
      names.filter((name) => !name?.startsWith('phalanx_')),
      [],
    );
    assert.match(
      String(text),
      /phalanx_http_requests_total\{method="GET",route="\/v1\/chains",status="200",role="api"\} \d/,
    );
  });
});

describe('documentation', () => {
  test('the OpenAPI document has every route, resolves every reference and names every problem', async () => {
    const { body } = await api.get('/openapi.json');
    assert.equal(body['openapi'], '3.1.0');
    const schemas = (body['components'] as { schemas: Wire }).schemas;
    const text = JSON.stringify(body);
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference ?? '');
    assert.ok(references.length > 50);
    for (const reference of references) assert.ok(schemas[reference.replace('#/components/schemas/', '')], reference);
    const paths = body['paths'] as Record<string, Wire>;
    for (const path of [
      '/v1/attestations',
      '/v1/statements/{id}/events',
      '/v1/chains/{id}/checkpoints/{height}',
      '/docs',
    ]) {
      assert.ok(paths[path], path);
    }
    const ids = Object.values(paths).flatMap((operations) =>
      Object.values(operations).map((one) => (one as Wire)['operationId']),
    );
    assert.equal(new Set(ids).size, ids.length);
    for (const code of ['SIGNATURE_INVALID', 'BODY_TOO_LARGE', 'RATE_LIMITED', 'PROOF_FOR_ANOTHER_CIRCUIT'])
      assert.ok(text.includes(code), code);
  });

  test('the page loads nothing else and explains every problem', async () => {
    const { text } = (await api.get('/docs')).body;
    assert.doesNotMatch(String(text), /<script|<link|src=|https?:\/\/|@import|url\(/);
    for (const code of Object.keys(PROBLEMS)) assert.ok(String(text).includes(`id="${code}"`), code);
  });
});
