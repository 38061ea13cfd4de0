// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_EVIDENCE_HASH } from '../../protocol/cometbft/block-evidence.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import type { DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import { setOf, testBlock, type TestBlock } from '../../protocol/cometbft/testing/generated-chain.ts';
import { blockAnswer, commitAnswer, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';

/** A generated chain's blocks in a folder, as a node is served from one. */
export class ChainFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'phalanx-chain-'));

  /** @param evidence that the block holds */
  add(block: TestBlock, evidence: readonly DuplicateVote[] = []): SignedHeader {
    const signed = testBlock(evidence.length > 0 ? block : { evidenceHash: NO_EVIDENCE_HASH, ...block });
    const { height } = signed.header;
    this.#write(`validators.${height}.json`, validatorsAnswers(setOf(block.validators), height, 1_000)[0]);
    this.#write(`block.${height}.json`, blockAnswer(signed, evidence));
    // Last: it is what makes the block there.
    this.#write(`commit.${height}.json`, commitAnswer(signed));
    return signed;
  }

  #write(name: string, answer: unknown): void {
    const file = join(this.path, name);
    writeFileSync(`${file}.new`, JSON.stringify(answer));
    renameSync(`${file}.new`, file);
  }
}
