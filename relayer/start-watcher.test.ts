// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { encodeFunctionData, keccak256, type Hex } from 'viem';
import { checkpointLedgerAbi } from '../protocol/abi/checkpoint-ledger.ts';
import type { Checkpoint } from '../protocol/attestation.ts';
import type { ChainId, ChainKey } from '../protocol/chain.ts';
import { setCommitment, setRoot, validatorSet, type Validator, type ValidatorSet } from '../protocol/validator-set.ts';
import { Secret } from '../runtime/secret.ts';
import type { Running } from '../runtime/shutdown.ts';
import { attesterKey } from './attester/voter.ts';
import { watcherKey } from './lib/redis-keys.ts';
import { startWatcher } from './start-watcher.ts';
import { deployTestContract } from './testing/contracts.ts';
import { testLog, until } from './testing/log.ts';
import { checkpointOf, keyHashOf, startWorld, type World } from './testing/world.ts';

const validators: Validator[] = [1, 2, 3].map((i) => ({
  key: attesterKey(new Secret(`0x${String(i).padStart(2, '0').repeat(32)}`)),
  stakeGwei: BigInt(i) * 100n,
}));

let world: World;
let running: Running | undefined;
let lines: string[] = [];
/** the hub's slots as the tests left them */
const slots = Array<Validator | undefined>(16).fill(undefined);
let epoch = 0n;

before(async () => {
  world = await startWorld();
});
after(() => world.close());
beforeEach(() => {
  world.api.posted.splice(0);
  world.api.onPost = () => ({ status: 201, body: {} });
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

async function start(): Promise<void> {
  const capture = testLog();
  lines = capture.lines;
  running = await startWatcher(
    {
      ...world.common,
      redis: { url: `unix://${world.redis.socket}`, password: undefined },
      apiClient: { urls: ['http://127.0.0.1:1', world.api.url], token: undefined },
      watcher: { pollMs: 100 },
    },
    capture.log,
  );
}

async function setSlot(index: number, validator: Validator | undefined): Promise<void> {
  slots[index] = validator;
  const { key, stakeGwei } = validator ?? { key: { x: 0n, y: 0n }, stakeGwei: 0n };
  await world.a.coalition.write('setLeaf', index, key.x, key.y, stakeGwei);
}

async function seal(change: (set: ValidatorSet) => ValidatorSet = (set) => set): Promise<ValidatorSet> {
  epoch += 1n;
  const set = change(validatorSet(epoch, 16, [...slots]));
  await world.a.coalition.write('sealSet', setCommitment(set), setRoot(set), 16);
  return set;
}

const finalise = (): Promise<void> => world.a.anvil.client.mine({ blocks: 4 });
const published = (): Record<string, unknown>[] =>
  world.api.posted.filter(({ path }) => path === '/v1/validator-sets').map(({ body }) => body);

test('rebuilds every sealed set from the events, and publishes it once, also after a restart', async () => {
  for (const [i, validator] of validators.entries()) await setSlot(i * 5, validator);
  const first = await seal();
  await setSlot(5, undefined);
  await setSlot(0, { ...(validators[0] as Validator), stakeGwei: 7n });
  const second = await seal();
  await finalise();
  await start();
  await until(() => published().length === 2, 'both are published');
  assert.deepEqual(
    published().map(({ commitment }) => commitment),
    [first, second].map((set) => `${setCommitment(set)}`),
  );
  const [, body] = published();
  const of = body?.['slots'] as ({ stakeGwei: string } | null)[];
  assert.equal(of.length, 16);
  assert.equal(of[0]?.stakeGwei, '7');
  assert.equal(of[5], null);
  await running?.stop();

  await setSlot(3, validators[1]);
  const third = await seal();
  await finalise();
  await start();
  await until(() => published().length >= 3, 'the third is published');
  assert.deepEqual(
    published()
      .slice(2)
      .map(({ commitment }) => commitment),
    [`${setCommitment(third)}`],
  );
});

test('a set that the API does not take yet is published later, even after a restart', async () => {
  world.api.onPost = () => ({ status: 422, body: { code: 'SET_NOT_SEALED', detail: '' } });
  const set = await seal();
  await finalise();
  await start();
  await until(() => lines.some((line) => line.includes('SET_NOT_SEALED')), 'it was refused');
  await running?.stop();
  world.api.onPost = () => ({ status: 201, body: {} });
  await start();
  await until(() => published().length === 1, 'it is published');
  assert.equal(published()[0]?.['commitment'], `${setCommitment(set)}`);
});

test('a ledger that holds what is no block of the source chain is a critical alarm; real blocks are none', async () => {
  const { a, b } = world;
  await b.anvil.client.mine({ blocks: 40 });
  const real = async (height: bigint): Promise<Checkpoint> => {
    const { hash, stateRoot, timestamp } = await a.anvil.client.getBlock({ blockNumber: height });
    return { chainKey: a.config.chainKey, height, blockHash: hash, stateRoot, timestamp };
  };
  await submit(await real(8n));
  await b.anvil.client.mine({ blocks: 2 });
  await start();
  await until(
    async () => (await ledgerState(b.config.id, b.ledger.address))?.['unchecked']?.length === 0,
    'it was compared',
  );
  assert.ok(!lines.some((line) => line.includes('no block of the source chain')));

  await submit({ ...(await real(16n)), stateRoot: keccak256('0xbad0') });
  await b.anvil.client.mine({ blocks: 2 });
  await until(() => lines.some((line) => line.includes('no block of the source chain')), 'the alarm');
  await running?.stop();
  await start();
  await until(() => lines.some((line) => line.includes('no block of the source chain')), 'the alarm after a restart');
});

test('two conflicting quorums shown to a ledger are reported to the API, with both proofs', async () => {
  const { a, b } = world;
  await start();
  const height = 800n;
  await submit(checkpointOf(a, height, keccak256('0xaa')), 5n);
  // Further back than a node is asked for events at once.
  await b.anvil.client.mine({ blocks: 1_100 });
  await submit(checkpointOf(a, height, keccak256('0xbb')), 6n);
  await b.anvil.client.mine({ blocks: 3 });
  const reports = (): Record<string, unknown>[] =>
    world.api.posted.filter(({ path }) => path === '/v1/quorum-conflicts').map(({ body }) => body);
  await until(() => reports().length === 1, 'it is reported');
  type Shown = {
    signers: string;
    share: number;
    keyHash: Hex;
    attestation: { checkpoint: { blockHash: Hex } };
    proof: { pi_b: string[][] };
  };
  const { first, second } = reports()[0] as { first: Shown; second: Shown };
  assert.deepEqual([first.signers, second.signers], ['5', '6']);
  assert.deepEqual(
    [first, second].map(({ attestation }) => attestation.checkpoint.blockHash),
    [keccak256('0xaa'), keccak256('0xbb')],
  );
  assert.equal(first.keyHash, keyHashOf('quorum-16'));
  assert.equal(first.share, 20_000);
  assert.deepEqual(
    first.proof.pi_b,
    [
      ['2', '1'],
      ['4', '3'],
      ['1', '0'],
    ],
    "back in snarkjs's order",
  );
  assert.ok(lines.some((line) => line.includes('contradict each other')));
  assert.ok(lines.some((line) => line.includes('the ledger froze a chain')));
});

test('conflicting quorums that came to the ledger through other contracts are reported no less', async () => {
  const { a, b, api } = world;
  await start();
  const forwarder = await deployTestContract(b.anvil, 'TestForwarder');
  const forward = (...calls: [Checkpoint, bigint][]) =>
    forwarder.write(
      'forward',
      b.ledger.address,
      calls.map((call) =>
        encodeFunctionData({ abi: checkpointLedgerAbi, functionName: 'submitCheckpoint', args: submission(...call) }),
      ),
    );
  const of = (chain: string, blockHash: Hex): Checkpoint => ({
    ...checkpointOf(a, 900n, keccak256(blockHash)),
    chainKey: `0x${chain.repeat(31)}` as ChainKey,
  });
  // Two chains, contradicted in one transaction.
  await forward([of('c1', '0xaa'), 5n], [of('c2', '0xaa'), 9n]);
  await forward([of('c1', '0xbb'), 6n], [of('c2', '0xbb'), 10n]);
  await b.anvil.client.mine({ blocks: 3 });
  const reports = () => api.posted.filter(({ path }) => path === '/v1/quorum-conflicts').map(({ body }) => body);
  await until(() => reports().length === 2, 'both are reported');
  assert.deepEqual(
    reports()
      .map(({ first, second }) => [first, second].map((shown) => (shown as { signers: string }).signers))
      .sort(),
    [
      ['5', '6'],
      ['9', '10'],
    ],
  );
});

test('events that do not give what was sealed are an alarm, and nothing is published', async () => {
  await seal((set) => ({ ...set, epoch: 99n }));
  await finalise();
  await start();
  await until(() => lines.some((line) => line.includes('the events do not give the set')), 'the alarm');
  assert.deepEqual(published(), []);
});

/** Arguments of `submitCheckpoint`. */
function submission(checkpoint: Checkpoint, signers: bigint) {
  const proof = {
    a: [1n, 2n],
    b: [
      [1n, 2n],
      [3n, 4n],
    ],
    c: [1n, 2n],
  } as const;
  const setCommitment: Hex = `0x${'01'.padStart(64, '0')}`;
  const attestation = { setCommitment, sourceHeight: 0n, checkpoint };
  return [attestation, signers, keyHashOf('quorum-16'), proof] as const;
}

async function submit(checkpoint: Checkpoint, signers = 3n): Promise<void> {
  await world.b.ledger.write('submitCheckpoint', ...submission(checkpoint, signers));
}

async function ledgerState(chain: ChainId, ledger: Hex): Promise<Record<string, unknown[]> | undefined> {
  const text = await world.redis.client.get(watcherKey(chain, ledger));
  return text === null ? undefined : (JSON.parse(text) as Record<string, unknown[]>);
}
