// SPDX-License-Identifier: GPL-3.0-or-later
import { concatBytes } from '../../bytes.ts';
import {
  bytesOf,
  integerOf,
  L,
  oddSignature,
  P,
  scalar,
  SMALL_ORDER,
  verifyCofactorless,
  type EdwardsPoint,
  type OddParts,
  type OddSignature,
} from './odd-ed25519.ts';

/** A signature on which rules may differ, with the answer of each. */
export interface SignatureCase {
  readonly name: string;
  readonly made: OddSignature;
  /** the rule of CometBFT since v0.38 */
  readonly zip215: boolean;
  /** the rule of v0.34 and v0.37 */
  readonly cofactorless: boolean;
}

const message = new TextEncoder().encode('vote');
const [a, r] = [scalar('a'), scalar('r')];
const [, order8, order4] = SMALL_ORDER as readonly [EdwardsPoint, EdwardsPoint, EdwardsPoint];
/** Three encodings of the identity: the right one, y + p, and x = 0 with the sign set. */
const [identity, unreduced, signed] = [bytesOf(1n), bytesOf(P + 1n), bytesOf(1n + (1n << 255n))];
/** Of order 2, with the sign set. */
const signedMinusOne = bytesOf(P - 1n + (1n << 255n));
/** Of order 4, as y = p in place of y = 0. */
const unreducedZero = bytesOf(P);
/** y = 2 is no point's. */
const noPoint = bytesOf(2n);

/** The first message for which the cofactorless rule gives this answer: parts of small order cancel by chance. */
function ground(parts: Omit<OddParts, 'message'>, cofactorless: boolean): OddSignature {
  for (let i = 0; ; i += 1) {
    const made = oddSignature({ ...parts, message: new TextEncoder().encode(`vote ${i}`) });
    if (verifyCofactorless(made) === cofactorless) return made;
  }
}

const withS = ({ key, message: about, signature }: OddSignature, s: bigint): OddSignature => ({
  key,
  message: about,
  signature: concatBytes(signature.subarray(0, 32), bytesOf(s)),
});
const withR = ({ key, message: about, signature }: OddSignature, bytes: Uint8Array): OddSignature => ({
  key,
  message: about,
  signature: concatBytes(bytes, signature.subarray(32)),
});

const ordinary = oddSignature({ a, r, message });
const s = integerOf(ordinary.signature.subarray(32));

/** Name, signature, ZIP-215's answer, the cofactorless rule's. */
const CASES: readonly (readonly [string, OddSignature, boolean, boolean])[] = [
  ['an ordinary signature', ordinary, true, true],
  ['another key', { ...ordinary, key: oddSignature({ a: a + 1n, r, message }).key }, false, false],
  ['another message', { ...ordinary, message: Uint8Array.of(0) }, false, false],
  ['S + 1', withS(ordinary, s + 1n), false, false],
  ['S + L, the same scalar once more', withS(ordinary, s + L), false, false],
  ['S + 8 L, beyond 2^255', withS(ordinary, s + 8n * L), false, false],
  ['R the identity, S = k a', oddSignature({ a, r: 0n, message }), true, true],
  ['R of order 8, S = k a', oddSignature({ a, r: 0n, rTorsion: order8, message }), true, false],
  ['R with a part of order 4', oddSignature({ a, r, rTorsion: order4, message }), true, false],
  ['A of order 8, k A the identity', ground({ a: 0n, r, keyTorsion: order8 }, true), true, true],
  ['A of order 8, k A not the identity', ground({ a: 0n, r, keyTorsion: order8 }, false), true, false],
  ['A with a part of order 8 that k takes away', ground({ a, r, keyTorsion: order8 }, true), true, true],
  ['A with a part of order 8 that k leaves', ground({ a, r, keyTorsion: order8 }, false), true, false],
  ['A and R with parts that cancel', ground({ a, r, keyTorsion: order8, rTorsion: order8 }, true), true, true],
  ['A and R with parts that do not', ground({ a, r, keyTorsion: order8, rTorsion: order8 }, false), true, false],
  ['R the identity as y = p + 1', oddSignature({ a, r: 0n, rEncoding: unreduced, message }), true, false],
  [
    'R the identity as y = p + 1, k over y = 1',
    oddSignature({ a, r: 0n, rEncoding: unreduced, hashedR: identity, message }),
    false,
    false,
  ],
  ['R the identity with the sign set', oddSignature({ a, r: 0n, rEncoding: signed, message }), true, false],
  ['R of order 2 with the sign set', oddSignature({ a, r: 0n, rEncoding: signedMinusOne, message }), true, false],
  ['R of order 4 as y = p', oddSignature({ a, r: 0n, rEncoding: unreducedZero, message }), true, false],
  ['A the identity', oddSignature({ a: 0n, r, message }), true, true],
  ['A the identity as y = p + 1', oddSignature({ a: 0n, r, keyEncoding: unreduced, message }), true, true],
  ['A the identity with the sign set', oddSignature({ a: 0n, r, keyEncoding: signed, message }), true, true],
  ['A no point', { ...ordinary, key: noPoint }, false, false],
  ['R no point', withR(ordinary, noPoint), false, false],
];

/** The cases of "Taming the many EdDSAs" (Chalkias, Garillot, Nikolaenko; 2020) and more. */
export const SIGNATURE_CASES: readonly SignatureCase[] = CASES.map(([name, made, zip215, cofactorless]) => ({
  name,
  made,
  zip215,
  cofactorless,
}));
