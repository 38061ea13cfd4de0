// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { decodeFunctionData } from 'viem';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { BASE8, publicKey, sign, type Point } from '../../protocol/eddsa.ts';
import { registrationDigest } from '../../protocol/registration.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { StatementStore } from '../../runtime/statement-store.ts';
import { ApiFixture, type Answer, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';

const OPERATOR = `0x${'0f'.repeat(20)}` as const;
let api: ApiFixture;
let store: StatementStore;
before(async () => {
  api = await ApiFixture.start();
  store = new StatementStore(api.redis);
});
after(async () => {
  await store.close();
  await api.stop();
});
beforeEach(async () => {
  await api.redis.flushall();
  await api.publishSet();
});

function registration(change: Wire = {}, secret = api.secret(4)): Wire {
  const [chain] = api.config.chains;
  assert.ok(chain);
  const digest = registrationDigest(api.config.coalition.registrationDomain, {
    operator: OPERATOR,
    chainKey: chain.chainKey,
    coalition: chain.contracts.coalition,
  });
  const signature = sign(secret, digest);
  return {
    kind: 'registration',
    key: pointWire(publicKey(secret)),
    operator: OPERATOR,
    chain: chain.id,
    signature: { r8x: `${signature.r8.x}`, r8y: `${signature.r8.y}`, s: `${signature.s}` },
    ...change,
  };
}

function pointWire({ x, y }: Point): Wire {
  return { x: `${x}`, y: `${y}` };
}

async function quorum(height = 64n): Promise<StatementId> {
  const attestation = api.attestation(0n, height);
  for (const who of [0, 1]) await api.post('/v1/attestations', api.signed(who, attestation));
  const answer = await api.post('/v1/statements', { kind: 'quorum', message: `${api.message(attestation)}` });
  assert.equal(answer.status, 202, JSON.stringify(answer.body));
  return String(answer.body['id']) as StatementId;
}

/** What a worker does, with a proof that is made up. */
async function prove(id: StatementId): Promise<void> {
  const record = await store.get(id);
  assert.ok(record);
  const key = api.forged.get(record.circuit);
  assert.ok(key);
  await store.begin(id, 5);
  const proof = key.prove(record.publicSignals.map(BigInt));
  const { circuit, publicSignals } = record;
  assert.equal(await store.finish(id, { keyHash: key.keyHash, circuit, publicSignals, proof }), 'proved');
}

describe('POST /v1/statements', () => {
  test('registration: 202, a location, and a queued statement about exactly that key and digest', async () => {
    const answer = await api.post('/v1/statements', registration());
    assert.equal(answer.status, 202);
    assert.equal(answer.headers.get('location'), `/v1/statements/${String(answer.body['id'])}`);
    assert.equal(answer.body['state'], 'queued');
    assert.equal((answer.body['signals'] as Wire)['keyX'], `${api.keys[4]?.x}`);
    assert.deepEqual((await api.get(String(answer.headers.get('location')))).body, answer.body);
    assert.deepEqual(
      (await api.post('/v1/statements', registration())).body,
      answer.body,
      'asking again changes nothing',
    );
  });

  const faults: [name: string, code: Parameters<typeof expectProblem>[1], make: () => Wire][] = [
    ['another operator than was signed', 'SIGNATURE_INVALID', () => registration({ operator: `0x${'0e'.repeat(20)}` })],
    ['another chain than was signed', 'SIGNATURE_INVALID', () => registration({ chain: 'eip155:31338' })],
    ['an unknown chain', 'CHAIN_UNKNOWN', () => registration({ chain: 'eip155:5' })],
    ['Base8 as key', 'KEY_UNFIT', () => registration({ key: pointWire(BASE8) })],
    ['the identity as key', 'KEY_UNFIT', () => registration({ key: { x: '0', y: '1' } })],
    ['a key off the curve', 'KEY_UNFIT', () => registration({ key: { x: '5', y: '5' } })],
    ['an unknown kind', 'INVALID_FIELD', () => ({ kind: 'opinion' })],
    ['no kind', 'INVALID_FIELD', () => ({})],
    ['a field of another kind', 'UNKNOWN_FIELD', () => registration({ message: '1' })],
    ['an unknown message', 'MESSAGE_UNKNOWN', () => ({ kind: 'quorum', message: '5' })],
    [
      'a key without an offence',
      'NO_OFFENCE',
      () => ({ kind: 'equivocation', key: pointWire(publicKey(api.secret(0))) }),
    ],
  ];
  for (const [name, code, make] of faults) {
    test(`refuses ${name} with ${code} and changes nothing`, async () => {
      const before = await api.digest();
      expectProblem(await api.post('/v1/statements', make(), { 'idempotency-key': 'k' }), code);
      assert.equal(await api.digest(), before);
    });
  }

  test('a quorum that is not reached is QUORUM_NOT_REACHED', async () => {
    const attestation = api.attestation(0n, 64n);
    await api.post('/v1/attestations', api.signed(0, attestation));
    expectProblem(
      await api.post('/v1/statements', { kind: 'quorum', message: `${api.message(attestation)}` }),
      'QUORUM_NOT_REACHED',
    );
  });

  test('an offence can be proved again under another set that has the key, and no other', async () => {
    for (const fork of [0, 1]) await api.post('/v1/attestations', api.signed(0, api.attestation(0n, 64n, fork)));
    const key = pointWire(publicKey(api.secret(0)));
    const ask = (setCommitment: string): Promise<Answer> =>
      api.post('/v1/statements', { kind: 'equivocation', key, setCommitment });
    assert.equal((await ask(`${api.set.commitment}`)).status, 202);
    expectProblem(await ask('7'), 'SET_UNKNOWN');
    assert.equal((await store.list({ after: 0, limit: 10, kind: 'equivocation' })).statements.length, 1);
  });

  test('an idempotency key is bound to its body', async () => {
    const key = { 'idempotency-key': 'order-1' };
    const first = await api.post('/v1/statements', registration(), key);
    const again = await api.post('/v1/statements', registration(), key);
    assert.deepEqual([again.status, again.body['id']], [202, first.body['id']]);
    const other = registration({}, api.secret(3));
    expectProblem(await api.post('/v1/statements', other, key), 'IDEMPOTENCY_KEY_REUSED');
    assert.equal((await api.post('/v1/statements', other, { 'idempotency-key': 'order-2' })).status, 202);
    expectProblem(
      await api.post('/v1/statements', other, { 'idempotency-key': 'x'.repeat(129) }),
      'IDEMPOTENCY_KEY_INVALID',
    );
  });
});

describe('reading statements', () => {
  test('the feed of one state gives every statement once, page by page', async () => {
    const ids = [await quorum(64n), await quorum(128n), await quorum(192n)];
    for (const id of [ids[2], ids[0], ids[1]]) if (id) await prove(id);
    const seen: unknown[] = [];
    let after = 0;
    for (;;) {
      const page = (await api.get(`/v1/statements?state=proved&after=${after}&limit=2`)).body;
      seen.push(...(page['statements'] as Wire[]).map((one) => one['id']));
      if (page['after'] === after) break;
      after = Number(page['after']);
    }
    assert.deepEqual(seen, [ids[2], ids[0], ids[1]]);
  });

  test('the proof and the calldata are there when it is proved, and NOT_PROVED before', async () => {
    const id = await quorum();
    for (const path of ['proof', 'calldata?chain=eip155:31338'])
      expectProblem(await api.get(`/v1/statements/${id}/${path}`), 'NOT_PROVED');
    await prove(id);
    const proof = await api.get(`/v1/statements/${id}/proof`);
    assert.equal((await api.post('/v1/verify', proof.body)).body['valid'], true);
    const call = (await api.get(`/v1/statements/${id}/calldata?chain=eip155:31338`)).body;
    assert.equal(call['to'], api.config.chains[1]?.contracts.ledger);
    const { functionName, args } = decodeFunctionData({
      abi: checkpointLedgerAbi,
      data: String(call['data']) as `0x${string}`,
    });
    assert.equal(functionName, 'submitCheckpoint');
    const [attestation, signers, keyHash, decoded] = args as unknown as [
      { checkpoint: Wire },
      bigint,
      string,
      { b: bigint[][] },
    ];
    assert.equal(attestation.checkpoint['height'], 64n);
    assert.equal(signers, 3n);
    assert.equal(keyHash, api.forged.get('quorum-16')?.keyHash);
    const pairs = (proof.body['proof'] as { pi_b: string[][] }).pi_b;
    assert.deepEqual(decoded.b[0]?.map(String), [...(pairs[0] ?? [])].reverse(), 'the imaginary part comes first');
    expectProblem(await api.get(`/v1/statements/${id}/calldata?chain=eip155:31337`), 'NOT_DELIVERABLE');
    expectProblem(await api.get(`/v1/statements/${id}/calldata?chain=eip155:9`), 'CHAIN_UNKNOWN');
    expectProblem(await api.get(`/v1/statements/${id}/calldata`), 'INVALID_FIELD');
  });

  test('an equivocation goes to the Coalition of every chain, a registration only to its own, from its operator', async () => {
    for (const fork of [0, 1]) await api.post('/v1/attestations', api.signed(0, api.attestation(0n, 64n, fork)));
    const page = await store.list({ after: 0, limit: 10, kind: 'equivocation' });
    const id = page.statements[0]?.id;
    assert.ok(id);
    await prove(id);
    for (const [i, chain] of ['eip155:31337', 'eip155:31338'].entries()) {
      const call: Wire = (await api.get(`/v1/statements/${id}/calldata?chain=${chain}`)).body;
      assert.equal(call['to'], api.config.chains[i]?.contracts.coalition);
      const { functionName, args } = decodeFunctionData({
        abi: coalitionAbi,
        data: String(call['data']) as `0x${string}`,
      });
      assert.equal(functionName, 'slashEquivocation');
      assert.deepEqual((args as readonly unknown[]).slice(2, 5), [api.set.commitment, 0n, api.keys[0]?.x]);
    }
    const registered = String((await api.post('/v1/statements', registration())).body['id']) as StatementId;
    await prove(registered);
    const call = (await api.get(`/v1/statements/${registered}/calldata?chain=eip155:31337`)).body;
    assert.deepEqual([call['method'], call['sender']], ['register', OPERATOR]);
    expectProblem(await api.get(`/v1/statements/${registered}/calldata?chain=eip155:31338`), 'NOT_DELIVERABLE');
  });

  test('what is not there is NOT_FOUND, what is no id INVALID_FIELD', async () => {
    const absent = `0x${'00'.repeat(32)}`;
    for (const path of ['', '/proof', '/events', '/calldata?chain=eip155:31337']) {
      expectProblem(await api.get(`/v1/statements/${absent}${path}`), 'NOT_FOUND');
      expectProblem(await api.get(`/v1/statements/7${path}`), 'INVALID_FIELD');
    }
    expectProblem(await api.get('/v1/statements?state=lost'), 'INVALID_FIELD');
    expectProblem(await api.get('/v1/statements?limit=501'), 'OUT_OF_RANGE');
    expectProblem(await api.get('/v1/statements?after=1&after=2'), 'INVALID_FIELD');
    expectProblem(await api.get('/v1/statements?page=1'), 'UNKNOWN_FIELD');
  });
});

describe('server-sent events', () => {
  const open = (id: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${api.apis[0]?.url}/v1/statements/${id}/events`, { headers });

  test('follow a statement to its end, and go on after Last-Event-ID', async () => {
    const id = await quorum();
    const response = await open(id);
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const text = response.text();
    await store.begin(id, 5);
    await store.progress(id, 1, 'prove', 0.5);
    await prove(id);
    const events = parseEvents(await text);
    assert.deepEqual(
      events.map(({ event }) => event),
      ['queued', 'proving', 'proving', 'proving', 'proved'],
    );
    const middle = events[2];
    assert.ok(middle);
    assert.deepEqual([middle.data['phase'], middle.data['progress']], ['prove', 0.5]);
    const resumed = parseEvents(await (await open(id, { 'last-event-id': middle.id })).text());
    assert.deepEqual(resumed, events.slice(3));
    assert.equal((await open(id, { 'last-event-id': events.at(-1)?.id ?? '' })).status, 204);
  });

  test('a wrong Last-Event-ID is refused', async () => {
    const id = await quorum();
    for (const wrong of ['x', `${'9'.repeat(20)}-0`, `0-${'9'.repeat(20)}`]) {
      expectProblem(
        await api.call('GET', `/v1/statements/${id}/events`, undefined, { 'last-event-id': wrong }),
        'INVALID_FIELD',
      );
    }
  });

  test('a client that goes leaves nothing behind, and one that stays is closed in order when the service stops', async () => {
    const id = await quorum();
    const gone = new AbortController();
    const leaving = await fetch(`${api.apis[0]?.url}/v1/statements/${id}/events`, { signal: gone.signal });
    gone.abort();
    await assert.rejects(leaving.text());
    const second = await api.startApi();
    const staying = await fetch(`${second.url}/v1/statements/${id}/events`);
    const text = staying.text();
    await second.stop();
    api.apis.pop();
    assert.match(await text, /event: queued/);
  });
});

function parseEvents(text: string): { id: string; event: string; data: Wire }[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('id: '))
    .map((block) => {
      const field = (name: string): string => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) as Wire };
    });
}
