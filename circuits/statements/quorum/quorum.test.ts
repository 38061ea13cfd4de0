// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { BASE8 } from '../../../protocol/eddsa.ts';
import { FR } from '../../../protocol/field.ts';
import { MESSAGE, quorumInput, rawQuorum, signBy, typicalQuorum, type RawQuorum } from '../../testing/fixtures.ts';
import { Judge } from '../../testing/judge.ts';
import { multiply, TORSION } from '../../testing/reference.ts';
import { signWith } from '../../testing/signing.ts';
import { quorumAccepts } from './model.ts';

let judge: Judge;
before(async () => {
  judge = await Judge.of('quorum-16', (input) => quorumAccepts(16, input));
});

/** Four validators with equal stakes of which the first three sign. */
const four = (): RawQuorum => rawQuorum(quorumInput([100n, 100n, 100n, 100n], [0, 1, 2]));

test('an honest quorum passes, and its wires are all determined by the inputs', async () => {
  const raw = rawQuorum(typicalQuorum(16));
  await judge.says(true, raw);
  await judge.circuit.expectDetermined(raw.input);
});

test('public signals come first, in the order of the statement', async () => {
  const raw = four();
  const witness = await judge.circuit.witness(raw.input);
  assert.deepEqual(witness.slice(0, 5), [
    1n,
    raw.get('setCommitment'),
    raw.get('message'),
    raw.get('signers'),
    raw.get('share'),
  ]);
});

describe('threshold', () => {
  const M64 = (1n << 64n) - 1n;
  const cases: readonly (readonly [
    name: string,
    stakes: readonly (bigint | undefined)[],
    signers: number[],
    share: number,
    ok: boolean,
  ])[] = [
    ['threshold_exact_2_3', [100n, 100n, 100n], [0, 1], 20_000, false],
    ['threshold_one_above', [100n, 101n, 99n], [0, 1], 20_000, true],
    ['threshold_one_below', [100n, 99n, 101n], [0, 1], 20_000, false],
    ['threshold_zero_total', [0n, 0n, 0n], [0, 1, 2], 20_000, false],
    ['threshold_no_signer', [100n], [], 20_000, false],
    [
      'threshold_largest_stakes_10_of_15',
      [...Array<bigint>(15).fill(M64)],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
      20_000,
      false,
    ],
    [
      'threshold_largest_stakes_11_of_16',
      [...Array<bigint>(16).fill(M64)],
      [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      20_000,
      true,
    ],
    ['threshold_highest_share_all_sign', [M64, 1n], [0, 1], 29_999, true],
    ['threshold_highest_share_exact', [29_999n, 1n], [0], 29_999, false],
    ['threshold_highest_share_one_above', [30_000n, 1n], [0], 29_999, true],
  ];
  for (const [name, stakes, signers, share, ok] of cases) {
    // A stake of zero is no validator of protocol/'s; the circuit has to cope with what a commitment holds.
    test(`${name}: ${ok ? 'a quorum' : 'no quorum'}`, async () => {
      const raw = rawQuorum(
        quorumInput(
          stakes.map((s) => (s === 0n ? 1n : s)),
          signers,
          { share },
        ),
      );
      stakes.forEach((stake, i) => raw.set('stake', stake ?? 0n, i));
      await judge.says(ok, raw.recommit());
    });
  }

  for (const share of [0n, 1n, 19_999n, 30_000n, FR - 1n, 20_000n + (1n << 14n)]) {
    test(`share_out_of_range_${share}: such a share is refused`, async () => {
      // 19999 and less would make this quorum easier; 30000 and more can't be exceeded, but a wrap could be.
      await judge.refuses(four().set('share', share), 'AssertQuorum');
    });
  }
});

describe('stakes', () => {
  test('stake_ge_2^64: such a stake is refused, though committed to', async () => {
    await judge.refuses(
      four()
        .set('stake', 1n << 64n, 0)
        .recommit(),
      'RangeCheck',
    );
  });
  test('stake_just_below_2^64: such a stake counts', async () => {
    await judge.says(
      true,
      four()
        .set('stake', (1n << 64n) - 1n, 0)
        .recommit(),
    );
  });
  test('stake_field_negative of one who does not sign would shrink the total', async () => {
    const raw = rawQuorum(quorumInput([100n, 1000n], [0])).set('stake', FR - 99n, 1);
    await judge.refuses(raw.recommit(), 'RangeCheck');
  });
  test('stake_other_than_committed: a stake that the commitment does not hold is refused', async () => {
    await judge.refuses(four().set('stake', 10_000n, 0), 'Quorum');
  });
});

describe('slots', () => {
  test('padding_signed: an empty slot does not sign, whatever key and stake are put there', async () => {
    const raw = four();
    const key = multiply(BASE8, 5n);
    raw
      .set('keyX', key.x, 9)
      .set('keyY', key.y, 9)
      .set('stake', 1n << 60n, 9);
    await judge.refuses(raw.sign(9, signWith(5n, key, MESSAGE)), 'Quorum');
  });
  test('padding_present: an empty slot is not taken for a validator', async () => {
    const raw = four()
      .setKey(9, multiply(BASE8, 5n))
      .set('stake', 1n << 60n, 9);
    await judge.refuses(raw.sign(9, signWith(5n, raw.key(9), MESSAGE)), 'Quorum');
  });
  test('padding_stake: the stake put in an empty slot counts for nothing', async () => {
    await judge.says(true, four().set('stake', (1n << 64n) - 1n, 9));
    await judge.says(false, rawQuorum(quorumInput([100n, 100n, 100n], [0, 1])).set('stake', 1n << 63n, 9));
  });
  test('present_dropped: a validator who does not sign is not left out of the total', async () => {
    const raw = rawQuorum(quorumInput([100n, 100n, 100n], [0, 1]));
    await judge.refuses(raw.set('present', 0n, 2), 'Quorum');
  });
  test('present_not_binary: a slot is occupied or empty, nothing else', async () => {
    await judge.refuses(four().set('present', 2n, 3), 'Binary');
  });
  test('signers_beyond_capacity: a bit above the slots is refused', async () => {
    await judge.refuses(four().set('signers', 7n | (1n << 16n)), 'Num2Bits');
    await judge.refuses(four().set('signers', FR - 1n), 'Num2Bits');
  });
  test('signers_bit_without_signature: a bit needs a signature, and a signature a bit', async () => {
    await judge.refuses(four().set('signers', 15n), 'EddsaPoseidonBatch');
    await judge.says(false, four().set('signers', 3n));
  });
  test('slots_swapped: a key counts only where it stands', async () => {
    const raw = four();
    const [first, second] = [raw.key(0), raw.key(1)];
    await judge.refuses(raw.setKey(0, second).setKey(1, first), 'EddsaPoseidonBatch');
  });
  test('duplicate_key counts twice here: Coalition and validatorSet() keep a key from standing twice', async () => {
    const raw = rawQuorum(quorumInput([100n, 100n, 100n], [0]));
    const { x, y } = raw.key(0);
    raw.setKey(1, { x, y }).setKey(2, { x, y }).recommit();
    for (const slot of [1, 2]) raw.sign(slot, signBy(0, MESSAGE));
    await judge.says(true, raw);
  });
  test('unsigned slots may hold any key: off the curve, low order, Base8', async () => {
    for (const key of [{ x: 5n, y: 7n }, { x: 0n, y: 0n }, ...TORSION.slice(0, 2), BASE8]) {
      await judge.says(true, four().setKey(3, key).recommit());
    }
  });
});

describe('commitment', () => {
  for (const name of ['epoch', 'setCommitment', 'message']) {
    test(`${name} is bound`, async () => {
      const raw = four();
      await judge.says(false, raw.set(name, (raw.get(name) + 1n) % FR));
    });
  }
});
