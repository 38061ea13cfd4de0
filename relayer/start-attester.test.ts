// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { attestationMessage, type Checkpoint } from '../protocol/attestation.ts';
import { verify } from '../protocol/eddsa.ts';
import { parseFr, toFr } from '../protocol/field.ts';
import { initialiseRecord, startAttester } from './start-attester.ts';
import { AttesterWorld } from './testing/attester-world.ts';
import { testLog, until } from './testing/log.ts';
import { INTERVAL } from './testing/world.ts';

let world: AttesterWorld;
before(async () => {
  world = await AttesterWorld.open();
});
after(() => world.close());
beforeEach(() => world.prepare());
afterEach(() => world.cleanUp());

test("signs the newest finalised multiple under the ledgers' set, and posts it to every address", async () => {
  const checkpoint = await world.nextTarget();
  await world.start();
  await until(
    () => [world.chains.api, world.second].every((api) => world.postedFor(api, checkpoint).length === 1),
    'both have it',
  );
  const [body] = world.postedFor(world.second, checkpoint);
  assert.ok(body);
  assert.equal(body.attestation.sourceHeight, '0');
  assert.equal(body.attestation.setCommitment, `${world.commitment}`);
  assert.equal(body.attestation.checkpoint.blockHash, checkpoint.blockHash);
  const { r8x, r8y, s } = body.signature;
  const signature = { r8: { x: parseFr(r8x, 'x'), y: parseFr(r8y, 'y') }, s: BigInt(s) };
  const message = attestationMessage(world.chains.common.coalition.attestationDomain, {
    setCommitment: world.commitment,
    sourceHeight: 0n,
    checkpoint,
  });
  assert.ok(verify(world.key, message, signature));
  await new Promise((done) => setTimeout(done, 400));
  assert.equal(world.postedFor(world.second, checkpoint).length, 1, 'once accepted it is not posted again');
});

test('a checkpoint that every ledger holds already is not voted on; one that a ledger has otherwise is', async () => {
  const held = await world.nextTarget();
  await world.chains.b.ledger.write('hold', held);
  await world.start();
  await new Promise((done) => setTimeout(done, 600));
  assert.equal(world.postedFor(world.chains.api, held).length, 0);
  const other = await world.nextTarget();
  await world.chains.b.ledger.write('hold', { ...other, stateRoot: other.blockHash });
  await until(() => world.postedFor(world.chains.api, other).length === 1, 'it has voted');
});

test('builds on the latest quorum, after verifying its signatures', async () => {
  const source = await world.nextTarget();
  const target = await world.nextTarget();
  world.offerLatest({ setCommitment: world.commitment, sourceHeight: 0n, checkpoint: source }, [1, 2, 3, 0]);
  await world.start();
  await until(() => world.postedFor(world.chains.api, target).length === 1, 'it has voted');
  assert.equal(world.postedFor(world.chains.api, target)[0]?.attestation.sourceHeight, `${source.height}`);
});

test('joins a quorum at the target itself, from the source that the quorum names', async () => {
  const source = await world.nextTarget();
  const target = await world.nextTarget();
  world.offerLatest({ setCommitment: world.commitment, sourceHeight: source.height, checkpoint: target }, [1, 2, 0]);
  await world.start();
  await until(() => world.postedFor(world.chains.api, target).length === 1, 'it has voted');
  assert.equal(world.postedFor(world.chains.api, target)[0]?.attestation.sourceHeight, `${source.height}`);
});

const lies: [string, (checkpoint: Checkpoint) => void][] = [
  [
    'too little stake',
    (checkpoint) => world.offerLatest({ setCommitment: world.commitment, sourceHeight: 0n, checkpoint }, [1, 2]),
  ],
  [
    'one signature counted twice',
    (checkpoint) => world.offerLatest({ setCommitment: world.commitment, sourceHeight: 0n, checkpoint }, [1, 2, 2, 1]),
  ],
  [
    'signatures over something else',
    (checkpoint) =>
      world.offerLatest({ setCommitment: world.commitment, sourceHeight: 0n, checkpoint }, [0, 1, 2, 3], true),
  ],
  [
    'a set that the hub has not sealed',
    (checkpoint) => world.offerLatest({ setCommitment: toFr(5n, 's'), sourceHeight: 0n, checkpoint }, [0, 1, 2, 3]),
  ],
  [
    'another block than the chain has',
    (checkpoint) =>
      world.offerLatest(
        {
          setCommitment: world.commitment,
          sourceHeight: 0n,
          checkpoint: { ...checkpoint, stateRoot: checkpoint.blockHash },
        },
        [0, 1, 2, 3],
      ),
  ],
];
for (const [name, offer] of lies) {
  test(`does not vote on a quorum with ${name}`, async () => {
    const source = await world.nextTarget();
    const target = await world.nextTarget();
    offer(source);
    await world.start();
    await until(() => world.lines.some((line) => line.includes('QUORUM_REFUSED')), 'it refuses');
    assert.deepEqual(world.postedFor(world.chains.api, target), []);
  });
}

test('false quorums, at past heights or ahead of the chain, stop no votes: the latest true one below is built on', async () => {
  const honest = await world.nextTarget();
  const source = await world.nextTarget();
  const target = await world.nextTarget();
  const offered = [
    { ...target, height: target.height + 1_000n * INTERVAL },
    { ...target, blockHash: target.stateRoot },
    { ...source, stateRoot: source.blockHash },
    honest,
  ];
  world.offerAll(() => offered);
  await world.start();
  await until(() => world.postedFor(world.chains.api, target).length === 1, 'it has voted');
  assert.equal(world.postedFor(world.chains.api, target)[0]?.attestation.sourceHeight, `${honest.height}`);
  assert.ok(world.lines.some((line) => line.includes('QUORUM_REFUSED')));
});

test('a false quorum that comes later, beside the true one that it built on, does not make it surround itself', async () => {
  const honest = await world.nextTarget();
  const source = await world.nextTarget();
  const first = await world.nextTarget();
  let offered = [source, honest];
  world.offerAll(() => offered);
  await world.start();
  await until(() => world.postedFor(world.chains.api, first).length === 1, 'it has voted');
  offered = [{ ...source, stateRoot: source.blockHash }, honest];
  const next = await world.nextTarget();
  await until(() => world.postedFor(world.chains.api, next).length === 1, 'it goes on voting');
  assert.equal(world.postedFor(world.chains.api, next)[0]?.attestation.sourceHeight, `${source.height}`);
});

test('an older quorum than it has voted from, which would make it surround itself, is refused by the record', async () => {
  const older = await world.nextTarget();
  const source = await world.nextTarget();
  const target = await world.nextTarget();
  world.offerLatest({ setCommitment: world.commitment, sourceHeight: older.height, checkpoint: source }, [1, 2, 3, 0]);
  await world.start();
  await until(() => world.postedFor(world.chains.api, target).length === 1, 'it has voted');
  await world.stop();
  const next = await world.nextTarget();
  world.offerLatest({ setCommitment: world.commitment, sourceHeight: 0n, checkpoint: older }, [1, 2, 3, 0]);
  await world.start();
  await until(() => world.lines.some((line) => line.includes('SLASHABLE_VOTE')), 'it refuses');
  assert.deepEqual(world.postedFor(world.chains.api, next), []);
});

test('an attestation is posted until it is accepted, also after a restart', async () => {
  const checkpoint = await world.nextTarget();
  world.second.onPost = () => ({ status: 422, body: { code: 'SET_UNKNOWN', detail: 'not published' } });
  await world.start();
  await until(() => world.lines.some((line) => line.includes('SET_UNKNOWN')), 'it was refused');
  world.second.onPost = () => ({ status: 200, body: {} });
  await until(() => world.postedFor(world.second, checkpoint).length === 1, 'it was accepted later');
  await world.stop();
  world.second.posted.splice(0);
  await world.start();
  await until(() => world.postedFor(world.second, checkpoint).length === 1, 'the same vote may be posted again');
});

test('a registered key without a record is refused until the record is begun, an unregistered one begins its own', async () => {
  const config = world.config();
  await assert.rejects(startAttester(config, testLog().log), { code: 'RECORD_MISSING', message: /--init-record/ });
  initialiseRecord(config);
  await world.start(config);
  await assert.rejects(startAttester(config, testLog().log), { code: 'RECORD_LOCKED' });
  const stranger = world.config({ secret: `0x${'0e'.repeat(32)}`, record: 'other' });
  await world.stop();
  await world.startAsIs(stranger);
  assert.ok(existsSync(stranger.attester.recordFile));
});

test('no log line has the key', () => {
  const all = world.earlierLines.concat(world.lines).join('').toLowerCase();
  assert.ok(all.includes('attesting'));
  assert.ok(!all.includes(world.secret.slice(2)) && !all.includes(BigInt(world.secret).toString()));
});
