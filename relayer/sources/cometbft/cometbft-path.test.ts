// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { consensusState, type LightClient } from '../../../protocol/cometbft/client-state.ts';
import type { Header } from '../../../protocol/cometbft/header.ts';
import { CometBftRefusal } from '../../../protocol/cometbft/refusal.ts';
import {
  inChainOrder,
  setOf,
  TEST_CHAIN,
  testBlock,
  testValidators,
} from '../../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer, validatorsAnswers } from '../../../protocol/cometbft/testing/rpc-answers.ts';
import { NANOSECONDS } from '../../../protocol/cometbft/timestamp.ts';
import { updateClient } from '../../../protocol/cometbft/update-client.ts';
import type { PhalanxError } from '../../../protocol/errors.ts';
import {
  BLOCKS,
  EARLY,
  LATE,
  recordBlocks,
  recordedChain,
  signBlocks,
  sourceOf,
} from '../../testing/recorded-chain.ts';
import { startRecordedNode, type RecordedNode } from '../../testing/recorded-node.ts';
import { SourceUnavailableError } from '../errors.ts';
import type { TrustedHeader } from './cometbft-source.ts';

const folder = recordedChain();
let one: RecordedNode;
let two: RecordedNode;
beforeEach(async () => void ([one, two] = [await startRecordedNode(folder), await startRecordedNode(folder)]));
afterEach(async () => void (await Promise.all([one.close(), two.close()])));

const clientThatTrusts = (header: Header): LightClient => ({
  chainId: TEST_CHAIN,
  trustingPeriodNs: 86_400n * NANOSECONDS,
  maxClockDriftNs: NANOSECONDS,
  frozen: false,
  states: new Map([[header.height, consensusState(header)]]),
});

/** What a light client trusts at a height of the chain. */
const trustedAt = (height: bigint): TrustedHeader => (BLOCKS[Number(height) - 1] ?? assert.fail()).header;

test('what leads to a block has few signatures, and brings the trusted set only where it is another', async () => {
  const from = sourceOf([one]);
  const first = await from.lightBlock(2n);
  let client = clientThatTrusts(first.signedHeader.header);
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

test('a trusted set is taken from a node that shows the one that was named', async () => {
  const [other] = validatorsAnswers(setOf(LATE), 3n);
  one.answer = ({ method, params }) => (method === 'validators' && params.get('height') === '3' ? other : undefined);
  const failures: number[] = [];
  const from = sourceOf([one, two], { onFailure: (node) => failures.push(node) });
  const [shown] = await from.path(trustedAt(2n), 7n);
  assert.deepEqual(shown?.message.trustedValidators, setOf(EARLY));
  assert.deepEqual(failures, [0]);
});

describe('a set that has changed too much', () => {
  const strangers = testValidators('strangers', [5n, 4n, 3n]);
  const stranger = testBlock({ height: 7n, validators: strangers });
  const serve = (node: RecordedNode): void => {
    const [set] = validatorsAnswers(setOf(strangers), 7n);
    node.answer = ({ method, params }) =>
      params.get('height') !== '7' ? undefined : method === 'commit' ? commitAnswer(stranger) : set;
  };

  test('at once, and not step by step: nobody believes the block, another node is asked', async () => {
    serve(one);
    const failures: PhalanxError[] = [];
    const from = sourceOf([one, two], { onFailure: (_, error) => failures.push(error) });
    const [shown] = await from.path(trustedAt(2n), 7n);
    assert.deepEqual(shown?.block.signedHeader, BLOCKS[6]);
    const [error] = failures;
    assert.ok(error instanceof CometBftRefusal && error.reason === 'NEXT_VALIDATORS_HASH');
    serve(two);
    await assert.rejects(from.path(trustedAt(2n), 7n), SourceUnavailableError);
  });

  test('step by step: blocks in between lead to it', async () => {
    // A third is exchanged at each height: the sets of heights 1 and 9 have nobody in common.
    const members = Array.from({ length: 12 }, (_, i) => testValidators(`member ${i}`, [10n])).flat();
    const at = (height: number) => inChainOrder(members.slice(Math.min(height - 1, 8), Math.min(height - 1, 8) + 3));
    const headers = signBlocks(9, at);
    const start = (headers[0] ?? assert.fail()).header;
    const node = await startRecordedNode(recordBlocks(headers, at));
    const path = await sourceOf([node])
      .path(start, 9n)
      .finally(() => node.close());
    const heights = path.map(({ block }) => block.signedHeader.header.height);
    assert.equal(heights.at(-1), 9n);
    assert.ok(heights.length > 1);
    path.reduce((client, { message, block }) => {
      const updated = updateClient(client, message, block.signedHeader.header.timeNs);
      assert.equal(updated.outcome, 'updated');
      return updated.client;
    }, clientThatTrusts(start));
  });
});
