// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BASE8, SUBGROUP_ORDER, type Point } from '../protocol/eddsa.ts';
import { FR } from '../protocol/field.ts';
import { instanceOf } from './registry.ts';
import { fr, keyOf, MESSAGE, quorumInput, RawInput, rawQuorum, type RawQuorum } from './testing/fixtures.ts';
import { caught } from './testing/equivocation.ts';
import { expectGuarded } from './testing/forgery.ts';
import { withMutant, type Change } from './testing/mutant.ts';
import { addPoints, multiply, refPoseidon, TORSION } from './testing/reference.ts';
import { signWith } from './testing/signing.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * Each guard of the templates is taken out alone, and the attack it stands against then succeeds: the guard is needed,
 * and the tests that see the attack refused can fail. And hints that lie in concert, which no edit of one wire shows.
 */

const EIGHTH = (7n * SUBGROUP_ORDER + 1n) / 8n; // of 1, modulo l
const DIGEST = fr('digest');
const registration = instanceOf('registration');
const { source, template, publicSignals } = instanceOf('quorum-16');
const quorum4 = templateInstance(source, template, [4], { publicSignals });

function attempt(key: Point, scalar: bigint, eighth: Point, digest = DIGEST): RawInput {
  const { r8, s } = signWith(scalar, key, digest);
  return new RawInput({
    keyX: key.x,
    keyY: key.y,
    digest,
    eighthX: eighth.x,
    eighthY: eighth.y,
    r8x: r8.x,
    r8y: r8.y,
    s,
  });
}

/** Of the first four slots of a set of 16. */
function fourSlots(raw: RawQuorum): RawQuorum {
  for (const name of ['present', 'keyX', 'keyY', 'stake', 'r8x', 'r8y', 's'])
    raw.put(name, raw.array(name).slice(0, 4));
  return raw.recommit();
}

describe('signature', () => {
  const file = 'lib/eddsa_poseidon.circom';
  const honest = attempt(multiply(BASE8, 9n), 9n, multiply(BASE8, 9n * EIGHTH));

  test('S below l', async () => {
    const attack = new RawInput(honest.input);
    attack.set('s', attack.get('s') + SUBGROUP_ORDER);
    await expectGuarded(registration, [{ file, from: 'sAbove.out === 0;', to: '_ <== sAbove.out;' }], attack.input);
  });
  test('8A not the identity', async () => {
    const attack = attempt({ x: 0n, y: 1n }, 0n, TORSION[1] ?? BASE8);
    await expectGuarded(registration, [{ file, from: 'AssertNonZero()(a4[0]);', to: '_ <== a4[0];' }], attack.input);
  });
  test('the comparison', async () => {
    const attack = new RawInput(honest.input).set('digest', fr('unsigned'));
    const halves = ['0', '1'].map((xy) => ({ file, from: `enabled * (left[${xy}] - right[${xy}]) === 0;`, to: '' }));
    await expectGuarded(registration, halves, attack.input);
  });

  /** Num2Bits(254) answers in + r where that fits 254 bits: added bit by bit, r - 1 and a carry of one. */
  const lie: Change = {
    file: 'circomlib/circuits/bitify.circom',
    from: 'out[i] <-- (in >> i) & 1;',
    to: `if (n == 254) {
            var sum = ((in >> i) & 1) + ((-1 >> i) & 1) + (i == 0 ? 1 : carry);
            out[i] <-- sum & 1;
            carry = sum >> 1;
        } else {
            out[i] <-- (in >> i) & 1;
        }`,
  };
  const carry: Change = {
    file: lie.file,
    from: 'template Num2Bits(n) {',
    to: 'template Num2Bits(n) {\n    var carry = 0;',
  };

  /** A signature for the challenge h + r, by a key whose owner is free to try digests until h + r fits. */
  function aliased(): RawInput {
    const key = multiply(BASE8, 9n);
    for (let i = 0; ; i++) {
      const raw = attempt(key, 9n, multiply(BASE8, 9n * EIGHTH), fr(`alias ${i}`));
      const h = refPoseidon([raw.get('r8x'), raw.get('r8y'), key.x, key.y, raw.get('digest')]);
      if (h + FR < 1n << 254n) return raw.set('s', (987654321n + 8n * (h + FR) * 9n) % SUBGROUP_ORDER);
    }
  }
  test('h_alias_malicious_hints: h + r in place of h', async () => {
    await withMutant(registration, [carry, lie], async (liar) => {
      await liar.expectFail(aliased().input, 'AliasCheck');
      await liar.expectFail(honest.input, 'EddsaPoseidonVerify');
    });
  });
  test('h_alias without its guard must forge', async () => {
    const guard: Change = { file: 'circomlib/circuits/aliascheck.circom', from: 'compConstant.out === 0;', to: '' };
    await withMutant(registration, [carry, lie, guard], async (liar) => {
      assert.equal(await liar.accepts(aliased().input), true);
    });
  });
  test('zero_point_lie: 8A passed off as the identity, so that h does not matter', async () => {
    const attack = new RawInput(honest.input);
    const nonce = multiply(BASE8, 5n);
    attack.set('r8x', nonce.x).set('r8y', nonce.y).set('s', 5n);
    const hint: Change = {
      file: 'circomlib/circuits/comparators.circom',
      from: 'inv <-- in!=0 ? 1/in : 0;',
      to: 'inv <-- 0;',
    };
    const guard: Change = { file: hint.file, from: 'in*out === 0;', to: '' };
    await withMutant(registration, [hint], (liar) => liar.expectFail(attack.input, 'IsZero'));
    await withMutant(registration, [hint, guard], async (liar) => {
      assert.equal(await liar.accepts(attack.input), true);
    });
  });
});

describe('registration', () => {
  const file = 'statements/registration/registration.circom';
  test('not Base8', async () => {
    const attack = attempt(BASE8, 1n, multiply(BASE8, EIGHTH));
    await expectGuarded(registration, [{ file, from: 'AssertNonZero()(keyX - Base8X());', to: '' }], attack.input);
  });
  test('in the subgroup', async () => {
    const attack = attempt(addPoints(multiply(BASE8, 9n), TORSION[4] ?? BASE8), 9n, multiply(BASE8, 9n * EIGHTH));
    const halves = ['q8[0] === keyX;', 'q8[1] === keyY;'].map((from) => ({ file, from, to: '' }));
    await expectGuarded(registration, halves, attack.input);
  });
});

describe('equivocation', () => {
  const file = 'statements/equivocation/equivocation.circom';
  test('the index below the capacity', async () => {
    const attack = caught(16, 2).set('leafIndex', 18n);
    const change = { file, from: 'is16 * (bit[4] + bit[5] + bit[6]) === 0;', to: '' };
    await expectGuarded(instanceOf('equivocation'), [change], attack.input);
  });
  test('two messages that differ', async () => {
    const attack = caught(16, 2);
    for (const name of ['r8x', 'r8y', 's']) attack.set(name, attack.get(name, 0), 1);
    attack.set('message2', attack.get('message1'));
    const change = { file, from: 'AssertNonZero()(message1 - message2);', to: '' };
    await expectGuarded(instanceOf('equivocation'), [change], attack.input);
  });
});

describe('quorum', () => {
  const file = 'statements/quorum/quorum.circom';
  test('stake below 2^64', async () => {
    const attack = rawQuorum(quorumInput([100n, 1000n], [0])).set('stake', FR - 99n, 1);
    await expectGuarded(quorum4, [{ file, from: 'RangeCheck(64)(stake[i]);', to: '' }], fourSlots(attack).input);
  });
  test('only a validator signs', async () => {
    const attack = fourSlots(rawQuorum(quorumInput([100n, 100n], [])));
    const key = multiply(BASE8, 5n);
    attack
      .set('keyX', key.x, 3)
      .set('keyY', key.y, 3)
      .set('stake', 1n << 60n, 3)
      .sign(3, signWith(5n, key, MESSAGE));
    await expectGuarded(quorum4, [{ file, from: 'signed[i] * (1 - isPresent[i]) === 0;', to: '' }], attack.input);
  });
  test('the flag is bound to the key', async () => {
    const attack = fourSlots(rawQuorum(quorumInput([100n, 100n, 100n], [])));
    for (const slot of [0, 1, 2]) attack.sign(slot, signWith(1n, BASE8, MESSAGE));
    const unbound = ['X', 'Y'].map((xy) => ({
      file,
      from: `signed[i] * (key${xy}[i] - Base8${xy}()) + Base8${xy}();`,
      to: `Base8${xy}();`,
    }));
    await expectGuarded(quorum4, unbound, attack.input);
  });
  test('strictly more', async () => {
    const attack = fourSlots(rawQuorum(quorumInput([100n, 100n, 100n], [0, 1])));
    const change = { file: 'lib/assert_quorum.circom', from: '- shareOfTotal - 1)', to: '- shareOfTotal)' };
    await expectGuarded(quorum4, [change], attack.input);
  });
  test('present is a flag', async () => {
    // Twice a validator's leaf is a leaf that nobody made; say that the commitment holds one all the same.
    const attack = fourSlots(rawQuorum(quorumInput([100n, 100n, 100n], [0, 1, 2])));
    attack.setKey(3, keyOf(3)).set('present', 2n, 3);
    const leaves = [0, 1, 2, 3].map((i) => {
      const { x, y } = attack.key(i);
      return (attack.get('present', i) * refPoseidon([x, y, attack.get('stake', i)])) % FR;
    });
    attack.set('setCommitment', refPoseidon([refPoseidon(leaves), 4n, attack.get('epoch')]));
    const change = { file: 'lib/binary.circom', from: 'in * (in - 1) === 0;', to: '' };
    await expectGuarded(quorum4, [change], attack.input);
  });
});
