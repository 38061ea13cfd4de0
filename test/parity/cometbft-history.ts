// SPDX-License-Identifier: GPL-3.0-or-later
import fc from 'fast-check';
import { consensusState, type HeaderMessage, type LightClient } from '../../protocol/cometbft/client-state.ts';
import type { CommitSignature } from '../../protocol/cometbft/commit.ts';
import {
  flipBit,
  inChainOrder,
  setOf,
  TEST_CHAIN,
  TEST_TIME_NS,
  testBlock,
  testValidator,
  type TestValidator,
} from '../../protocol/cometbft/testing/generated-chain.ts';
import { DAY_NS } from '../../protocol/cometbft/testing/test-client.ts';
import { NANOSECONDS, type TimeNs } from '../../protocol/cometbft/timestamp.ts';

/*
 * Drawn histories: a chain of changing sets, and what is shown of it to a light client, mostly true. A draw is plain
 * data, so that fast-check can shrink it; what it refers to (heights held, the clock) is looked up when it is played.
 */

export const START = 10n;
const HEIGHTS = 6;
const TRUSTING_PERIOD_NS = 14n * DAY_NS;
const DRIFT_NS = 10n * NANOSECONDS;
/** After every honest block. */
export const START_TIME_NS = TEST_TIME_NS + 1000n * NANOSECONDS;

const often = <T>(usual: T, ...others: readonly T[]) =>
  fc.oneof({ weight: 12 * others.length, arbitrary: fc.constant(usual) }, ...others.map((other) => fc.constant(other)));

const anyPower = fc.oneof(
  fc.constantFrom(0n, 1n, 1n, 2n, 3n, (1n << 53n) + 1n, 1n << 56n),
  fc.bigInt({ min: 0n, max: 1n << 52n }),
);
const anySet = fc.uniqueArray(fc.record({ member: fc.nat(9), power: anyPower }), {
  selector: ({ member }) => member,
  minLength: 4,
});

const anyTime = often(
  'honest',
  'of the trusted state',
  'after the trusted state',
  'of the head',
  'before the head',
  'drift',
  'inside the drift',
  'before 1970',
);
const anyClock = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.constantFrom('expiry', 'before expiry') },
);
const anyFlags = fc.array(often<CommitSignature['flag']>('commit', 'nil', 'absent'), { minLength: 10, maxLength: 10 });

const anyStep = fc.record({
  height: fc.nat(HEIGHTS - 1),
  /** index among the heights held, from the top; beyond them a height that is not held */
  trusted: often(0, 1, 2, 9),
  fork: often('', 'a', 'b'),
  round: often(0, 1, 2 ** 31 - 1),
  time: anyTime,
  /** index of a set in place of the chain's own */
  set: often<number | undefined>(undefined, 0, 1, 2),
  flags: anyFlags,
  show: often('votes', 'all', 'some', 'reversed', 'twice', 'beyond', 'none'),
  trustedSet: often<'named' | 'none' | number>('named', 'none', 0, 1, 2),
  wrongSignature: often<number | undefined>(undefined, 0, 3),
  chainId: often(TEST_CHAIN, TEST_CHAIN, 'phalanx-test-2', 'other-1'),
  clock: anyClock,
  /** whether the step shows its header with the one before as evidence */
  evidence: often(false, true),
});
type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never;

export const anyHistory = fc.record({
  sets: fc.tuple(anySet, anySet, anySet),
  /** which set signs which height */
  schedule: fc.array(often(0, 1, 2), { minLength: HEIGHTS + 1, maxLength: HEIGHTS + 1 }),
  steps: fc.array(anyStep, { minLength: 3, maxLength: 8, size: 'max' }),
});
export type History = typeof anyHistory extends fc.Arbitrary<infer T> ? T : never;

/** A history's sets and blocks. */
export class Chain {
  readonly #sets: readonly (readonly TestValidator[])[];
  readonly #schedule: readonly number[];

  constructor({ sets, schedule }: History) {
    this.#sets = sets.map((set) =>
      inChainOrder(set.map(({ member, power }) => testValidator(`pool/${member}`, power))),
    );
    this.#schedule = schedule;
  }

  /** The honest one at a height. */
  #setAt(height: bigint): readonly TestValidator[] {
    return this.#sets[this.#schedule[Number(height - START)] ?? 0] ?? [];
  }

  client(): LightClient {
    const block = { height: START, validators: this.#setAt(START), next: this.#setAt(START + 1n) };
    return {
      chainId: TEST_CHAIN,
      trustingPeriodNs: TRUSTING_PERIOD_NS,
      maxClockDriftNs: DRIFT_NS,
      frozen: false,
      states: new Map([[START, consensusState(testBlock(block).header)]]),
    };
  }

  /** @param now before this step */
  clock({ clock }: Step, client: LightClient, now: TimeNs): TimeNs {
    if (typeof clock === 'number') return now + BigInt(clock) * NANOSECONDS;
    const first = client.states.get(START)?.timeNs ?? 0n;
    const edge = first + TRUSTING_PERIOD_NS - (clock === 'expiry' ? 0n : NANOSECONDS);
    return edge > now ? edge : now + NANOSECONDS;
  }

  message(step: Step, client: LightClient, now: TimeNs): HeaderMessage {
    const height = START + BigInt(step.height) - 1n;
    const held = [...client.states.keys()].filter((h) => h < height).sort((a, b) => (a > b ? -1 : 1));
    const trustedHeight = held[step.trusted] ?? (step.trusted === 0 ? START : START + 1n + BigInt(step.trusted));
    const validators = step.set === undefined ? this.#setAt(height) : (this.#sets[step.set] ?? []);
    const timeNs = timeOf(step, client, trustedHeight, now);
    const block = testBlock({
      height,
      validators,
      next: this.#setAt(height + 1n),
      chainId: step.chainId,
      round: step.round,
      fork: step.fork,
      flag: (i) => step.flags[i] ?? 'commit',
      ...(timeNs !== undefined && { timeNs }),
    });
    const signatures = block.commit.signatures.map((place, i) =>
      i === step.wrongSignature && place.flag !== 'absent'
        ? { ...place, signature: flipBit(place.signature, 3) }
        : place,
    );
    const trustedSet =
      step.trustedSet === 'named' ? this.#setAt(trustedHeight + 1n) : this.#sets[Number(step.trustedSet)];
    return {
      trustedHeight,
      signedHeader: { header: block.header, commit: { ...block.commit, signatures } },
      validators: setOf(validators),
      ...(step.trustedSet !== 'none' && trustedSet ? { trustedValidators: setOf(trustedSet) } : {}),
      signers: signersOf(step, signatures),
    };
  }
}

function timeOf({ time }: Step, { states }: LightClient, trustedHeight: bigint, now: TimeNs): TimeNs | undefined {
  const trusted = states.get(trustedHeight)?.timeNs;
  const head = [...states.values()].reduce((latest, { timeNs }) => (timeNs > latest ? timeNs : latest), 0n);
  switch (time) {
    case 'of the trusted state':
      return trusted;
    case 'after the trusted state':
      return trusted === undefined ? undefined : trusted + 1n;
    case 'of the head':
      return head;
    case 'before the head':
      return head - 1n;
    case 'drift':
      return now + DRIFT_NS;
    case 'inside the drift':
      return now + DRIFT_NS - 1n;
    case 'before 1970':
      return -1n;
    default:
      return undefined;
  }
}

function signersOf({ show }: Step, signatures: readonly CommitSignature[]): number[] {
  const all = signatures.map((_, i) => i);
  const votes = all.filter((i) => signatures[i]?.flag === 'commit');
  switch (show) {
    case 'all':
      return all;
    case 'some':
      return votes.slice(0, Math.ceil(votes.length / 2));
    case 'reversed':
      return votes.reverse();
    case 'twice':
      return votes.flatMap((i) => [i, i]);
    case 'beyond':
      return [...votes, signatures.length];
    case 'none':
      return [];
    default:
      return votes;
  }
}
