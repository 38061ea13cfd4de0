// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { attestationMessage, type Attestation, type Checkpoint } from '../protocol/attestation.ts';
import { sign, verify } from '../protocol/eddsa.ts';
import { parseFr, toFr } from '../protocol/field.ts';
import { setCommitment, setRoot, validatorSet, type ValidatorSet } from '../protocol/validator-set.ts';
import type { AttesterConfig } from '../runtime/config.ts';
import { Secret } from '../runtime/secret.ts';
import type { Running } from '../runtime/shutdown.ts';
import { attesterKey } from './attester/voter.ts';
import { initialiseRecord, startAttester } from './start-attester.ts';
import { startFakeApi, type FakeApi, type Reply } from './testing/fake-api.ts';
import { testLog, until } from './testing/log.ts';
import { INTERVAL, startWorld, type World } from './testing/world.ts';

/** Four validators; the first is ours, and any three but no two of them are a quorum. */
const secrets = [1, 2, 3, 4].map((i) => `0x${String(i).padStart(2, '0').repeat(32)}`);
const keys = secrets.map((secret) => attesterKey(new Secret(secret)));
const stakes = [100n, 100n, 100n, 90n];

let world: World;
let second: FakeApi;
let set: ValidatorSet;
let commitment: ReturnType<typeof setCommitment>;
let folder: string;
let running: Running | undefined;
const logs: string[] = [];
let lines: string[] = [];

before(async () => {
  world = await startWorld();
  second = await startFakeApi();
  const { a, b, api } = world;
  const slots = keys.map((key, i) => ({ key, stakeGwei: stakes[i] ?? 0n }));
  set = validatorSet(1n, 16, [...slots, ...Array<undefined>(12).fill(undefined)]);
  commitment = setCommitment(set);
  for (const [i, key] of keys.entries()) await a.coalition.write('setLeaf', i, key.x, key.y, stakes[i]);
  const hash = await a.coalition.write('sealSet', commitment, setRoot(set), 16);
  const { blockNumber } = await a.anvil.client.getTransactionReceipt({ hash });
  const { timestamp } = await a.anvil.client.getBlock({ blockNumber });
  for (const chain of [a, b]) await chain.ledger.write('setLatest', commitment, 1n);
  api.replies.set(`/v1/validator-sets/${commitment}`, {
    body: {
      commitment: `${commitment}`,
      epoch: '1',
      capacity: 16,
      sealedAt: `${timestamp}`,
      slots: set.slots.map(
        (slot) => slot && { key: { x: `${slot.key.x}`, y: `${slot.key.y}` }, stakeGwei: `${slot.stakeGwei}` },
      ),
    },
  });
});
after(async () => {
  second.close();
  await world.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'phalanx-attester-'));
  for (const api of [world.api, second]) {
    api.posted.splice(0);
    api.onPost = () => ({ status: 201, body: {} });
  }
  world.api.replies.delete(latestPath());
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(folder, { recursive: true });
});

const latestPath = (): string => `/v1/chains/${world.a.config.id}/checkpoints/latest`;

function configOf(more: Partial<AttesterConfig> = {}): AttesterConfig {
  return {
    ...world.common,
    apiClient: { urls: [world.api.url, second.url], token: undefined },
    attester: { recordFile: join(folder, 'record.jsonl'), pollMs: 100 },
    key: new Secret(secrets[0] ?? ''),
    ...more,
  };
}

async function start(config = configOf()): Promise<void> {
  if (!existsSync(config.attester.recordFile)) initialiseRecord(config);
  const capture = testLog();
  logs.push(...lines);
  lines = capture.lines;
  running = await startAttester(config, capture.log);
}

/** Mine the hub so that the newest finalised multiple is the next one. */
async function nextTarget(): Promise<Checkpoint> {
  const { client } = world.a.anvil;
  const head = await client.getBlockNumber({ cacheTime: 0 });
  const target = ((head - 2n) / INTERVAL + 1n) * INTERVAL;
  await client.mine({ blocks: Number(target + 2n - head) });
  const block = await client.getBlock({ blockNumber: target });
  const { chainKey } = world.a.config;
  return { chainKey, height: target, blockHash: block.hash, stateRoot: block.stateRoot, timestamp: block.timestamp };
}

type Body = {
  attestation: {
    sourceHeight: string;
    setCommitment: string;
    checkpoint: { chainKey: string; height: string; blockHash: string };
  };
  signature: { r8x: string; r8y: string; s: string };
};

function postedFor(api: FakeApi, { chainKey, height }: Checkpoint): Body[] {
  const bodies = api.posted
    .filter(({ path }) => path === '/v1/attestations')
    .map(({ body }) => body as unknown as Body);
  return bodies.filter(
    ({ attestation: { checkpoint } }) => checkpoint.chainKey === chainKey && checkpoint.height === `${height}`,
  );
}

/** Let the API say that these validators signed. */
function offerLatest(attestation: Attestation, signers: readonly number[], corrupt = false): void {
  world.api.replies.set(latestPath(), quorumReply(attestation, signers, corrupt));
}

function quorumReply(attestation: Attestation, signers: readonly number[], corrupt = false): Reply {
  const message = attestationMessage(world.common.coalition.attestationDomain, attestation);
  const { checkpoint } = attestation;
  return {
    body: {
      attestation: {
        setCommitment: `${attestation.setCommitment}`,
        sourceHeight: `${attestation.sourceHeight}`,
        checkpoint: { ...checkpoint, height: `${checkpoint.height}`, timestamp: `${checkpoint.timestamp}` },
      },
      signatures: signers.map((i) => {
        const { r8, s } = sign(
          Buffer.from(secrets[i]?.slice(2) ?? '', 'hex'),
          corrupt ? toFr(message + 1n, 'm') : message,
        );
        return {
          key: { x: `${keys[i]?.x}`, y: `${keys[i]?.y}` },
          signature: { r8x: `${r8.x}`, r8y: `${r8.y}`, s: `${s}` },
        };
      }),
    },
  };
}

test("signs the newest finalised multiple under the ledgers' set, and posts it to every address", async () => {
  const checkpoint = await nextTarget();
  await start();
  await until(() => [world.api, second].every((api) => postedFor(api, checkpoint).length === 1), 'both have it');
  const [body] = postedFor(second, checkpoint);
  assert.ok(body);
  assert.equal(body.attestation.sourceHeight, '0');
  assert.equal(body.attestation.setCommitment, `${commitment}`);
  assert.equal(body.attestation.checkpoint.blockHash, checkpoint.blockHash);
  const { r8x, r8y, s } = body.signature;
  const signature = { r8: { x: parseFr(r8x, 'x'), y: parseFr(r8y, 'y') }, s: BigInt(s) };
  const message = attestationMessage(world.common.coalition.attestationDomain, {
    setCommitment: commitment,
    sourceHeight: 0n,
    checkpoint,
  });
  const [ours] = keys;
  assert.ok(ours && verify(ours, message, signature));
  await new Promise((done) => setTimeout(done, 400));
  assert.equal(postedFor(second, checkpoint).length, 1, 'once accepted it is not posted again');
});

test('a checkpoint that every ledger holds already is not voted on; one that a ledger has otherwise is', async () => {
  const held = await nextTarget();
  await world.b.ledger.write('hold', held);
  await start();
  await new Promise((done) => setTimeout(done, 600));
  assert.equal(postedFor(world.api, held).length, 0);
  const other = await nextTarget();
  await world.b.ledger.write('hold', { ...other, stateRoot: other.blockHash });
  await until(() => postedFor(world.api, other).length === 1, 'it has voted');
});

test('builds on the latest quorum, after verifying its signatures', async () => {
  const source = await nextTarget();
  const target = await nextTarget();
  offerLatest({ setCommitment: commitment, sourceHeight: 0n, checkpoint: source }, [1, 2, 3, 0]);
  await start();
  await until(() => postedFor(world.api, target).length === 1, 'it has voted');
  assert.equal(postedFor(world.api, target)[0]?.attestation.sourceHeight, `${source.height}`);
});

test('joins a quorum at the target itself, from the source that the quorum names', async () => {
  const source = await nextTarget();
  const target = await nextTarget();
  offerLatest({ setCommitment: commitment, sourceHeight: source.height, checkpoint: target }, [1, 2, 0]);
  await start();
  await until(() => postedFor(world.api, target).length === 1, 'it has voted');
  assert.equal(postedFor(world.api, target)[0]?.attestation.sourceHeight, `${source.height}`);
});

const lies: [string, (checkpoint: Checkpoint) => void][] = [
  [
    'too little stake',
    (checkpoint) => offerLatest({ setCommitment: commitment, sourceHeight: 0n, checkpoint }, [1, 2]),
  ],
  [
    'one signature counted twice',
    (checkpoint) => offerLatest({ setCommitment: commitment, sourceHeight: 0n, checkpoint }, [1, 2, 2, 1]),
  ],
  [
    'signatures over something else',
    (checkpoint) => offerLatest({ setCommitment: commitment, sourceHeight: 0n, checkpoint }, [0, 1, 2, 3], true),
  ],
  [
    'a set that the hub has not sealed',
    (checkpoint) => offerLatest({ setCommitment: toFr(5n, 's'), sourceHeight: 0n, checkpoint }, [0, 1, 2, 3]),
  ],
  [
    'another block than the chain has',
    (checkpoint) =>
      offerLatest(
        { setCommitment: commitment, sourceHeight: 0n, checkpoint: { ...checkpoint, stateRoot: checkpoint.blockHash } },
        [0, 1, 2, 3],
      ),
  ],
];
for (const [name, offer] of lies) {
  test(`does not vote on a quorum with ${name}`, async () => {
    const source = await nextTarget();
    const target = await nextTarget();
    offer(source);
    await start();
    await until(() => lines.some((line) => line.includes('QUORUM_REFUSED')), 'it refuses');
    assert.deepEqual(postedFor(world.api, target), []);
  });
}

test('false quorums, at past heights or ahead of the chain, stop no votes: the latest true one below is built on', async () => {
  const honest = await nextTarget();
  const source = await nextTarget();
  const target = await nextTarget();
  const quorum = (checkpoint: Checkpoint): Attestation => ({ setCommitment: commitment, sourceHeight: 0n, checkpoint });
  const offered = [
    { ...target, height: target.height + 1_000n * INTERVAL },
    { ...target, blockHash: target.stateRoot },
    { ...source, stateRoot: source.blockHash },
    honest,
  ];
  world.api.replies.set(latestPath(), (query) => {
    const below = BigInt(query.get('below') ?? 1n << 64n);
    const found = offered.find(({ height }) => height < below);
    return found && quorumReply(quorum(found), [0, 1, 2, 3]);
  });
  await start();
  await until(() => postedFor(world.api, target).length === 1, 'it has voted');
  assert.equal(postedFor(world.api, target)[0]?.attestation.sourceHeight, `${honest.height}`);
  assert.ok(lines.some((line) => line.includes('QUORUM_REFUSED')));
});

test('a false quorum that comes later, beside the true one that it built on, does not make it surround itself', async () => {
  const honest = await nextTarget();
  const source = await nextTarget();
  const first = await nextTarget();
  const quorum = (checkpoint: Checkpoint): Attestation => ({ setCommitment: commitment, sourceHeight: 0n, checkpoint });
  let offered = [source, honest];
  world.api.replies.set(latestPath(), (query) => {
    const below = BigInt(query.get('below') ?? 1n << 64n);
    const found = offered.find(({ height }) => height < below);
    return found && quorumReply(quorum(found), [0, 1, 2, 3]);
  });
  await start();
  await until(() => postedFor(world.api, first).length === 1, 'it has voted');
  offered = [{ ...source, stateRoot: source.blockHash }, honest];
  const next = await nextTarget();
  await until(() => postedFor(world.api, next).length === 1, 'it goes on voting');
  assert.equal(postedFor(world.api, next)[0]?.attestation.sourceHeight, `${source.height}`);
});

test('an older quorum than it has voted from, which would make it surround itself, is refused by the record', async () => {
  const older = await nextTarget();
  const source = await nextTarget();
  const target = await nextTarget();
  offerLatest({ setCommitment: commitment, sourceHeight: older.height, checkpoint: source }, [1, 2, 3, 0]);
  await start();
  await until(() => postedFor(world.api, target).length === 1, 'it has voted');
  await running?.stop();
  const next = await nextTarget();
  offerLatest({ setCommitment: commitment, sourceHeight: 0n, checkpoint: older }, [1, 2, 3, 0]);
  await start();
  await until(() => lines.some((line) => line.includes('SLASHABLE_VOTE')), 'it refuses');
  assert.deepEqual(postedFor(world.api, next), []);
});

test('an attestation is posted until it is accepted, also after a restart', async () => {
  const checkpoint = await nextTarget();
  second.onPost = () => ({ status: 422, body: { code: 'SET_UNKNOWN', detail: 'not published' } });
  await start();
  await until(() => lines.some((line) => line.includes('SET_UNKNOWN')), 'it was refused');
  second.onPost = () => ({ status: 200, body: {} });
  await until(() => postedFor(second, checkpoint).length === 1, 'it was accepted later');
  await running?.stop();
  second.posted.splice(0);
  await start();
  await until(() => postedFor(second, checkpoint).length === 1, 'the same vote may be posted again');
});

test('a registered key without a record is refused until the record is begun, an unregistered one begins its own', async () => {
  const config = configOf();
  await assert.rejects(startAttester(config, testLog().log), { code: 'RECORD_MISSING', message: /--init-record/ });
  initialiseRecord(config);
  await start(config);
  await assert.rejects(startAttester(config, testLog().log), { code: 'RECORD_LOCKED' });
  const stranger = configOf({
    key: new Secret(`0x${'0e'.repeat(32)}`),
    attester: { recordFile: join(folder, 'other'), pollMs: 100 },
  });
  await running?.stop();
  running = await startAttester(stranger, testLog().log);
  assert.ok(existsSync(stranger.attester.recordFile));
});

test('no log line has the key', () => {
  const all = logs.concat(lines).join('').toLowerCase();
  assert.ok(all.includes('attesting'));
  const [secret = ''] = secrets;
  assert.ok(!all.includes(secret.slice(2)) && !all.includes(BigInt(secret).toString()));
});
