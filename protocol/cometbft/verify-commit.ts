// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../bytes.ts';
import type { Commit, SignedHeader } from './commit.ts';
import { headerHash } from './header.ts';
import { exceeds, TWO_THIRDS } from './power.ts';
import { CometBftRefusal } from './refusal.ts';
import { checkSignature, checkVotesOnce, signerAt } from './signers.ts';
import { validatorsHash, type ValidatorSet } from './validator-set.ts';

/** What a commit's places say, every signature checked. */
export interface CommitTally {
  readonly counts: { readonly commit: number; readonly nil: number; readonly absent: number };
  /** of the validators that voted for the block */
  readonly signedPower: bigint;
  readonly totalPower: bigint;
}

/**
 * Check that a header, its commit and its validators belong together: the commit is for the header's hash and height,
 * and the set has the header's hash and as many members as the commit has places. No signature is checked.
 * @returns the block's hash
 * @throws CometBftRefusal
 */
export function checkSignedHeader(chainId: string, { header, commit }: SignedHeader, set: ValidatorSet): Hex {
  if (header.chainId !== chainId) throw new CometBftRefusal('CHAIN_ID', `the header is of ${header.chainId}`);
  if (commit.height !== header.height) {
    throw new CometBftRefusal('COMMIT_HEIGHT', `a commit of height ${commit.height} with a header of ${header.height}`);
  }
  const hash = headerHash(header);
  if (hash !== commit.blockId.hash) {
    throw new CometBftRefusal('HEADER_HASH', `the header is block ${hash}, the commit is for ${commit.blockId.hash}`);
  }
  const setHash = validatorsHash(set);
  if (setHash !== header.validatorsHash) {
    throw new CometBftRefusal('VALIDATORS_HASH', `the set is ${setHash}, the header names ${header.validatorsHash}`);
  }
  checkSize(commit, set);
  return hash;
}

/**
 * CometBFT's `VerifyCommit`: every signature must hold, those for no block too, and validators with more than 2/3 of
 * the set's power must have voted for the block. A wrong signature refuses the whole commit.
 * @throws CometBftRefusal
 */
export function verifyCommit(chainId: string, commit: Commit, set: ValidatorSet): CommitTally {
  checkSize(commit, set);
  const counts = { commit: 0, nil: 0, absent: 0 };
  const voted = new Set<Hex>();
  let signedPower = 0n;
  commit.signatures.forEach((vote, index) => {
    counts[vote.flag] += 1;
    if (vote.flag === 'absent') return;
    const signer = signerAt(set, index, vote);
    checkVotesOnce(voted, signer);
    checkSignature(chainId, commit, signer);
    if (vote.flag === 'commit') signedPower += signer.power;
  });
  requireTwoThirds(signedPower, set);
  return { counts, signedPower, totalPower: set.totalPower };
}

/**
 * CometBFT's `VerifyCommitLight`: votes for the block, in order, until they hold more than 2/3 of the power; the rest
 * is not looked at.
 * @throws CometBftRefusal
 */
export function verifyCommitLight(chainId: string, commit: Commit, set: ValidatorSet): void {
  checkSize(commit, set);
  const voted = new Set<Hex>();
  let signedPower = 0n;
  for (const [index, vote] of commit.signatures.entries()) {
    if (vote.flag !== 'commit') continue;
    const signer = signerAt(set, index, vote);
    checkVotesOnce(voted, signer);
    checkSignature(chainId, commit, signer);
    signedPower += signer.power;
    if (exceeds(signedPower, set.totalPower, TWO_THIRDS)) return;
  }
  requireTwoThirds(signedPower, set);
}

/** @throws CometBftRefusal */
export function requireTwoThirds(signedPower: bigint, { totalPower }: ValidatorSet): void {
  if (!exceeds(signedPower, totalPower, TWO_THIRDS)) {
    throw new CometBftRefusal('POWER_INSUFFICIENT', `${signedPower} of ${totalPower} is not more than two thirds`);
  }
}

function checkSize({ signatures }: Commit, { validators }: ValidatorSet): void {
  if (signatures.length !== validators.length) {
    throw new CometBftRefusal('COMMIT_SIZE', `${signatures.length} places for ${validators.length} validators`);
  }
}
