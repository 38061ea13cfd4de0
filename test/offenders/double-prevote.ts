// SPDX-License-Identifier: GPL-3.0-or-later
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { testBlockId, testVote, type TestValidator } from '../../protocol/cometbft/testing/generated-chain.ts';
import type { TimeNs } from '../../protocol/cometbft/timestamp.ts';
import { PREVOTE } from '../../protocol/cometbft/vote.ts';

/** One validator prevotes two blocks in one round, at two moments, as CometBFT's evidence pool comes to see it. */
export function doublePrevote(
  validator: TestValidator,
  { chainId, height, round, timeNs }: { chainId: string; height: bigint; round: number; timeNs: TimeNs },
): DuplicateVote {
  const vote = (block: string, later: bigint) =>
    testVote(
      validator,
      { type: PREVOTE, height, round, blockId: testBlockId(`${height}/${block}`), timeNs: timeNs + later },
      chainId,
    );
  return { voteA: vote('one', 0n), voteB: vote('another', 1_000_000n) };
}
