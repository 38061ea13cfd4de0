// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519 } from '@noble/curves/ed25519.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InvalidFieldError } from '../protocol/errors.ts';
import type { Instance } from './compile.ts';
import { buildEd25519Inputs } from './hints/ed25519/batch.ts';
import { FIELD_PRIME, GROUP_ORDER } from './hints/ed25519/curve25519.ts';
import {
  attempt,
  encoded,
  isValid,
  oddSignature,
  signed,
  times,
  TORSION,
  bytes32,
  type Signed,
} from './testing/ed25519.ts';
import type { CircuitInput } from './statement-kind.ts';
import { Draw } from './testing/draw.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * Ed25519Batch against noble-curves' verification by ZIP-215: the same verdict on signatures of every kind. Slot 0's nonce
 * has weight 1 and no table, so what concerns nonces is tried in slot 0 and in slot 1.
 */

const { BASE } = ed25519.Point;
const batch = (n: number): Instance =>
  templateInstance('testing/ed25519_cases.circom', 'Ed25519BatchCase', [n], { flags: ['--O1'] });
const two = CircuitUnderTest.of(batch(2));

/** Circuit and noble agree on a pair; for a valid one production's builder makes the inputs. */
async function agree(pair: readonly Signed[], expected: boolean): Promise<void> {
  assert.equal(pair.every(isValid), expected, 'noble');
  const signatures = pair.map(encoded);
  if (expected) {
    await (await two).expectPass(buildEd25519Inputs(signatures));
  } else {
    assert.throws(() => buildEd25519Inputs(signatures), InvalidFieldError);
    const { inputs, isSatisfied } = attempt(signatures);
    assert.equal(isSatisfied, false);
    assert.equal(await (await two).accepts(inputs), false, 'the circuit refuses');
  }
}

/** The builder alone: its verdict is the circuit's, as the tests above and below show. */
function builds(pair: readonly Signed[]): boolean {
  try {
    buildEd25519Inputs(pair.map(encoded));
    return true;
  } catch (error) {
    assert.ok(error instanceof InvalidFieldError, String(error));
    return false;
  }
}

const honest = signed(9, 'honest');

describe('valid batches', () => {
  test('constraints are as many as documented', async () => {
    const { r1cs } = await two;
    assert.equal(r1cs.constraints, 188516 + 2 * 1024);
  });
  test('no wire is left free', async () => {
    const single = await CircuitUnderTest.of(batch(1));
    assert.equal(single.r1cs.constraints, 149232 + 1024);
    await single.expectDetermined(buildEd25519Inputs([encoded(honest)]));
    await (await two).expectDetermined(buildEd25519Inputs([encoded(honest), encoded(signed(4, 'another'))]));
  });
  test('drawn keys, nonces and torsion', async () => {
    const draw = new Draw('ed25519 batches');
    const any = (i: number): Signed =>
      oddSignature({
        key: draw.below(GROUP_ORDER),
        nonce: draw.below(GROUP_ORDER),
        keyTorsion: draw.one(TORSION),
        nonceTorsion: draw.one(TORSION),
        text: 'x'.repeat(20 * i),
      });
    for (let i = 0; i < 4; i++) await agree([any(i), any(i + 1)], true);
    // Larger batches by the builder alone.
    for (const n of [3, 5, 8]) assert.ok(builds(Array.from({ length: n }, (_, i) => any(i))));
  });
  test('two keys; one key twice; one signature twice', async () => {
    await agree([signed(1, 'first'), signed(2, 'second')], true);
    await agree([signed(1, 'first'), signed(1, 'second')], true);
    await agree([honest, honest], true);
  });
  test('equal and opposite nonces and keys', async () => {
    const [one, other] = [
      oddSignature({ key: 7n, nonce: 11n, text: 'a' }),
      oddSignature({ key: 5n, nonce: 11n, text: 'b' }),
    ];
    await agree([one, other], true);
    await agree([one, oddSignature({ key: GROUP_ORDER - 7n, nonce: GROUP_ORDER - 11n, text: 'c' })], true);
    await agree([oddSignature({ key: 7n, nonce: 7n }), oddSignature({ key: 7n, nonce: 7n })], true);
  });
});

test('what stands for bits has to be bits', async () => {
  const inputs = buildEd25519Inputs([encoded(honest), encoded(honest)]);
  const change = (name: string, at: number): CircuitInput => {
    const rows = structuredClone(inputs[name]) as bigint[] | bigint[][];
    const row = Array.isArray(rows[0]) ? rows[0] : (rows as bigint[]);
    row[at] = 2n;
    return { ...inputs, [name]: rows as bigint[] };
  };
  for (const name of ['a', 'r', 'h', 'keyDigits', 'sumDigits', 'exceptional'])
    for (const at of [0, 1]) await (await two).expectFail(change(name, at), 'Binary');
});

describe('wrong signatures', () => {
  const flip = (one: Signed, part: 'key' | 'signature' | 'message', byte: number, bit: number): Signed => {
    const changed = Uint8Array.from(one[part]);
    changed[byte] = (changed[byte] ?? 0) ^ (1 << bit);
    return { ...one, [part]: changed };
  };
  const wrong: readonly (readonly [string, Signed])[] = [
    ['another message: wrong h', flip(honest, 'message', 0, 0)],
    ['the sign of R', flip(honest, 'signature', 31, 7)],
    ['the sign of A', flip(honest, 'key', 31, 7)],
    ['s more by one', flip(honest, 'signature', 32, 0)],
  ];
  for (const [name, one] of wrong)
    test(`${name} is refused in either slot`, async () => {
      await agree([one, signed(3, 'x')], false);
      await agree([signed(3, 'x'), one], false);
    });

  test('each bit of h counts', () => {
    const good = encoded(honest);
    for (const bit of [0, 1, 255, 256, 510, 511])
      assert.equal(attempt([{ ...good, digest: good.digest ^ (1n << BigInt(bit)) }]).isSatisfied, false, `${bit}`);
  });

  test('errors of two signatures that cancel without weights do not', async () => {
    const [a, b] = [encoded(signed(1, 'first')), encoded(signed(2, 'second'))];
    const { inputs, isSatisfied } = attempt([
      { ...a, s: (a.s + 5n) % GROUP_ORDER },
      { ...b, s: (b.s + GROUP_ORDER - 5n) % GROUP_ORDER },
    ]);
    assert.equal(isSatisfied, false);
    assert.equal(await (await two).accepts(inputs), false);
  });
});

describe('r-identity-and-order-2-provable', () => {
  const encodings: readonly (readonly [string, bigint])[] = [
    ['identity', 1n],
    ['identity, sign 1', 1n + (1n << 255n)],
    ['identity as p + 1', FIELD_PRIME + 1n],
    ['identity as p + 1, sign 1', FIELD_PRIME + 1n + (1n << 255n)],
    ['order 2', FIELD_PRIME - 1n],
    ['order 2, sign 1', FIELD_PRIME - 1n + (1n << 255n)],
  ];
  for (const [name, encoding] of encodings)
    test(name, async () => {
      const one = oddSignature({ key: 77n, nonceBytes: bytes32(encoding) });
      await agree([one, one], true);
      const signature = Uint8Array.from(one.signature);
      signature[32] = (signature[32] ?? 0) ^ 1;
      await agree([{ ...one, signature }, honest], false);
    });
});

describe('order-2-4-8-and-mixed-tables', () => {
  test('every torsion point in A and R, alone and with the prime-order part', async () => {
    for (const [k, torsion] of TORSION.entries()) {
      const small = oddSignature({ keyTorsion: torsion, nonceTorsion: TORSION[(3 * k + 1) % 8] ?? torsion });
      const mixed = oddSignature({
        key: 3n,
        nonce: 4n,
        keyTorsion: torsion,
        nonceTorsion: TORSION[(k + 5) % 8] ?? torsion,
      });
      await agree([small, mixed], true);
      await agree([mixed, small], true);
    }
  });
});

describe('zip215-speccheck-matrix', () => {
  /** Every encoding of the points of small order: canonical, with the wrong sign at x = 0, and y + p. */
  const small = TORSION.flatMap((point) => {
    const { x, y } = point.toAffine();
    const sign = (x & 1n) << 255n;
    const ys = [y, y + FIELD_PRIME].filter((one) => one < 1n << 255n);
    return ys.flatMap((one) => (x === 0n ? [one, one + (1n << 255n)] : [one + sign]));
  });

  test('fourteen encodings of A with fourteen of R and s = 0: all valid', () => {
    assert.equal(small.length, 14);
    for (const key of small) {
      for (const r of small) {
        const one = oddSignature({ keyBytes: bytes32(key), nonceBytes: bytes32(r), text: 'Zcash' });
        assert.ok(isValid(one));
        assert.ok(builds([honest, one]), `${key} ${r}`);
      }
    }
  });
  test('and in the circuit, each encoding as A and as R', async () => {
    const all = small.map((key, k) =>
      oddSignature({ keyBytes: bytes32(key), nonceBytes: bytes32(small[(k + 5) % 14] ?? key), text: 'Zcash' }),
    );
    for (let k = 0; k < 14; k += 2) await agree(all.slice(k, k + 2), true);
  });
  test('valid with the cofactor only, and not valid even so', async () => {
    const point = TORSION.find((one) => !times(one, 4n).is0()) ?? TORSION[1];
    assert.ok(point);
    const cofactored = oddSignature({ key: 12n, nonce: 34n, keyTorsion: point, nonceTorsion: point });
    assert.equal(ed25519.verify(cofactored.signature, cofactored.message, cofactored.key, { zip215: true }), true);
    await agree([cofactored, cofactored], true);
    const wrong = oddSignature({
      key: 12n,
      nonce: 34n,
      keyTorsion: point,
      nonceBytes: times(BASE, 35n).add(point).toBytes(),
    });
    await agree([wrong, honest], false);
  });
});
