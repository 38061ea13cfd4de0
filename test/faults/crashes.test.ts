// SPDX-License-Identifier: GPL-3.0-or-later

/** What `kill -9` of any process leaves: nothing that was answered is lost, nothing has a second effect. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { keccak256, type Hex } from 'viem';
import { loadArtifacts } from '../../circuits/artifacts.ts';
import { ACCOUNTS } from '../../cli/system/local-chain.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { verifyStrictly } from '../../prover/strict-verifier.ts';
import { destinationKeys, feedCursorKey } from '../../relayer/lib/redis-keys.ts';
import { until } from '../../relayer/testing/log.ts';
import { TxStore } from '../../relayer/tx/tx-store.ts';
import { statementKeys } from '../../runtime/keys.ts';
import { StatementStore } from '../../runtime/statement-store.ts';
import { keyId } from '../../protocol/key-id.ts';
import { apiKeys } from '../../verifier-api/store/redis-keys.ts';
import type { Answer, Statement } from './api-calls.ts';
import { FaultSystem } from './fault-system.ts';
import { childrenOf, isAlive } from './processes.ts';
import { checkpointVote, registrationRequest, signedVote } from './votes.ts';

const WAIT_MS = 60_000;
const system = new FaultSystem(7);
let statements: StatementStore;
let transactions: TxStore;

before(async () => {
  await system.start();
  system.startRelayer();
  statements = new StatementStore(system.redis);
  transactions = new TxStore(system.redis, system.chain.id, ACCOUNTS.relayer.address);
});
after(async () => {
  await statements?.close();
  await system.stop();
});
// Restarted and back at work, so that a test begins on a whole system.
beforeEach(() => system.untilApiReady());

function validator(number: number): LocalValidator {
  const found = system.validators[number - 1];
  assert.ok(found);
  return found;
}

type Vote = readonly [validator: number, checkpoint: number, fork?: number];

const signed = (...[number, checkpoint, fork]: Vote): unknown =>
  signedVote(system, validator(number), checkpointVote(system, checkpoint, fork));
const vote = (...one: Vote): Promise<Answer> => system.api.post('/v1/attestations', signed(...one));

/** Proved once, by a proof that holds; its record. */
async function proved(id: string): Promise<Statement> {
  let record: Statement | undefined;
  await until(
    async () => {
      record = await system.api.statement(id);
      assert.notEqual(record?.state, 'failed', JSON.stringify(record?.failure));
      return record?.state === 'proved';
    },
    `${id} is proved`,
    WAIT_MS,
  );
  assert.ok(record);
  const ends = (await statements.events(id as StatementId)).filter(({ state }) => state === 'proved');
  assert.equal(ends.length, 1, 'proved once');
  const { body } = await system.api.get(`/v1/statements/${id}/proof`);
  const { verificationKey } = await loadArtifacts(record.circuit, { keyHash: record.keyHash });
  assert.deepEqual(await verifyStrictly(verificationKey, body['publicSignals'], body['proof']), { valid: true });
  assert.deepEqual(body['publicSignals'], Object.values(record.signals).map(String));
  return record;
}

async function inMidProof(id: string): Promise<void> {
  await until(
    async () => (await statements.get(id as StatementId))?.phase === 'prove',
    `${id} is being proved`,
    WAIT_MS,
  );
}

/** Statements about one key. */
async function offencesOf(number: number): Promise<Statement[]> {
  const { key } = validator(number);
  return (await system.api.statements('equivocation')).filter(({ signals }) => signals['keyX'] === key.x);
}

/** Two votes for two checkpoints at one height. @returns the statement that follows */
async function offend(number: number, checkpoint: number): Promise<string> {
  for (const fork of [0, 1]) assert.equal((await vote(number, checkpoint, fork)).status, 201);
  const [offence] = await offencesOf(number);
  assert.ok(offence);
  return offence.id;
}

/** Slashings of a key, by their transactions. */
async function slashings(number: number): Promise<Hex[]> {
  const logs = await system.chain.client.getContractEvents({
    address: system.chain.deployment.coalition,
    abi: coalitionAbi,
    eventName: 'Tombstoned',
    args: { keyId: keyId(validator(number).key) },
    fromBlock: 0n,
  });
  return logs.map(({ transactionHash }) => transactionHash);
}

const nonce = (): Promise<number> => system.chain.client.getTransactionCount({ address: ACCOUNTS.relayer.address });

/** What is proved has been taken over by the relayer, and nothing of it waits or is under way. */
async function relayed(): Promise<void> {
  const { redis, chain } = system;
  await until(
    async () => {
      const [, newest = '0'] = await redis.zrevrange(statementKeys.inState('proved'), 0, 0, 'WITHSCORES');
      if (Number(await redis.get(feedCursorKey('statements'))) < Number(newest)) return false;
      return (await redis.zcard(destinationKeys(chain.id).pending)) === 0 && (await transactions.open()).length === 0;
    },
    'everything is relayed',
    WAIT_MS,
  );
}

test('the API killed right after it answered 202 to a request for a proof: the proof is made', async () => {
  const { status, body } = await system.api.post('/v1/statements', registrationRequest(system, 41));
  const killed = system.kill('api');
  assert.equal(status, 202);
  await system.untilRestarted('api', killed);
  await proved(body['id'] as string);
});

test('the API killed right after it answered 202 to evidence: the offender is slashed', async () => {
  const evidence = { first: signed(7, 1), second: signed(7, 1, 1) };
  const { status } = await system.api.post('/v1/evidence', evidence);
  const killed = system.kill('api');
  assert.equal(status, 202);
  await system.untilRestarted('api', killed);
  await until(async () => (await slashings(7)).length === 1, 'the offender is slashed', WAIT_MS);
});

test('a worker killed in mid-proof: the next one finishes, one proof is stored, no process stays behind', async (t) => {
  const { status, body } = await system.api.post('/v1/statements', registrationRequest(system, 42));
  assert.equal(status, 202);
  const id = body['id'] as string;
  await inMidProof(id);
  const children = childrenOf(system.pid('worker'));
  assert.ok(children.length > 0);
  const killed = system.kill('worker');
  const from = Date.now();
  await system.untilRestarted('worker', killed);
  const { attempts } = await proved(id);
  t.diagnostic(`proved ${Date.now() - from} ms after the kill`);
  assert.equal(attempts, 2, 'it was killed in mid-proof');
  await until(() => !children.some(isAlive), 'the orphaned proving process has ended');
});

test('the API killed right after it answered 201: the attestation counts, and its conflict is noticed', async () => {
  for (const number of [1, 2, 3, 4]) assert.equal((await vote(number, 1)).status, 201);
  await system.untilRestarted('api', system.kill('api'));
  await system.untilApiReady();
  // Five of seven are needed, so each of the four counts.
  assert.equal((await vote(5, 1)).body['quorum'], true);
  const [quorum] = await system.api.statements('quorum');
  assert.equal(quorum?.signals['signers'], 0b11111n);

  const contradiction = await vote(1, 1, 1);
  const killed = system.kill('api');
  assert.deepEqual([contradiction.status, contradiction.body['conflict']], [201, 'double-vote']);
  await system.untilRestarted('api', killed);
  await system.untilApiReady();
  const offences = await offencesOf(1);
  assert.equal(offences.length, 1);
  await proved(offences[0]?.id ?? '');
  await proved(quorum.id);
});

test('the API killed amid a burst: what was answered is known, what was not can be sent again, no conflict is missed', async () => {
  // One of the pair that contradicts each other goes early, the other late.
  const burst = Array.from({ length: 12 }, (_, i) => [2, 3, 4].map((number): Vote => [number, 10 + i])).flat();
  const votes: Vote[] = [...burst, [2, 11, 1]];
  let answered = 0;
  let killed = 0;
  const answers = await Promise.all(
    votes.map(async (one) => {
      const { status } = await vote(...one);
      if (status === 201 && ++answered === 8) killed = system.kill('api');
      return status;
    }),
  );
  assert.ok(answers.includes(0), 'some were not answered');
  await system.untilRestarted('api', killed);
  await system.untilApiReady();
  for (const [i, one] of votes.entries()) {
    const { status } = await vote(...one);
    assert.ok(
      status === 200 || (status === 201 && answers[i] !== 201),
      `vote ${i}: first ${answers[i]}, then ${status}`,
    );
  }
  const offences = await offencesOf(2);
  assert.equal(offences.length, 1);
  await proved(offences[0]?.id ?? '');
});

for (const [moment, where, offender] of [
  ['between storing and sending', 'before', 3],
  ['between sending and confirming', 'after', 4],
] as const) {
  test(`the relayer killed ${moment}: the same transaction, one effect, no nonce lost`, async () => {
    await relayed();
    const count = await nonce();
    const sent = new Set<Hex>();
    let killed = 0;
    system.proxy[where] = ({ method, params }) => {
      if (method !== 'eth_sendRawTransaction') return true;
      sent.add(keccak256(params[0] as Hex));
      if (killed) return true;
      killed = system.kill('relay');
      return false;
    };
    const id = await offend(offender, 30);
    await until(() => killed !== 0, 'the relayer sends', WAIT_MS);
    const [stored, ...others] = await transactions.open();
    assert.equal(stored?.effect, `statements:${id}`);
    assert.deepEqual(others, []);
    assert.equal((await slashings(offender)).length, where === 'before' ? 0 : 1);
    await system.untilRestarted('relay', killed);
    await relayed();
    system.proxy[where] = () => true;
    const hash = stored.attempts[0]?.hash;
    assert.deepEqual(await slashings(offender), [hash]);
    assert.deepEqual([...sent], [hash], 'no other bytes were ever sent');
    assert.equal(await nonce(), count + 1);
    assert.equal(await transactions.nextNonce(), count + 1);
  });
}

test('Redis killed with a proof, a transaction and attestations under way: all go on by themselves, nothing is lost', async (t) => {
  await relayed();
  const count = await nonce();
  const { client } = system.chain;
  await client.setAutomine(false);
  await client.setIntervalMining({ interval: 0 });
  await offend(5, 40);
  await until(async () => (await client.getTxpoolStatus()).pending === 1, 'a transaction is under way', WAIT_MS);
  const [stored] = await transactions.open();
  const { body } = await system.api.post('/v1/statements', registrationRequest(system, 43));
  const id = body['id'] as string;
  await inMidProof(id);
  const pids = (['api', 'worker', 'relay'] as const).map((role) => system.pid(role));

  const answers: number[] = [];
  const checkpoint = (i: number): number => 50 + i;
  for (; answers.length < 5;) answers.push((await vote(6, checkpoint(answers.length))).status);
  const killed = system.kill('redis');
  const from = Date.now();
  for (; answers.length < 1_000;) {
    const { status } = await vote(6, checkpoint(answers.length));
    answers.push(status);
    if (status === 201 && answers.includes(503)) break;
    await new Promise((done) => setTimeout(done, 20));
  }
  t.diagnostic(`the API takes attestations again ${Date.now() - from} ms after the kill`);
  await system.untilRestarted('redis', killed);
  assert.deepEqual([...new Set(answers)].sort(), [201, 503], 'stored or refused for now');
  for (const [i, first] of answers.entries()) {
    if (first === 201) assert.equal((await vote(6, checkpoint(i))).status, 200, 'known');
  }
  assert.equal((await vote(6, checkpoint(0), 1)).body['conflict'], 'double-vote', 'with a vote from before');

  await client.setIntervalMining({ interval: 1 });
  await proved(id);
  await proved((await offencesOf(6))[0]?.id ?? '');
  await relayed();
  assert.deepEqual(await slashings(5), [stored?.attempts[0]?.hash]);
  assert.equal((await slashings(6)).length, 1);
  assert.equal(await nonce(), count + 2);
  assert.deepEqual(
    (['api', 'worker', 'relay'] as const).map((role) => system.pid(role)),
    pids,
    'nobody had to be restarted',
  );
});

test('after all this every offender is slashed once, and nothing is left over or failed', async () => {
  await relayed();
  for (const { number, name } of system.validators) assert.equal((await slashings(number)).length, 1, name);
  assert.equal(await nonce(), system.validators.length, 'no other transaction was ever sent');
  assert.equal(await system.redis.zcard(apiKeys.outbox), 0);
  const { queued, proving, failed } = await statements.counts();
  assert.deepEqual({ queued, proving, failed }, { queued: 0, proving: 0, failed: 0 });
});
