// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { NO_EVIDENCE_HASH } from '../../../protocol/cometbft/block-evidence.ts';
import { consensusState, type LightClient } from '../../../protocol/cometbft/client-state.ts';
import { CometBftRefusal } from '../../../protocol/cometbft/refusal.ts';
import {
  flipBit,
  inChainOrder,
  setOf,
  TEST_CHAIN,
  testBlock,
  testValidators,
  type TestBlock,
} from '../../../protocol/cometbft/testing/generated-chain.ts';
import { noRecording, RECORDED, RECORDED_HEIGHTS } from '../../../protocol/cometbft/testing/recorded.ts';
import type { PhalanxError } from '../../../protocol/errors.ts';
import { commitAnswer, validatorsAnswers } from '../../../protocol/cometbft/testing/rpc-answers.ts';
import { NANOSECONDS } from '../../../protocol/cometbft/timestamp.ts';
import { updateClient } from '../../../protocol/cometbft/update-client.ts';
import { startRecordedNode, type RecordedNode } from '../../testing/recorded-node.ts';
import { SourceMismatchError, SourceUnavailableError } from '../errors.ts';
import { CometBftSource, type TrustedHeader } from './cometbft-source.ts';
import { CometBftNodes, type CometBftNodesOptions } from './nodes.ts';

/** 130 validators, two pages; from height 6 on some are others. */
const early = testValidators(
  'early',
  Array.from({ length: 130 }, (_, i) => BigInt(1000 - i)),
);
const late = inChainOrder([
  ...early.slice(0, 60),
  ...testValidators(
    'late',
    Array.from({ length: 40 }, () => 1000n),
  ),
]);
const chain: readonly TestBlock[] = Array.from({ length: 8 }, (_, i) => ({
  height: BigInt(i + 1),
  validators: i + 1 < 6 ? early : late,
  next: i + 2 < 6 ? early : late,
}));

const folder = mkdtempSync(join(tmpdir(), 'phalanx-recorded-'));
const blocks = chain.map(testBlock);

function record(height: number): void {
  const [block, signed] = [chain[height - 1], blocks[height - 1]];
  assert.ok(block && signed);
  writeFileSync(join(folder, `commit.${height}.json`), JSON.stringify(commitAnswer(signed)));
  const [page] = validatorsAnswers(setOf(block.validators), block.height, 1000);
  writeFileSync(join(folder, `validators.${height}.json`), JSON.stringify(page));
}
before(() => [1, 2, 3, 4, 5, 6, 7].forEach(record));

let [one, two]: RecordedNode[] = [];
beforeEach(async () => void ([one, two] = [await startRecordedNode(folder), await startRecordedNode(folder)]));
afterEach(async () => void (await Promise.all([one?.close(), two?.close()])));

function source(
  nodes: readonly (RecordedNode | undefined)[],
  options: Partial<CometBftNodesOptions> = {},
): CometBftSource {
  const urls = nodes.map((node) => node?.url ?? assert.fail());
  return new CometBftSource(
    TEST_CHAIN,
    new CometBftNodes({ urls, rounds: 2, pauseMs: 1, timeoutMs: 5_000, ...options }),
  );
}

test('reads a block and its set of two pages, and checks them', async () => {
  const block = await source([one]).lightBlock(3n);
  assert.deepEqual(block.signedHeader, blocks[2]);
  assert.deepEqual(block.validators, setOf(early));
  assert.deepEqual(block.answers.commit, JSON.parse(JSON.stringify(commitAnswer(block.signedHeader))));
  assert.deepEqual(block.answers.validators, validatorsAnswers(setOf(early), 3n));
  const pages = one?.calls.filter(({ method }) => method === 'validators').map(({ params }) => params.get('page'));
  assert.deepEqual(pages, ['1', '2']);
});

/** What a light client trusts at a height of the chain. */
const trustedAt = (height: bigint): TrustedHeader => (blocks[Number(height) - 1] ?? assert.fail()).header;

test('what leads to a block has few signatures, and brings the trusted set only where it is another', async () => {
  const from = source([one]);
  const first = await from.lightBlock(2n);
  let client: LightClient = {
    chainId: TEST_CHAIN,
    trustingPeriodNs: 86_400n * NANOSECONDS,
    maxClockDriftNs: NANOSECONDS,
    frozen: false,
    states: new Map([[2n, consensusState(first.signedHeader.header)]]),
  };
  const steps: [trusted: bigint, height: bigint, ownSet: boolean][] = [
    [2n, 3n, true],
    [3n, 5n, true],
    [5n, 6n, true],
    [2n, 7n, false],
  ];
  for (const [trusted, height, ownSet] of steps) {
    const [shown, ...more] = await from.path(trustedAt(trusted), height);
    assert.ok(shown);
    assert.deepEqual(more, []);
    const { message, block, trustedAnswers } = shown;
    assert.equal(message.trustedValidators === undefined, ownSet, `${trusted} to ${height}`);
    assert.equal(trustedAnswers?.length, ownSet ? undefined : 2);
    assert.ok(message.signers.length < block.validators.validators.length);
    const updated = updateClient(client, message, block.signedHeader.header.timeNs);
    assert.equal(updated.outcome, 'updated');
    client = updated.client;
  }
});

test('a block of a known hash is taken from a node that has it', async () => {
  assert.ok(one);
  const fork = testBlock({ height: 3n, validators: early, fork: 'other' });
  one.answer = ({ method }) => (method === 'commit' ? commitAnswer(fork) : undefined);
  const { blockHash } = await source([two]).lightBlock(3n);
  assert.notEqual((await source([one, two]).lightBlock(3n)).blockHash, blockHash);
  assert.equal((await source([one, two]).lightBlock(3n, blockHash)).blockHash, blockHash);
  await assert.rejects(source([one]).lightBlock(3n, blockHash), SourceUnavailableError);
});

test('a trusted set is taken from a node that shows the one that was named', async () => {
  assert.ok(one && two);
  const [other] = validatorsAnswers(setOf(late), 3n);
  one.answer = ({ method, params }) => (method === 'validators' && params.get('height') === '3' ? other : undefined);
  const failures: number[] = [];
  const from = source([one, two], { onFailure: (node) => failures.push(node) });
  const [shown] = await from.path(trustedAt(2n), 7n);
  assert.deepEqual(shown?.message.trustedValidators, setOf(early));
  assert.deepEqual(failures, [0]);
});

describe('a set that has changed too much', () => {
  const strangers = testValidators('strangers', [5n, 4n, 3n]);
  const stranger = testBlock({ height: 7n, validators: strangers });
  const serve = (node: RecordedNode | undefined): void => {
    if (!node) assert.fail();
    const [set] = validatorsAnswers(setOf(strangers), 7n);
    node.answer = ({ method, params }) =>
      params.get('height') !== '7' ? undefined : method === 'commit' ? commitAnswer(stranger) : set;
  };

  test('at once, and not step by step: nobody believes the block, another node is asked', async () => {
    serve(one);
    const failures: PhalanxError[] = [];
    const from = source([one, two], { onFailure: (_, error) => failures.push(error) });
    const [shown] = await from.path(trustedAt(2n), 7n);
    assert.deepEqual(shown?.block.signedHeader, blocks[6]);
    const [error] = failures;
    assert.ok(error instanceof CometBftRefusal && error.reason === 'NEXT_VALIDATORS_HASH');
    serve(two);
    await assert.rejects(from.path(trustedAt(2n), 7n), SourceUnavailableError);
  });

  test('step by step: blocks in between lead to it', async () => {
    // A third is exchanged at each height: the sets of heights 1 and 9 have nobody in common.
    const members = Array.from({ length: 12 }, (_, i) => testValidators(`member ${i}`, [10n])).flat();
    const at = (height: number) => inChainOrder(members.slice(Math.min(height - 1, 8), Math.min(height - 1, 8) + 3));
    const turned = mkdtempSync(join(tmpdir(), 'phalanx-turned-'));
    const headers = Array.from({ length: 9 }, (_, i) =>
      testBlock({ height: BigInt(i + 1), validators: at(i + 1), next: at(i + 2) }),
    );
    headers.forEach((signed, i) => {
      writeFileSync(join(turned, `commit.${i + 1}.json`), JSON.stringify(commitAnswer(signed)));
      const [set] = validatorsAnswers(setOf(at(i + 1)), BigInt(i + 1));
      writeFileSync(join(turned, `validators.${i + 1}.json`), JSON.stringify(set));
    });
    const node = await startRecordedNode(turned);
    const path = await source([node]).path((headers[0] ?? assert.fail()).header, 9n);
    await node.close();
    const heights = path.map(({ block }) => block.signedHeader.header.height);
    assert.equal(heights.at(-1), 9n);
    assert.ok(heights.length > 1);
    path.reduce(
      (client, { message, block }) => {
        const updated = updateClient(client, message, block.signedHeader.header.timeNs);
        assert.equal(updated.outcome, 'updated');
        return updated.client;
      },
      {
        chainId: TEST_CHAIN,
        trustingPeriodNs: 86_400n * NANOSECONDS,
        maxClockDriftNs: NANOSECONDS,
        frozen: false,
        states: new Map([[1n, consensusState((headers[0] ?? assert.fail()).header)]]),
      } as LightClient,
    );
  });
});

describe('another node is asked when one', () => {
  const forged = (): unknown => {
    const signed = blocks[2] ?? assert.fail();
    return commitAnswer({ ...signed, header: { ...signed.header, appHash: flipBit(signed.header.appHash) } });
  };
  const unsigned = (): unknown => {
    const signed = blocks[2] ?? assert.fail();
    const signatures = signed.commit.signatures.map((place) =>
      place.flag === 'absent' ? place : { ...place, signature: flipBit(place.signature, 400) },
    );
    return commitAnswer({ ...signed, commit: { ...signed.commit, signatures } });
  };
  for (const [name, answer] of [
    ['fails with 500', () => 500],
    ['asks to slow down', () => 429],
    ['answers no JSON', () => '<html>'],
    ['answers with an error', () => ({ jsonrpc: '2.0', id: -1, error: { code: -32603, message: 'pruned' } })],
    ['answers in another form', () => ({ jsonrpc: '2.0', id: -1, result: {} })],
    ['answers with another block', () => commitAnswer(blocks[3] ?? assert.fail())],
    ['forges a header', forged],
    ['forges signatures', unsigned],
  ] as const) {
    test(name, async () => {
      assert.ok(one && two);
      one.answer = ({ method }) => (method === 'commit' ? answer() : undefined);
      const failures: number[] = [];
      const from = source([one, two], { onFailure: (node) => failures.push(node) });
      assert.deepEqual((await from.lightBlock(3n)).signedHeader, blocks[2]);
      assert.deepEqual(failures, [0]);
      await from.lightBlock(4n);
      assert.deepEqual(failures, [0], 'the node that answered is asked first');
    });
  }

  test('is gone', async () => {
    assert.ok(one && two);
    await one.close();
    assert.deepEqual((await source([one, two]).lightBlock(3n)).signedHeader, blocks[2]);
  });

  test('does not answer in time', async () => {
    assert.ok(one && two);
    const { createServer } = await import('node:http');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as { port: number }).port}`;
    const nodes = new CometBftNodes({ urls: [url, two.url], timeoutMs: 300, rounds: 1 });
    assert.deepEqual((await new CometBftSource(TEST_CHAIN, nodes).lightBlock(3n)).signedHeader, blocks[2]);
    silent.closeAllConnections();
    silent.close();
  });
});

test('a node that fails once is asked again; one that always fails ends the call, with its cause', async () => {
  assert.ok(one);
  let left = 1;
  one.answer = () => (left-- > 0 ? 503 : undefined);
  assert.deepEqual((await source([one]).lightBlock(3n)).signedHeader, blocks[2]);
  one.answer = ({ method }) => (method === 'commit' ? 503 : undefined);
  await assert.rejects(source([one]).lightBlock(3n), (error) => {
    assert.ok(error instanceof SourceUnavailableError && error.retryable);
    assert.ok(error.cause instanceof SourceUnavailableError);
    return !error.message.includes('127.0.0.1');
  });
  await assert.rejects(source([one]).lightBlock(99n), SourceUnavailableError);
});

test('an answer of more than 16 MiB is not read to its end', async () => {
  assert.ok(one);
  const whole = JSON.stringify(commitAnswer(blocks[2] ?? assert.fail()));
  one.answer = ({ method }) => (method === 'commit' ? whole + ' '.repeat(16 * 2 ** 20) : undefined);
  await assert.rejects(
    source([one], { rounds: 1 }).lightBlock(3n),
    (error) => error instanceof SourceUnavailableError && /too long/.test(String(error.cause)),
  );
});

test('check refuses nodes of another chain; the latest heights are of those that have caught up', async () => {
  assert.ok(one && two);
  const status = (network: string, height: string, catching_up: boolean) => ({
    jsonrpc: '2.0',
    id: -1,
    result: {
      node_info: { network },
      sync_info: { latest_block_height: height, latest_block_time: '2024-01-01T00:00:00Z', catching_up },
    },
  });
  const both = source([one, two]);
  await both.check();
  assert.deepEqual((await both.heights()).latest, [7n]);
  one.answer = () => status(TEST_CHAIN, '12', false);
  assert.deepEqual(await both.heights(), { latest: [12n, 7n], earliest: 1n });
  one.answer = () => status(TEST_CHAIN, '12', true);
  assert.deepEqual((await both.heights()).latest, [7n]);
  two.answer = () => 500;
  await assert.rejects(both.heights(), SourceUnavailableError);
  one.answer = () => status('other-1', '12', false);
  await assert.rejects(both.heights(), SourceUnavailableError);
  await assert.rejects(both.check(), SourceMismatchError);
  one.answer = () => 500;
  await assert.rejects(both.check(), SourceUnavailableError);
});

test('evidence is read from the blocks whose headers name it, whichever node says so', async () => {
  assert.ok(one && two);
  const both = source([one, two]);
  assert.deepEqual(await both.heightsWithEvidence(1n, 7n), [1n, 2n, 3n, 4n, 5n, 6n, 7n]);
  const metas = (...shown: [height: string, evidence_hash: string][]) => ({
    result: { block_metas: shown.map(([height, evidence_hash]) => ({ header: { height, evidence_hash } })) },
  });
  const none = NO_EVIDENCE_HASH.slice(2).toUpperCase();
  one.answer = ({ method }) => (method === 'blockchain' ? metas(['5', 'AB'.repeat(32)], ['4', none]) : undefined);
  const others = metas(['7', none], ['5', none], ['3', 'AB'.repeat(32)], ['3', '']);
  two.answer = ({ method }) => (method === 'blockchain' ? others : 500);
  assert.deepEqual(await both.heightsWithEvidence(1n, 7n), [3n, 5n]);
  assert.deepEqual(await both.heightsWithEvidence(4n, 7n), [5n], 'nothing that was not asked for');
  await assert.rejects(both.heightsWithEvidence(4n, 8n), SourceUnavailableError, 'nobody shows block 8');
  const block = (evidence: unknown) => ({ result: { block: { evidence: { evidence } } } });
  one.answer = ({ method }) => (method === 'block' ? block([{ type: 'some' }]) : undefined);
  assert.deepEqual(await both.evidence(5n), [{ type: 'some' }]);
  two.answer = () => block(null);
  assert.deepEqual(await both.evidence(5n), [{ type: 'some' }]);
  one.answer = () => 500;
  assert.deepEqual(await both.evidence(5n), []);
  two.answer = () => block({});
  await assert.rejects(both.evidence(5n), SourceUnavailableError);
  await assert.rejects(both.heightsWithEvidence(1n, 2n), SourceUnavailableError);
});

test("an application's answer is read with its proof", async () => {
  assert.ok(one);
  const value = Buffer.from('value').toString('base64');
  const ops = [{ type: 'ics23:iavl', key: value, data: value }];
  one.answer = () => ({
    jsonrpc: '2.0',
    id: -1,
    result: { response: { code: 0, log: '', key: value, value, height: '7', index: '0', proofOps: { ops } } },
  });
  const answer = await new CometBftNodes({ urls: [one.url] }).any((node) =>
    node.abciQuery('/store/bank/key', '0x0102', 7n),
  );
  assert.equal(answer.value, `0x${Buffer.from('value').toString('hex')}`);
  assert.deepEqual(answer.proof, [{ type: 'ics23:iavl', key: answer.value, data: answer.value }]);
  const { params } = one.calls[0] ?? assert.fail();
  assert.deepEqual(
    [params.get('path'), params.get('data'), params.get('height'), params.get('prove')],
    ['"/store/bank/key"', '0x0102', '7', 'true'],
  );
});

describe('cosmoshub-4 as recorded', { skip: noRecording }, () => {
  let node: RecordedNode;
  before(async () => void (node = await startRecordedNode(RECORDED)));
  after(() => node.close());

  test('is followed; its second block is shown by 23 signatures', async () => {
    const hub = new CometBftSource('cosmoshub-4', new CometBftNodes({ urls: [node.url] }));
    await hub.check();
    assert.deepEqual(await hub.heights(), { latest: [RECORDED_HEIGHTS[1]], earliest: RECORDED_HEIGHTS[0] });
    const { signedHeader } = await hub.lightBlock(RECORDED_HEIGHTS[0]);
    const [shown] = await hub.path(signedHeader.header, RECORDED_HEIGHTS[1]);
    assert.equal(shown?.message.signers.length, 23);
    assert.equal(shown.message.trustedValidators, undefined);
    assert.deepEqual(await hub.heightsWithEvidence(RECORDED_HEIGHTS[0], RECORDED_HEIGHTS[1]), []);
  });
});
