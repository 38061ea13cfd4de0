// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { ApiFixture, type Answer, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';
import type { ProblemCode } from './problem-catalog.ts';

let api: ApiFixture;
before(async () => {
  api = await ApiFixture.start({ bodyLimitBytes: 65_536 });
  await api.publishSet();
});
after(() => api.stop());

const POSTS = [
  '/v1/attestations',
  '/v1/evidence',
  '/v1/statements',
  '/v1/verify',
  '/v1/quorum-conflicts',
  '/v1/validator-sets',
];

describe('bodies', () => {
  const json = { 'content-type': 'application/json' };
  const faults: [name: string, code: ProblemCode, body: string, headers: Record<string, string>][] = [
    ['half an object', 'INVALID_JSON', '{"a":', json],
    ['nothing', 'INVALID_JSON', '', { ...json, 'content-length': '0' }],
    ['bare text', 'INVALID_JSON', 'hello', json],
    ['a number', 'INVALID_JSON', '7', json],
    ['null', 'INVALID_JSON', 'null', json],
    ['a text', 'INVALID_JSON', '"x"', json],
    ['an array', 'INVALID_FIELD', '[]', json],
    ['arrays within arrays', 'INVALID_FIELD', '['.repeat(20_000) + ']'.repeat(20_000), json],
    ['an own __proto__', 'INVALID_FIELD', '{"__proto__":{"isAdmin":true}}', json],
    ['no content type', 'UNSUPPORTED_MEDIA_TYPE', '{}', { 'content-type': '' }],
    ['a form', 'UNSUPPORTED_MEDIA_TYPE', 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['another JSON type', 'UNSUPPORTED_MEDIA_TYPE', '{}', { 'content-type': 'application/json-patch+json' }],
    ['another character set', 'UNSUPPORTED_MEDIA_TYPE', '{}', { 'content-type': 'application/json; charset=utf-16' }],
    ['a compressed body', 'UNSUPPORTED_MEDIA_TYPE', '{}', { ...json, 'content-encoding': 'gzip' }],
    ['64 KiB and one byte', 'BODY_TOO_LARGE', `"${'x'.repeat(65_535)}"`, json],
  ];
  for (const [name, code, body, headers] of faults) {
    test(`refuse ${name} with ${code} everywhere, and change nothing`, async () => {
      const before = await api.digest();
      for (const path of POSTS) expectProblem(await api.call('POST', path, body, headers), code);
      assert.equal(await api.digest(), before);
    });
  }

  test('a chunked body over the limit is refused too', async () => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(`${api.apis[0]?.url}/v1/verify`, { method: 'POST', headers: json }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sending.on('error', reject);
      for (let i = 0; i < 20; i++) sending.write(' '.repeat(8_192));
      sending.end('{}');
    });
    assert.equal(answer, 413);
  });
});

describe('paths, methods and heads', () => {
  test('an unknown path is NOT_FOUND', async () => {
    for (const path of ['/', '/v1', '/v2/statements', '/v1/attestations/', '/V1/chains', '/v1/statements/a/b/c']) {
      const answer = await api.get(path);
      if (path === '/v1/attestations/') assert.ok(answer.status === 404 || answer.status === 405);
      else expectProblem(answer, 'NOT_FOUND');
    }
  });

  test('another method is METHOD_NOT_ALLOWED and says which are', async () => {
    for (const [method, path, allow] of [
      ['GET', '/v1/attestations', 'POST, OPTIONS'],
      ['DELETE', '/v1/statements', 'POST, GET, HEAD, OPTIONS'],
      ['POST', '/v1/chains', 'GET, HEAD, OPTIONS'],
      ['PUT', '/health', 'GET, HEAD, OPTIONS'],
    ] as const) {
      const answer = await api.call(method, path);
      expectProblem(answer, 'METHOD_NOT_ALLOWED');
      assert.equal(answer.headers.get('allow'), allow);
    }
  });

  test('a path that is no text is MALFORMED_REQUEST', async () => {
    expectProblem(await api.get('/v1/chains/%zz'), 'MALFORMED_REQUEST');
    expectProblem(await api.get('/v1/chains/%C3%28'), 'MALFORMED_REQUEST');
  });

  test('a request id is taken over when it is harmless, else made', async () => {
    const own = await api.call('GET', '/health', undefined, { 'x-request-id': 'abc-1.2_3' });
    assert.equal(own.headers.get('x-request-id'), 'abc-1.2_3');
    const made = await api.call('GET', '/health', undefined, { 'x-request-id': 'a b<script>' });
    assert.match(made.headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });

  test('a Host that is not this machine is MISDIRECTED', async () => {
    const text = await raw('GET /v1/chains HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n');
    assert.match(text, /^HTTP\/1\.1 421 /);
    assert.match(text, /"code":"MISDIRECTED"/);
  });

  test('bytes that are no request are answered 400 and the service goes on', async () => {
    assert.match(await raw('\x16\x03\x01 nonsense\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.equal((await api.get('/health')).status, 200);
  });
});

describe('fuzz', () => {
  const leaf = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.bigInt({ min: 0n, max: 2n ** 260n }).map(String),
    fc.constantFrom(
      '-1',
      '01',
      '0x',
      `0x${'00'.repeat(32)}`,
      `0x${'00'.repeat(31)}`,
      'eip155:31337',
      '1e3',
      '٣',
      '__proto__',
    ),
  );
  /** A valid body with one place in it replaced, dropped or added to. */
  const mutated = (bodies: readonly Wire[]) =>
    fc
      .tuple(
        fc.constantFrom(...bodies),
        fc.nat(),
        fc.constantFrom('replace', 'drop', 'add'),
        fc.oneof(leaf, fc.jsonValue() as fc.Arbitrary<unknown>),
      )
      .map(([body, at, how, value]) => mutate(structuredClone(body), at, how, value));

  test('no body is answered 5xx, and none that is refused changes anything', async () => {
    const attestation = api.signed(0, api.attestation(0n, 64n));
    const key = api.forged.get('registration');
    const quorum = {
      attestation: attestation['attestation'],
      signers: '3',
      share: 20_000,
      keyHash: `0x${'00'.repeat(32)}`,
      proof: key?.prove([1n, 2n, 3n]),
    };
    const bodies: Record<string, readonly Wire[]> = {
      '/v1/attestations': [attestation],
      '/v1/evidence': [{ first: attestation, second: api.signed(0, api.attestation(0n, 64n, 1)) }],
      '/v1/statements': [
        { kind: 'quorum', message: '5' },
        { kind: 'equivocation', key: attestation['key'], setCommitment: '5' },
        {
          kind: 'registration',
          key: attestation['key'],
          operator: `0x${'0f'.repeat(20)}`,
          chain: 'eip155:31337',
          signature: attestation['signature'],
        },
      ],
      '/v1/verify': [{ circuit: 'registration', publicSignals: ['1', '2', '4'], proof: key?.prove([1n, 2n, 3n]) }],
      '/v1/quorum-conflicts': [{ first: quorum, second: { ...quorum, signers: '7' } }],
      '/v1/validator-sets': [api.setWire(api.set)],
    };
    let refused = 0;
    for (const [path, valid] of Object.entries(bodies)) {
      await fc.assert(
        fc.asyncProperty(mutated(valid), async (body) => {
          const before = await api.digest();
          const answer = await api.post(path, body);
          assert.ok(answer.status < 500, `${answer.status} ${JSON.stringify(answer.body)} for ${JSON.stringify(body)}`);
          if (answer.status < 400) return;
          refused += 1;
          assert.equal(await api.digest(), before, `changed by ${JSON.stringify(body)}`);
          expectProblem(answer, answer.body['code'] as ProblemCode);
        }),
        { numRuns: 60, seed: 7 },
      );
    }
    assert.ok(refused > 200, `only ${refused} were refused`);
  });

  test('no path or query is answered 5xx', async () => {
    const text = fc.oneof(fc.string({ maxLength: 60 }), leaf.map(String)).map(encodeURIComponent);
    const paths = fc.oneof(
      text.map((id) => `/v1/statements/${id}`),
      fc.tuple(text, text).map(([id, chain]) => `/v1/statements/${id}/calldata?chain=${chain}`),
      fc.tuple(text, text).map(([name, value]) => `/v1/statements?${name}=${value}`),
      text.map((id) => `/v1/chains/${id}`),
      fc.tuple(text, text).map(([id, height]) => `/v1/chains/${id}/checkpoints/${height}`),
      text.map((height) => `/v1/chains/eip155:31337/checkpoints/${height}`),
      text.map((id) => `/v1/circuits/${id}/verification-key`),
      text.map((id) => `/v1/circuits/${id}/verifier.sol`),
      text.map((id) => `/v1/validator-sets/${id}`),
      text.map((id) => `/v1/quorum-conflicts/${id}`),
      fc.tuple(text, text, text).map(([a, b, c]) => `/v1/chains/eip155:31337/proof?chain=${a}&account=${b}&slot=${c}`),
      text.map((chain) => `/v1/rotations?chain=${chain}`),
    );
    await fc.assert(
      fc.asyncProperty(paths, async (path) => {
        const answer: Answer = await api.get(path);
        assert.ok(answer.status < 500, `${answer.status} for ${path}: ${JSON.stringify(answer.body)}`);
      }),
      { numRuns: 400, seed: 11 },
    );
  });
});

function mutate(body: Wire, at: number, how: string, value: unknown): Wire {
  const places: [holder: Wire, key: string][] = [];
  const walk = (holder: Wire): void => {
    for (const [key, inner] of Object.entries(holder)) {
      places.push([holder, key]);
      if (typeof inner === 'object' && inner !== null) walk(inner as Wire);
    }
  };
  walk(body);
  const place = places[at % places.length];
  if (!place) return body;
  const [holder, key] = place;
  if (how === 'replace') holder[key] = value;
  else if (how === 'drop') delete holder[key];
  else holder[`${key}x`] = value;
  return body;
}

async function raw(bytes: string): Promise<string> {
  const { port } = new URL(api.apis[0]?.url ?? '');
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
    socket.on('error', reject);
  });
}
