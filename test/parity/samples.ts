// SPDX-License-Identifier: GPL-3.0-or-later
import { bn254 } from '@noble/curves/bn254.js';
import { outsideSubgroup } from '../../circuits/testing/forged-key.ts';
import { FQ, FR } from '../../protocol/field.ts';
import type { Proof } from '../../protocol/proof.ts';
import type { VerificationKey } from '../../protocol/verification-key.ts';
import { fromG1, fromG2, g1, g2, torsionPoint, type G1, type G2 } from './points.ts';
import { rerandomise } from './rerandomise.ts';

/** Numbers as a verifier is handed them: nothing about them is checked yet. */
export interface Sample {
  readonly proof: Proof;
  readonly signals: readonly bigint[];
}

type Named = readonly [name: string, sample: Sample];

const INFINITY_1: G1 = [0n, 0n];
const INFINITY_2: G2 = [[0n, 0n], [0n, 0n]]; // prettier-ignore
const MAX = 2n ** 256n - 1n;

/** Names of a proof's numbers, in the order of `words`. */
const WORDS = ['a.x', 'a.y', 'b.x0', 'b.x1', 'b.y0', 'b.y1', 'c.x', 'c.y'] as const;

function words({ a, b, c }: Proof): bigint[] {
  return [...a, ...b.flat(), ...c];
}

/** The proof with one of its numbers changed. */
function withWord(proof: Proof, at: number, change: (word: bigint) => bigint): Proof {
  const [ax, ay, x0, x1, y0, y1, cx, cy] = words(proof).map((word, i) => (i === at ? change(word) : word)) as [
    bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint,
  ]; // prettier-ignore
  return { a: [ax, ay], b: [[x0, x1], [y0, y1]], c: [cx, cy] }; // prettier-ignore
}

/** Proofs of the good one's claim: made from it, without its witness. */
export function acceptable(key: VerificationKey, { proof, signals }: Sample): Named[] {
  const { a, b } = proof;
  return [
    ['as made', { proof, signals }],
    ['a and b negated', { proof: { ...proof, a: fromG1(g1(a).negate()), b: fromG2(g2(b).negate()) }, signals }],
    ['re-randomised', { proof: rerandomise(key, proof, 987_654_321n, FR - 5n), signals }],
    ['re-randomised twice', { proof: rerandomise(key, rerandomise(key, proof, 3n, 1n), FR - 1n, 7n), signals }],
  ];
}

/** One fault each. @param other a good proof of another circuit */
export function faulty({ proof, signals }: Sample, other: Sample): Named[] {
  const { a, b, c } = proof;
  const broken = (name: string, change: Partial<Proof>): Named => [name, { proof: { ...proof, ...change }, signals }];
  const claimed = (name: string, changed: readonly bigint[]): Named => [name, { proof, signals: changed }];
  const signalFaults = signals.flatMap((signal, at): Named[] => {
    const replaced = (name: string, by: bigint): Named => claimed(`signal ${at}: ${name}`, signals.with(at, by));
    return [
      replaced('plus r', signal + FR),
      replaced('r', FR),
      replaced('one more', signal + 1n),
      replaced('largest', MAX),
    ];
  });
  const wordFaults = WORDS.flatMap((name, at): Named[] => {
    const replaced = (what: string, change: (word: bigint) => bigint): Named => [
      `${name}: ${what}`,
      { proof: withWord(proof, at, change), signals },
    ];
    return [
      replaced('plus q', (word) => word + FQ),
      replaced('q', () => FQ),
      replaced('zero', () => 0n),
      replaced('negated', (word) => FQ - word),
      replaced('largest', () => MAX),
    ];
  });
  return [
    ...signalFaults,
    ...wordFaults,
    claimed('no signals', []),
    claimed('a signal too few', signals.slice(0, -1)),
    claimed('a signal too many', [...signals, 0n]),
    claimed('the signals exchanged', signals.toReversed()),
    broken('a negated', { a: fromG1(g1(a).negate()) }),
    broken('b negated', { b: fromG2(g2(b).negate()) }),
    broken('c negated', { c: fromG1(g1(c).negate()) }),
    broken('a and c exchanged', { a: c, c: a }),
    broken('a doubled', { a: fromG1(g1(a).double()) }),
    broken('the halves of b exchanged', { b: [[b[0][1], b[0][0]], [b[1][1], b[1][0]]] }), // prettier-ignore
    broken('the coordinates of a exchanged', { a: [a[1], a[0]] }),
    broken('a off the curve', { a: [1n, 1n] }),
    broken('b off the twist', { b: [[1n, 2n], [3n, 4n]] }), // prettier-ignore
    broken('c off the curve', { c: [1n, 1n] }),
    broken('b outside the subgroup', { b: outsideSubgroup(1n) }),
    broken('another b outside the subgroup', { b: outsideSubgroup(10n ** 50n) }),
    broken('b of an order that divides the cofactor', { b: torsionPoint(1n) }),
    broken('b plus a point of an order that divides the cofactor', { b: fromG2(g2(b).add(g2(torsionPoint(1n)))) }),
    broken('a at infinity', { a: INFINITY_1 }),
    broken('b at infinity', { b: INFINITY_2 }),
    broken('c at infinity', { c: INFINITY_1 }),
    broken('everything at infinity', { a: INFINITY_1, b: INFINITY_2, c: INFINITY_1 }),
    broken('the generators', {
      a: fromG1(bn254.G1.Point.BASE),
      b: fromG2(bn254.G2.Point.BASE),
      c: fromG1(bn254.G1.Point.BASE),
    }),
    ['the proof of another circuit', { proof: other.proof, signals }],
    ['the proof of another circuit with its signals', other],
    broken('a of another proof', { a: other.proof.a }),
    broken('b of another proof', { b: other.proof.b }),
    broken('c of another proof', { c: other.proof.c }),
  ];
}

/** Every number of the sample with one bit flipped: `bits` of them in each, spread over all 256. */
export function flipped({ proof, signals }: Sample, bits: number): Named[] {
  const places = (salt: number): number[] =>
    Array.from({ length: bits }, (_, i) => (salt * 7 + Math.floor((i * 256) / bits)) % 256);
  return [
    ...WORDS.flatMap((name, at) =>
      places(at).map((bit): Named => [
        `${name}, bit ${bit}`,
        { proof: withWord(proof, at, (word) => word ^ (1n << BigInt(bit))), signals },
      ]),
    ),
    ...signals.flatMap((signal, at) =>
      places(at).map((bit): Named => [
        `signal ${at}, bit ${bit}`,
        { proof, signals: signals.with(at, signal ^ (1n << BigInt(bit))) },
      ]),
    ),
  ];
}
