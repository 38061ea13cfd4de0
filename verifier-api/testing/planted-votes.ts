// SPDX-License-Identifier: GPL-3.0-or-later
import { toHex } from '../../protocol/bytes.ts';
import type { Attestation } from '../../protocol/attestation.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import { publicKey, type Point } from '../../protocol/eddsa.ts';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import { sealedSet, type SealedSet } from '../store/set-store.ts';
import { conflicts, random, shuffle, type ModelVote } from './votes.ts';

/**
 * Votes that are stored first, and those that are posted after them; both shuffled, both with contradictions planted.
 */
export interface PlantedVotes {
  readonly history: readonly ModelVote[];
  readonly late: readonly ModelVote[];
}

/** Heights lie around 2^60, where a double no longer tells neighbours apart. */
const BASE = 1n << 54n;

export const secretOf = (validator: number): Uint8Array => new Uint8Array(32).fill(validator + 1);

/** The validators' keys, and one of so much stake that without it, which never votes, nothing has a quorum. */
export function plantedSet(validators: number, sealedAt: bigint): SealedSet {
  const slots = Array.from({ length: 64 }, (_, slot) => {
    const stakeGwei = slot < validators ? 1n : slot === validators ? 1_000n : undefined;
    return stakeGwei && { key: publicKey(secretOf(slot)), stakeGwei };
  });
  const set = validatorSet(1n, 64, slots);
  return sealedSet(setCommitment(set), sealedAt, set);
}

export function keyOf({ set }: SealedSet, validator: number): Point {
  const slot = set.slots[validator];
  if (!slot) throw new Error('no such validator');
  return slot.key;
}

/** @param chainKeys of the chains that the model numbers. @param interval between checkpoints */
export function toAttestation(
  vote: ModelVote,
  { commitment }: SealedSet,
  chainKeys: readonly ChainKey[],
  interval: bigint,
): Attestation {
  const chainKey = chainKeys[vote.chain];
  if (!chainKey) throw new Error('no such chain');
  return {
    setCommitment: commitment,
    sourceHeight: (BASE + BigInt(vote.source)) * interval,
    checkpoint: {
      chainKey,
      height: (BASE + BigInt(vote.target)) * interval,
      blockHash: toHex(new Uint8Array(32).fill(vote.fork)),
      stateRoot: toHex(new Uint8Array(32).fill(9)),
      timestamp: BigInt(vote.target),
    },
  };
}

type Change = (vote: ModelVote) => Partial<ModelVote>;

const double: Change = () => ({ fork: 1 });
const inside: Change = ({ source, target }) => ({ source: source + 1, target: target - 1 });
const around: Change = ({ source, target }) => ({ source: source - 1, target: target + 1 });

/** Of each ten validators: who contradicts a stored vote of its own in the history, and who does it later. */
const OFFENCES: readonly { readonly when: 'history' | 'late'; readonly change: Change }[] = [
  { when: 'history', change: double },
  { when: 'history', change: around },
  { when: 'late', change: double },
  { when: 'late', change: inside },
  { when: 'late', change: around },
];

/** The next of the ten: two late votes that contradict each other and nothing stored. */
const RACES: readonly Change[] = [double, inside];

/** As close to an offence as innocence comes: what the other validators post. */
const NEAR_MISSES: readonly Change[] = [
  ({ source }) => ({ source: source + 1 }), // the same checkpoint again, under a newer source
  ({ source }) => ({ source: source - 1 }), // or an older one
  ({ target }) => ({ target: target + 1 }), // the same source
  ({ target }) => ({ target: target - 1 }),
  ({ target }) => ({ source: target, target: target + 1 }), // begins where the other ended
  ({ chain, source, target }) => ({ chain: 1 - chain, source: source - 1, target: target + 1 }), // around, elsewhere
];

/** @param validators a multiple of ten. @param perValidator votes of each on two chains, in the history */
export function plantedVotes(seed: number, validators: number, perValidator: number): PlantedVotes {
  const next = random(seed);
  const history: ModelVote[] = [];
  const late: ModelVote[] = [];
  for (let validator = 0; validator < validators; validator++) {
    const own = honestVotes(validator, perValidator, next);
    const role = validator % 10;
    const [offence, race] = [OFFENCES[role], RACES[role - OFFENCES.length]];
    if (offence) {
      const guilty = changed(own, offence.change, true, next);
      (offence.when === 'history' ? own : late).push(guilty);
    } else if (race) {
      const fresh = { validator, chain: next(2), source: 20 * perValidator, target: 20 * perValidator + 9, fork: 0 };
      late.push(fresh, { ...fresh, ...race(fresh) });
    } else {
      const posted: ModelVote[] = [];
      for (const change of NEAR_MISSES) posted.push(changed([...own, ...posted], change, false, next));
      late.push(...posted);
    }
    history.push(...own);
  }
  return { history: shuffle(history, next), late: shuffle(late, next) };
}

/** Neither source nor target ever falls: no two of these surround each other. */
function honestVotes(validator: number, count: number, next: (below: number) => number): ModelVote[] {
  const votes: ModelVote[] = [];
  for (const chain of [0, 1]) {
    let [source, target] = [0, 10];
    for (let i = 0; i < count / 2; i++) {
      target += 1 + next(4);
      source = Math.max(source, target - 4 - next(6));
      votes.push({ validator, chain, source, target, fork: 0 });
    }
  }
  return votes;
}

/** One of the votes, so changed that it is new and contradicts some of them, or none. */
function changed(
  votes: readonly ModelVote[],
  change: Change,
  guilty: boolean,
  next: (below: number) => number,
): ModelVote {
  for (let attempt = 0; attempt < 10_000; attempt++) {
    const vote = votes[next(votes.length)];
    if (!vote) break;
    const other = { ...vote, ...change(vote) };
    const known = votes.some((one) =>
      (Object.keys(one) as (keyof ModelVote)[]).every((name) => one[name] === other[name]),
    );
    if (other.source < other.target && !known && votes.some((one) => conflicts(one, other)) === guilty) return other;
  }
  throw new Error('no vote can be changed like that');
}
