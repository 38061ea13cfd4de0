// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import {
  inChainOrder,
  setOf,
  TEST_CHAIN,
  testBlock,
  testValidators,
} from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { CometBftSource } from '../sources/cometbft/cometbft-source.ts';
import { CometBftNodes, type CometBftNodesOptions } from '../sources/cometbft/nodes.ts';
import type { RecordedNode } from './recorded-node.ts';

type Validators = ReturnType<typeof testValidators>;

/** The validators below height 6: 130, two pages. */
export const EARLY = testValidators(
  'early',
  Array.from({ length: 130 }, (_, i) => BigInt(1000 - i)),
);

/** Those from height 6 on: 60 of the early ones and 40 others. */
export const LATE = inChainOrder([
  ...EARLY.slice(0, 60),
  ...testValidators(
    'late',
    Array.from({ length: 40 }, () => 1000n),
  ),
]);

const validatorsAt = (height: number): Validators => (height < 6 ? EARLY : LATE);

/** A chain of 8 blocks, the first of height 1. */
export const BLOCKS: readonly SignedHeader[] = signBlocks(8, validatorsAt);

/** Heights 1 to `count`, each signed by its own set. */
export function signBlocks(count: number, at: (height: number) => Validators): SignedHeader[] {
  return Array.from({ length: count }, (_, i) =>
    testBlock({ height: BigInt(i + 1), validators: at(i + 1), next: at(i + 2) }),
  );
}

/** @returns a new folder with a node's answers about the blocks, each set on one page */
export function recordBlocks(blocks: readonly SignedHeader[], at: (height: number) => Validators): string {
  const folder = mkdtempSync(join(tmpdir(), 'phalanx-recorded-'));
  for (const signed of blocks) {
    const { height } = signed.header;
    const [page] = validatorsAnswers(setOf(at(Number(height))), height, 1000);
    writeFileSync(join(folder, `commit.${height}.json`), JSON.stringify(commitAnswer(signed)));
    writeFileSync(join(folder, `validators.${height}.json`), JSON.stringify(page));
  }
  return folder;
}

/** @returns a new folder with the first 7 of `BLOCKS` */
export const recordedChain = (): string => recordBlocks(BLOCKS.slice(0, 7), validatorsAt);

/** A source over these nodes, in this order, that fails soon. */
export function sourceOf(nodes: readonly RecordedNode[], options: Partial<CometBftNodesOptions> = {}): CometBftSource {
  const urls = nodes.map(({ url }) => url);
  return new CometBftSource(
    TEST_CHAIN,
    new CometBftNodes({ urls, rounds: 2, pauseMs: 1, timeoutMs: 5_000, ...options }),
  );
}
