// SPDX-License-Identifier: GPL-3.0-or-later
import { fromHex, type Hex } from '../bytes.ts';
import { commitSignBytes, type Commit, type CommitSignature } from './commit.ts';
import { verifyEd25519 } from './ed25519.ts';
import { CometBftRefusal } from './refusal.ts';
import { placesByAddress, type ValidatorSet } from './validator-set.ts';

/** A place of a commit that voted, and whose vote it is. */
export interface Signer {
  /** place in the commit and in its set */
  readonly index: number;
  readonly address: Hex;
  /** 32 bytes */
  readonly key: Hex;
  readonly power: bigint;
  readonly vote: Exclude<CommitSignature, { flag: 'absent' }>;
}

/**
 * The validator whose vote stands at a place. A commit and its set run in parallel, and the address that a vote carries
 * must be that of the validator at its place, else block times could be weighed by another's power than signed.
 * @param signature of a place that voted
 * @throws CometBftRefusal
 */
export function signerAt(set: ValidatorSet, index: number, vote: Exclude<CommitSignature, { flag: 'absent' }>): Signer {
  const [validator, address] = [set.validators[index], set.addresses[index]];
  if (!validator || address === undefined) {
    throw new CometBftRefusal('SIGNER_UNKNOWN', `the set has no validator ${index}`, { index });
  }
  if (vote.address !== address) {
    throw new CometBftRefusal('SIGNER_ADDRESS', `vote of ${vote.address} at the place of ${address}`, { index });
  }
  return { index, address, ...validator, vote };
}

/**
 * That a key votes once in a commit, where its set has it at two places (CometBFT's "double vote").
 * @param voted addresses seen so far, to which the signer's is added
 * @throws CometBftRefusal
 */
export function checkVotesOnce(voted: Set<Hex>, { address, index }: Signer): void {
  if (voted.has(address)) throw new CometBftRefusal('VALIDATOR_REPEATED', `${address} votes twice`, { index });
  voted.add(address);
}

/** @throws CometBftRefusal when the signature is not the signer's over this commit's vote */
export function checkSignature(chainId: string, commit: Commit, { index, address, key, vote }: Signer): void {
  const message = commitSignBytes(chainId, commit, vote);
  if (!verifyEd25519(fromHex(key), message, fromHex(vote.signature))) {
    throw new CometBftRefusal('SIGNATURE', `the signature of ${address} does not hold`, { index });
  }
}

/**
 * The chosen places of a commit, each a vote for its block by the validator at its place. Signatures are not checked.
 * @param indices strictly ascending, so that no vote counts twice; no two of one key
 * @throws CometBftRefusal
 */
export function chosenSigners(set: ValidatorSet, commit: Commit, indices: readonly number[]): Signer[] {
  let last = -1;
  const voted = new Set<Hex>();
  return indices.map((index) => {
    if (index <= last) throw new CometBftRefusal('SIGNER_ORDER', `place ${index} after place ${last}`, { index });
    last = index;
    const vote = commit.signatures[index];
    if (!vote) throw new CometBftRefusal('SIGNER_UNKNOWN', `the commit has no place ${index}`, { index });
    if (vote.flag !== 'commit') {
      throw new CometBftRefusal('SIGNER_NOT_FOR_BLOCK', `place ${index} did not vote for the block`, { index });
    }
    const signer = signerAt(set, index, vote);
    checkVotesOnce(voted, signer);
    return signer;
  });
}

export function powerOf(signers: readonly Signer[]): bigint {
  return signers.reduce((sum, { power }) => sum + power, 0n);
}

/** Power that the signers have in another set, where they are found by address. */
export function powerIn(set: ValidatorSet, signers: readonly Signer[]): bigint {
  const places = placesByAddress(set);
  return signers.reduce((sum, { address }) => sum + (set.validators[places.get(address) ?? -1]?.power ?? 0n), 0n);
}
