// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { NO_EVIDENCE_HASH } from '../../../protocol/cometbft/block-evidence.ts';
import {
  flipBit,
  setOf,
  TEST_CHAIN,
  testBlock,
  testValidators,
} from '../../../protocol/cometbft/testing/generated-chain.ts';
import { noRecording, RECORDED, RECORDED_HEIGHTS } from '../../../protocol/cometbft/testing/recorded.ts';
import { commitAnswer, validatorsAnswers } from '../../../protocol/cometbft/testing/rpc-answers.ts';
import { BLOCKS, EARLY, recordedChain, sourceOf } from '../../testing/recorded-chain.ts';
import { startRecordedNode, type RecordedNode } from '../../testing/recorded-node.ts';
import { SourceMismatchError, SourceUnavailableError } from '../errors.ts';
import { CometBftSource } from './cometbft-source.ts';
import { CometBftNodes } from './nodes.ts';

const folder = recordedChain();

let one: RecordedNode;
let two: RecordedNode;
beforeEach(async () => void ([one, two] = [await startRecordedNode(folder), await startRecordedNode(folder)]));
afterEach(async () => void (await Promise.all([one.close(), two.close()])));

test('reads a block and its set of two pages, and checks them', async () => {
  const block = await sourceOf([one]).lightBlock(3n);
  assert.deepEqual(block.signedHeader, BLOCKS[2]);
  assert.deepEqual(block.validators, setOf(EARLY));
  assert.deepEqual(block.answers.commit, JSON.parse(JSON.stringify(commitAnswer(block.signedHeader))));
  assert.deepEqual(block.answers.validators, validatorsAnswers(setOf(EARLY), 3n));
  const pages = one.calls.filter(({ method }) => method === 'validators').map(({ params }) => params.get('page'));
  assert.deepEqual(pages, ['1', '2']);
});

test('a block of a known hash is taken from a node that has it', async () => {
  const fork = testBlock({ height: 3n, validators: EARLY, fork: 'other' });
  one.answer = ({ method }) => (method === 'commit' ? commitAnswer(fork) : undefined);
  const { blockHash } = await sourceOf([two]).lightBlock(3n);
  assert.notEqual((await sourceOf([one, two]).lightBlock(3n)).blockHash, blockHash);
  assert.equal((await sourceOf([one, two]).lightBlock(3n, blockHash)).blockHash, blockHash);
  await assert.rejects(sourceOf([one]).lightBlock(3n, blockHash), SourceUnavailableError);
});

describe('another node is asked when one', () => {
  const forged = (): unknown => {
    const signed = BLOCKS[2] ?? assert.fail();
    return commitAnswer({ ...signed, header: { ...signed.header, appHash: flipBit(signed.header.appHash) } });
  };
  const unsigned = (): unknown => {
    const signed = BLOCKS[2] ?? assert.fail();
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
    ['answers with another block', () => commitAnswer(BLOCKS[3] ?? assert.fail())],
    ['forges a header', forged],
    ['forges signatures', unsigned],
  ] as const) {
    test(name, async () => {
      one.answer = ({ method }) => (method === 'commit' ? answer() : undefined);
      const failures: number[] = [];
      const from = sourceOf([one, two], { onFailure: (node) => failures.push(node) });
      assert.deepEqual((await from.lightBlock(3n)).signedHeader, BLOCKS[2]);
      assert.deepEqual(failures, [0]);
      await from.lightBlock(4n);
      assert.deepEqual(failures, [0], 'the node that answered is asked first');
    });
  }

  test('is gone', async () => {
    await one.close();
    assert.deepEqual((await sourceOf([one, two]).lightBlock(3n)).signedHeader, BLOCKS[2]);
  });

  test('does not answer in time', async () => {
    const { createServer } = await import('node:http');
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(silent.address() as { port: number }).port}`;
    const nodes = new CometBftNodes({ urls: [url, two.url], timeoutMs: 300, rounds: 1 });
    assert.deepEqual((await new CometBftSource(TEST_CHAIN, nodes).lightBlock(3n)).signedHeader, BLOCKS[2]);
    silent.closeAllConnections();
    silent.close();
  });
});

test('a node that leads through ever more blocks, each in time, is passed over when the whole takes too long', async () => {
  // It has a set of its own at every height but the trusted one, so each step asks for one block more.
  const { createServer } = await import('node:http');
  let asked = 0;
  const slow = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const height = BigInt(searchParams.get('height') ?? 0);
    const validators = height <= 2n ? EARLY : testValidators(`own ${height}`, [10n]);
    const next = testValidators(`own ${height + 1n}`, [10n]);
    const made = (): unknown =>
      pathname === '/commit'
        ? commitAnswer(testBlock({ height, validators, next }))
        : validatorsAnswers(setOf(validators), height)[Number(searchParams.get('page')) - 1];
    asked += 1;
    setTimeout(() => response.end(JSON.stringify(made())), 100);
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(slow.address() as { port: number }).port}`;
  const nodes = new CometBftNodes({ urls: [url], timeoutMs: 5_000, callTimeoutMs: 1_000, rounds: 1 });
  const trusted = (BLOCKS[0] ?? assert.fail()).header;
  await assert.rejects(new CometBftSource(TEST_CHAIN, nodes).path(trusted, 1_000_000n), SourceUnavailableError);
  slow.closeAllConnections();
  slow.close();
  assert.ok(asked > 2 && asked <= 11, `${asked} requests of 100 ms in 1 s`);
});

test('a node that fails once is asked again; one that always fails ends the call, with its cause', async () => {
  let left = 1;
  one.answer = () => (left-- > 0 ? 503 : undefined);
  assert.deepEqual((await sourceOf([one]).lightBlock(3n)).signedHeader, BLOCKS[2]);
  one.answer = ({ method }) => (method === 'commit' ? 503 : undefined);
  await assert.rejects(sourceOf([one]).lightBlock(3n), (error) => {
    assert.ok(error instanceof SourceUnavailableError && error.retryable);
    assert.ok(error.cause instanceof SourceUnavailableError);
    return !error.message.includes('127.0.0.1');
  });
  await assert.rejects(sourceOf([one]).lightBlock(99n), SourceUnavailableError);
});

test('an answer of more than 16 MiB is not read to its end', async () => {
  const whole = JSON.stringify(commitAnswer(BLOCKS[2] ?? assert.fail()));
  one.answer = ({ method }) => (method === 'commit' ? whole + ' '.repeat(16 * 2 ** 20) : undefined);
  await assert.rejects(
    sourceOf([one], { rounds: 1 }).lightBlock(3n),
    (error) => error instanceof SourceUnavailableError && /too long/.test(String(error.cause)),
  );
});

test('check refuses nodes of another chain; the latest heights are of those that have caught up', async () => {
  const status = (network: string, height: string, catching_up: boolean) => ({
    jsonrpc: '2.0',
    id: -1,
    result: {
      node_info: { network },
      sync_info: { latest_block_height: height, latest_block_time: '2024-01-01T00:00:00Z', catching_up },
    },
  });
  const both = sourceOf([one, two]);
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
  const both = sourceOf([one, two]);
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
