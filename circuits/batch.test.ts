// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Field } from '@noble/curves/abstract/modular.js';
import { BASE8, SUBGROUP_ORDER, verify } from '../protocol/eddsa.ts';
import type { Fr } from '../protocol/field.ts';
import { batchInput, batchInstance, type SignedMessage } from './testing/batch-input.ts';
import { modOrder, refChallenge, refDigits, refProduct, refTranscript, refWeights } from './testing/batch-reference.ts';
import { chosenSlope } from './testing/chosen-slope.ts';
import { fr } from './testing/fixtures.ts';
import { expectGuarded } from './testing/forgery.ts';
import { CircuitUnderTest } from './testing/harness.ts';
import { MONTGOMERY_A, multipleOfBase8, squareRoot } from './testing/montgomery.ts';
import type { Change } from './testing/mutant.ts';
import { multiply } from './testing/reference.ts';
import { signWith } from './testing/signing.ts';
import { templateInstance } from './testing/template-instance.ts';

/*
 * What a prover may try against EddsaPoseidonBatch as a whole; batch-points.test.ts and batch-scalars.test.ts are about
 * its parts. Each forgery succeeds against a mutant that lacks its guard, and is refused by the circuit as it is.
 */

const file = 'lib/eddsa_poseidon_batch.circom';
const pair = batchInstance(2);

/** A signature by somebody whose secrets are known. */
interface Known extends SignedMessage {
  readonly scalar: bigint;
  readonly nonce: bigint;
}

function signed(scalar: bigint, nonce: bigint, message: Fr): Known {
  const key = multiply(BASE8, scalar);
  return { scalar, nonce, key, message, signature: signWith(scalar, key, message, nonce) };
}

const challengeOf = ({ signature, key, message }: Known): bigint => refChallenge(signature.r8, key, message);
const withScalar = (one: Known, s: bigint): Known => ({ ...one, signature: { ...one.signature, s } });

/** The transcript that forgets the scalars. */
const forgetful: Change = { file, from: 'Transcript(n, n / 2 + 1)(h, s);', to: 'Transcript(n, n / 2 + 1)(h, h);' };

test('bounds_exact: more than 128, or an odd number, is not compiled', async () => {
  for (const n of [130, 3, 0]) {
    await assert.rejects(CircuitUnderTest.of(batchInstance(n)), /assert/i);
  }
  const sum = templateInstance('lib/aggregated_scalar.circom', 'AggregatedScalar', [129]);
  await assert.rejects(CircuitUnderTest.of(sum), /assert/i);
});

test('R_eq_3A_and_equal_R: points that meet each other are no obstacle', async () => {
  const circuit = await CircuitUnderTest.of(pair);
  const message = fr('equal');
  for (const both of [
    [signed(5n, 15n, message), signed(7n, 15n, message)],
    [signed(5n, 5n, message), signed(5n, 5n, message)],
    [signed(5n, SUBGROUP_ORDER - 5n, message), signed(SUBGROUP_ORDER - 5n, 15n, fr('other'))],
    [signed(1n, 1n, message), signed(1n, 0n, message)],
  ]) {
    await circuit.expectPass(batchInput(both));
  }
});

test('S_absorbed_differs_true_s: scalars that the transcript does not know cancel out', async () => {
  const all = [signed(5n, 77n, fr('one')), signed(7n, 78n, fr('two'))];
  const h = all.map(challengeOf);
  const [z0 = 0n, z1 = 0n] = refWeights(refTranscript(h, h, 2), 2);
  const wrong = all.map((one, i) => withScalar(one, modOrder(one.signature.s + (i ? -z0 : z1))));
  for (const { key, message, signature } of wrong) assert.equal(verify(key, message, signature), false);
  await expectGuarded(pair, [forgetful], batchInput(wrong));
});

test('mutant_omega_unbound_must_forge: an offset that the prover chooses makes an addition go astray', async () => {
  // Against a transcript that forgets the scalars, one wrong scalar is refused all the same, as long as omega is bound.
  // Omega unbound: put it where the sum meets a digit. The wrong scalar pays for what the free slope then adds.
  const { first, second, omega, slope, error } = meeting();
  const weight = weightsOf([first, second])[1] ?? 0n;
  const s = modOrder(second.signature.s - Field(SUBGROUP_ORDER).div(error, weight));
  const wrong = withScalar(second, s);
  assert.equal(verify(wrong.key, wrong.message, wrong.signature), false);
  const number = (omega + (1n << 240n) - 1n) / 2n;
  const lies: Change[] = [
    forgetful,
    { file, from: 'omegaBits[j] <-- (lanes[n / 2] >> j) & 1;', to: `omegaBits[j] <-- (${number} >> j) & 1;` },
    chosenSlope(slope),
    {
      file: 'lib/montgomery_sum.circom',
      from: 'slope[1] <-- slopes[1];',
      to: 'slope[1] <-- 2 * start[1] / (start[0] - middle) - slope[0];',
    },
  ];
  const guard: Change = { file, from: 'ChallengeLane()(lanes[n / 2], omegaNumber);', to: '' };
  await expectGuarded(pair, [guard], batchInput([first, wrong]), lies);
});

/** The weights that the forgetful transcript draws. */
function weightsOf(all: readonly Known[]): bigint[] {
  const h = all.map(challengeOf);
  return refWeights(refTranscript(h, h, 2), 2);
}

interface Meeting {
  readonly first: Known;
  readonly second: Known;
  /** offset at which StrausSum's running sum is the digit d that it adds next */
  readonly omega: bigint;
  /** with which that addition gives -d in place of 2d */
  readonly slope: bigint;
  /** what the result lacks thereby, as a multiple of Base8 */
  readonly error: bigint;
}

/** Two signatures whose sum can be made to meet a digit, and how. */
function meeting(): Meeting {
  const first = signed(5n, 77n, fr('victim'));
  // (from 0 the search takes half a minute, and ends here)
  for (let attempt = 515n; attempt < 3000n; attempt++) {
    const second = signed(7n + attempt, 78n + attempt, fr(`try ${attempt}`));
    let before = 0n; // what the digits so far come to, without omega
    for (const { digit, doublings, fused } of digitsOf([first, second])) {
      const residue = modOrder(digit * (1n << doublings) - before);
      const omega = residue < 1n << 250n ? residue : residue - SUBGROUP_ORDER;
      const isNumber = omega % 2n !== 0n && omega < 1n << 240n && omega > -(1n << 240n);
      const slope = isNumber && !fused ? slopeToNegative(digit) : undefined;
      if (slope !== undefined) return { first, second, omega, slope, error: 3n * digit * (1n << doublings) };
      before += digit * (1n << doublings);
    }
  }
  assert.fail('no sum met a digit');
}

/** StrausSum's digits in the order in which it adds them, as multiples of Base8. */
function* digitsOf(all: readonly Known[]): Generator<{ digit: bigint; doublings: bigint; fused: boolean }> {
  const rows = weightsOf(all).map((weight, i) => {
    const one = all[i];
    assert.ok(one);
    return {
      nonceDigits: refDigits(weight, 60).map((digit) => digit * one.nonce),
      keyDigits: refDigits(refProduct(weight, challengeOf(one)), 126, true).map((digit) => digit * one.scalar),
    };
  });
  for (let k = 253; k >= 0; k--) {
    for (const [i, { nonceDigits, keyDigits }] of rows.entries()) {
      const digit = k % 2 === 0 ? nonceDigits[k / 2] : keyDigits[(k - 3) / 2];
      if (digit !== undefined) yield { digit, doublings: BigInt(k), fused: i === 0 && k < 253 };
    }
  }
}

/** The slope of a line that "adds" a point to itself and gives its negative; undefined where there is none. */
function slopeToNegative(scalar: bigint): bigint | undefined {
  const [u] = multipleOfBase8(modOrder(scalar));
  return squareRoot(MONTGOMERY_A + 3n * u);
}
