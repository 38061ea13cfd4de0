// SPDX-License-Identifier: GPL-3.0-or-later
import type { Commit } from './commit.ts';
import { exceeds, type Fraction } from './power.ts';
import { CometBftRefusal } from './refusal.ts';
import { checkSignature, chosenSigners } from './signers.ts';
import { placesByAddress, type ValidatorSet } from './validator-set.ts';

/** That the signers must hold more than `share` of a set's power. */
export interface Requirement {
  readonly set: ValidatorSet;
  readonly share: Fraction;
}

/**
 * Places of a commit to prove, ascending: the fewest votes for the block that meet one requirement. Each further
 * requirement is met by adding the fewest that it still lacks, which may be one or two more than the fewest for all.
 * Signatures are not checked: leave out what does not hold beforehand.
 * @param set the commit's own
 * @param usable tells which places may be chosen
 * @returns undefined when all votes for the block together do not meet a requirement
 */
export function chooseSigners(
  set: ValidatorSet,
  commit: Commit,
  requirements: readonly Requirement[],
  usable: (index: number) => boolean = () => true,
): readonly number[] | undefined {
  const own = placesByAddress(set);
  const voted = set.addresses.flatMap((address, index) => {
    const isVote = commit.signatures[index]?.flag === 'commit' && own.get(address) === index;
    return isVote && usable(index) ? [{ index, address }] : [];
  });
  const chosen = new Set<number>();
  for (const { set: counted, share } of requirements) {
    const places = placesByAddress(counted);
    const candidates = voted
      .map(({ index, address }) => ({ index, power: counted.validators[places.get(address) ?? -1]?.power ?? 0n }))
      .sort((a, b) => (a.power === b.power ? a.index - b.index : a.power > b.power ? -1 : 1));
    let power = candidates.reduce((sum, { index, power }) => sum + (chosen.has(index) ? power : 0n), 0n);
    for (const candidate of candidates) {
      if (exceeds(power, counted.totalPower, share)) break;
      if (chosen.has(candidate.index)) continue;
      chosen.add(candidate.index);
      power += candidate.power;
    }
    if (!exceeds(power, counted.totalPower, share)) return undefined;
  }
  return [...chosen].sort((a, b) => a - b);
}

/**
 * As `chooseSigners`, of votes whose signatures hold: those chosen are checked, and what does not hold is passed over.
 * A block that full nodes took has no such vote in its commit; the commit that a node saw for its newest block may.
 */
export function chooseValidSigners(
  chainId: string,
  set: ValidatorSet,
  commit: Commit,
  requirements: readonly Requirement[],
): readonly number[] | undefined {
  const wrong = new Set<number>();
  const right = new Set<number>();
  for (;;) {
    const chosen = chooseSigners(set, commit, requirements, (index) => !wrong.has(index));
    if (!chosen) return undefined;
    for (const index of chosen) {
      if (right.has(index)) continue;
      (isValidAt(chainId, set, commit, index) ? right : wrong).add(index);
    }
    if (chosen.every((index) => right.has(index))) return chosen;
  }
}

function isValidAt(chainId: string, set: ValidatorSet, commit: Commit, index: number): boolean {
  try {
    for (const signer of chosenSigners(set, commit, [index])) checkSignature(chainId, commit, signer);
    return true;
  } catch (error) {
    if (error instanceof CometBftRefusal) return false;
    throw error;
  }
}
