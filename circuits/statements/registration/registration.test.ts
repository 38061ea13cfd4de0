// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { BASE8, SUBGROUP_ORDER, verify, type Point } from '../../../protocol/eddsa.ts';
import { InvalidFieldError } from '../../../protocol/errors.ts';
import { FR } from '../../../protocol/field.ts';
import { findCircuit } from '../../registry.ts';
import { fr, keyOf, RawInput, signBy } from '../../testing/fixtures.ts';
import { Judge } from '../../testing/judge.ts';
import { addPoints, multiply, TORSION } from '../../testing/reference.ts';
import { signWith } from '../../testing/signing.ts';
import { buildRegistrationInputs } from './inputs.ts';
import { registrationAccepts } from './model.ts';

const DIGEST = fr('digest');
const EIGHTH = (7n * SUBGROUP_ORDER + 1n) / 8n; // of 1, modulo l

let judge: Judge;
before(async () => {
  judge = await Judge.of('registration', registrationAccepts);
});

function registered(n: number): RawInput {
  const { circuit } = findCircuit('registration');
  return new RawInput(
    buildRegistrationInputs(circuit, { key: keyOf(n), digest: DIGEST, signature: signBy(n, DIGEST) }),
  );
}

/** What somebody would try who knows `scalar` and wants `key` registered, with `eighth` to show for it. */
function attempt(key: Point, scalar: bigint, eighth: Point): RawInput {
  const { r8, s } = signWith(scalar, key, DIGEST);
  return new RawInput({
    keyX: key.x,
    keyY: key.y,
    digest: DIGEST,
    eighthX: eighth.x,
    eighthY: eighth.y,
    r8x: r8.x,
    r8y: r8.y,
    s,
  });
}

const torsion = (k: number): Point => TORSION[k] ?? BASE8;

test('an honest registration passes, and its wires are all determined by the inputs', async () => {
  const raw = registered(1);
  await judge.says(true, raw);
  await judge.circuit.expectDetermined(raw.input);
});

describe('keys', () => {
  test('any of the eight points Q with 8Q = key will do', async () => {
    const eighth = multiply(keyOf(1), EIGHTH);
    for (const part of TORSION) {
      const { x, y } = addPoints(eighth, part);
      await judge.says(true, registered(1).set('eighthX', x).set('eighthY', y));
    }
  });
  test('key_low_order: the identity and the other points of order dividing 8', async () => {
    // 8Q of any torsion point is the identity, so that is the only one for which there is a Q.
    for (const q of TORSION) await judge.refuses(attempt(torsion(0), 0n, q), 'AssertNonZero');
    for (const key of TORSION.slice(1)) await judge.refuses(attempt(key, 0n, torsion(1)), 'Registration');
  });
  test('key_mixed_torsion: a key outside the subgroup has no eighth', async () => {
    for (const part of TORSION.slice(1)) {
      const key = addPoints(multiply(BASE8, 9n), part);
      assert.equal(verify(key, DIGEST, signWith(9n, key, DIGEST)), true, 'its signatures do verify');
      await judge.refuses(attempt(key, 9n, multiply(BASE8, 9n * EIGHTH)), 'Registration');
    }
  });
  test("base8_key_registration: Base8 is refused, whose secret is everybody's", async () => {
    await judge.refuses(attempt(BASE8, 1n, multiply(BASE8, EIGHTH)), 'AssertNonZero');
  });
  test('the neighbours of Base8 pass: its negative and its double', async () => {
    for (const scalar of [SUBGROUP_ORDER - 1n, 2n]) {
      await judge.says(
        true,
        attempt(multiply(BASE8, scalar), scalar, multiply(BASE8, (scalar * EIGHTH) % SUBGROUP_ORDER)),
      );
    }
  });
  test('key_off_curve: a key off the curve is refused, and an eighth off it', async () => {
    await judge.refuses(registered(1).set('keyX', 5n), 'Registration');
    await judge.refuses(registered(1).set('eighthX', 5n), 'BabyCheck');
    await judge.refuses(attempt({ x: 0n, y: 0n }, 0n, { x: 0n, y: 0n }), 'BabyCheck');
  });
  test('the input builder refuses a key outside the subgroup by name', () => {
    const key = addPoints(multiply(BASE8, 9n), torsion(4));
    const input = { key, digest: DIGEST, signature: signWith(9n, key, DIGEST) };
    assert.throws(() => buildRegistrationInputs(findCircuit('registration').circuit, input), InvalidFieldError);
  });
});

describe('proof of possession', () => {
  test("rogue_key_minus_victim: a key made from another's cannot sign", async () => {
    const victim = keyOf(1);
    const rogue = addPoints(multiply(BASE8, 9n), { x: FR - victim.x, y: victim.y });
    await judge.refuses(attempt(rogue, 9n, multiply(rogue, EIGHTH)), 'EddsaPoseidonVerify');
  });
  test('a registration copied by another operator has another digest', async () => {
    await judge.refuses(registered(1).set('digest', fr('another digest')), 'EddsaPoseidonVerify');
  });
  test("another key's signature, a key swapped in", async () => {
    const { r8, s } = signBy(2, DIGEST);
    await judge.refuses(registered(1).set('r8x', r8.x).set('r8y', r8.y).set('s', s), 'EddsaPoseidonVerify');
    const other = registered(2);
    for (const name of ['r8x', 'r8y', 's']) other.set(name, registered(1).get(name));
    await judge.refuses(other, 'EddsaPoseidonVerify');
  });
  test('S_out_of_range, r_off_curve, r_torsion: no such signature shows possession', async () => {
    const raw = registered(1);
    await judge.refuses(raw.set('s', raw.get('s') + SUBGROUP_ORDER), 'EddsaPoseidonVerify');
    await judge.refuses(registered(1).set('r8y', 5n), 'BabyCheck');
    const r8 = addPoints(multiply(BASE8, 5n), torsion(4));
    const twisted = signWith(9n, multiply(BASE8, 9n), DIGEST, 5n, r8);
    const spoiled = attempt(multiply(BASE8, 9n), 9n, multiply(BASE8, 9n * EIGHTH));
    spoiled.set('r8x', r8.x).set('r8y', r8.y).set('s', twisted.s);
    await judge.refuses(spoiled, 'EddsaPoseidonVerify');
  });
  test('no signature at all: R8 the identity and S zero', async () => {
    await judge.refuses(registered(1).set('r8x', 0n).set('r8y', 1n).set('s', 0n), 'EddsaPoseidonVerify');
  });
});

test('circuit and model agree on inputs spoiled at random', async () => {
  const names = ['keyX', 'keyY', 'digest', 'eighthX', 'eighthY', 'r8x', 'r8y', 's'];
  const outcomes = new Set<boolean>();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(20),
      fc.option(fc.tuple(fc.constantFrom(...names), fc.bigInt(0n, FR - 1n)), { nil: undefined }),
      fc.constantFrom(...TORSION),
      async (n, spoil, part) => {
        const raw = registered(n);
        if (spoil) raw.set(...spoil);
        else {
          const { x, y } = addPoints({ x: raw.get('eighthX'), y: raw.get('eighthY') }, part);
          raw.set('eighthX', x).set('eighthY', y);
        }
        const expected = registrationAccepts(raw.input);
        outcomes.add(expected);
        assert.equal(await judge.circuit.accepts(raw.input), expected);
      },
    ),
    { numRuns: 60, endOnFailure: true },
  );
  assert.equal(outcomes.size, 2, 'both verdicts occur');
});
