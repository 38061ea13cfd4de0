// SPDX-License-Identifier: GPL-3.0-or-later
import fc from 'fast-check';
import type { HeaderMessage, LightClient } from '../../protocol/cometbft/client-state.ts';
import type { CommitSignature } from '../../protocol/cometbft/commit.ts';
import { inChainOrder, testValidator, type TestValidator } from '../../protocol/cometbft/testing/generated-chain.ts';
import { clientAt10, message } from '../../protocol/cometbft/testing/test-client.ts';

/*
 * Sets of 4 to 150 in which one validator that did not sign is given the power that puts the signers at an edge: of two
 * thirds of the header's set, of one third of the trusted one, or at both.
 */

const MEMBERS = 148;
const anyPower = fc.oneof(fc.constantFrom(0n, 1n, 2n), fc.bigInt({ min: 0n, max: 1n << 48n }));
/** @param own beside the edge of two thirds, @param trusted of one third: the signers have enough below 0 */
export interface Offsets {
  readonly own: bigint;
  readonly trusted: bigint;
  /** the header's height where its set is the one that was named; otherwise it is 12 */
  readonly named?: bigint;
}

const AROUND = [-1n, 0n, 1n] as const;

export const EDGES: readonly Offsets[] = [
  ...AROUND.map((own) => ({ own, trusted: 0n, named: 11n })),
  ...AROUND.map((own) => ({ own, trusted: 0n, named: 12n })),
  ...AROUND.map((trusted) => ({ own: -1n, trusted })),
  { own: 0n, trusted: -1n },
];

export const anyMembers = fc.array(
  fc.record({
    power: anyPower,
    flag: fc.constantFrom<CommitSignature['flag']>('commit', 'commit', 'commit', 'nil', 'absent'),
    /** in the trusted set, if it is there */
    trusted: fc.option(anyPower, { nil: undefined }),
  }),
  { minLength: 2, maxLength: MEMBERS, size: 'max' },
);
type Members = typeof anyMembers extends fc.Arbitrary<infer T> ? T : never;

interface Member {
  readonly seed: string;
  readonly power: bigint;
  readonly signs: boolean;
}

const sum = (members: readonly Member[], signs: boolean): bigint =>
  members.reduce((total, member) => (member.signs === signs ? total + member.power : total), 0n);

/** The two whose powers make the edge, behind the others: one signs and has the most, the other does not. */
function atEdge(members: readonly Member[], edgeOf: (signed: bigint, rest: bigint) => bigint): readonly Member[] {
  const rest = sum(members, false);
  const strong = { seed: 'edge/strong', power: 4n * rest + 2n, signs: true };
  const signed = sum(members, true) + strong.power;
  return [...members, strong, { seed: 'edge/silent', power: edgeOf(signed, rest), signs: false }];
}

const validators = (members: readonly Member[]): readonly TestValidator[] =>
  inChainOrder(members.map(({ seed, power }) => testValidator(seed, power)));

/** A client, a header for it, and the outcome that the rules' text gives. */
export function edgeCase(
  edge: Offsets,
  drawn: Members,
): { client: LightClient; shown: HeaderMessage; expected: string } {
  const members = drawn.map(({ flag, power, trusted }, i) => {
    const seed = `edge/${i}`;
    // Even, so that half of a sum is exact.
    return { seed, flag, signs: flag === 'commit', power: 2n * power, trusted };
  });
  // More than two thirds: s > 2 (r + x).
  const own = atEdge(members, (signed, rest) => signed / 2n - rest + edge.own);
  const shared = members.flatMap(({ seed, signs, trusted }) =>
    trusted === undefined ? [] : [{ seed, signs, power: trusted }],
  );
  // More than one third: 2 s > r + x.
  const other = atEdge(shared, (signed, rest) => 2n * signed - rest + edge.trusted);
  const set = validators(own);
  const named = edge.named === undefined ? validators(other) : set;
  const flags = new Map(members.map(({ seed, flag }) => [testValidator(seed, 0n).key, flag]));
  const silent = testValidator('edge/silent', 0n).key;
  const flag = (i: number): CommitSignature['flag'] => {
    const key = set[i]?.key ?? '0x';
    return key === silent ? 'nil' : (flags.get(key) ?? 'commit');
  };
  const shown = message(
    { height: edge.named ?? 12n, validators: set, flag },
    edge.named === undefined ? named : undefined,
  );
  const enough = edge.named !== undefined || edge.trusted < 0n;
  const expected = edge.own >= 0n ? 'POWER_INSUFFICIENT' : enough ? 'updated' : 'TRUSTED_POWER_INSUFFICIENT';
  return { client: clientAt10(named), shown, expected };
}
