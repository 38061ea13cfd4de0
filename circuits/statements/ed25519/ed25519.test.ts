// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ed25519 as noble } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { toHex } from '../../../protocol/bytes.ts';
import { InvalidFieldError } from '../../../protocol/errors.ts';
import { FR } from '../../../protocol/field.ts';
import { speaksOfSlots } from '../../../protocol/signature-slots.ts';
import { GROUP_ORDER } from '../../hints/ed25519/curve25519.ts';
import type { CircuitInput } from '../../statement-kind.ts';
import { attempt, bytes32, encoded, oddSignature, signed, times, TORSION, type Signed } from '../../testing/ed25519.ts';
import { Judge } from '../../testing/judge.ts';
import { buildEd25519StatementInputs, ed25519InputSchema, type Ed25519Slot } from './inputs.ts';
import { ed25519Accepts } from './model.ts';
import { slotInputs, slotSignals } from './slot-inputs.ts';
import { ed25519 } from './statement.ts';

const [circuit] = ed25519.circuits;
assert.ok(circuit);

let judge: Judge;
before(async () => {
  const publicSignals = ed25519.publicSignals.map(({ name }) => name);
  judge = await Judge.of({ ...ed25519, ...circuit, publicSignals }, (input) => ed25519Accepts(2, input));
});

const ofLength = (secret: number, length: number): Signed => signed(secret, 'x'.repeat(length));
const slotOf = ({ key, message, signature }: Signed): Ed25519Slot => ({
  key: toHex(key),
  message: toHex(message),
  signature: toHex(signature),
});
const build = (...all: readonly Signed[]): CircuitInput =>
  buildEd25519StatementInputs(circuit, { slots: all.map(slotOf) });

/** What a prover would try for signatures that are not valid, or data that is not theirs. */
function tried(pair: readonly Signed[], about: readonly Signed[] = pair): CircuitInput {
  const slots = about.map((one) => ({ ...slotOf(one), nonce: toHex(one.signature.slice(0, 32)) }));
  const { a: _a, r: _r, h: _h, ...hints } = attempt(pair.map(encoded)).inputs;
  return { ...slotSignals(slots), ...slotInputs(slots), ...hints };
}

test('exact constraint count', () => {
  assert.equal(judge.circuit.r1cs.constraints, circuit.constraints);
  assert.equal(judge.circuit.r1cs.publicInputs, 3);
});

describe('accepts', () => {
  test('messages of one block and of two, of the extreme lengths', async () => {
    for (const [first, second] of [
      [0, 175],
      [47, 48],
      [109, 33],
    ] as const) {
      const pair = [ofLength(1, first), ofLength(2, second)];
      const input = build(...pair);
      await judge.says(true, { input });
      const { digest, challenge, evaluation } = input;
      assert.ok(typeof digest === 'bigint' && typeof challenge === 'bigint' && typeof evaluation === 'bigint');
      assert.equal(speaksOfSlots([digest, challenge, evaluation], pair.map(slotOf), 2), true);
    }
  });
  test('one signature, which fills both slots', async () => {
    const one = ofLength(3, 110);
    const input = build(one);
    await judge.says(true, { input });
    assert.deepEqual(input, build(one, one));
  });
  test('what ZIP-215 accepts and other rules do not', async () => {
    const [, order2 = TORSION[0]] = TORSION;
    assert.ok(order2);
    const odd = [
      oddSignature({ key: 5n }), // R the identity
      oddSignature({ key: 5n, nonce: 7n, nonceTorsion: order2 }),
      oddSignature({ key: 5n, keyTorsion: order2, nonce: 7n }),
      oddSignature({ key: 5n, nonceBytes: bytes32((1n << 255n) - 18n) }), // R with y = p + 1
    ];
    for (const one of odd) {
      const { key, message, signature } = one;
      assert.equal(noble.verify(signature, message, key, { zip215: true }), true);
      await judge.says(true, { input: build(one, ofLength(1, 5)) });
    }
  });
});

describe('refuses', () => {
  const pair = [ofLength(1, 100), ofLength(2, 110)] as const;
  for (const name of ['digest', 'challenge', 'evaluation'] as const) {
    test(`another ${name}`, async () => {
      const input = build(...pair);
      await judge.refuses({ input: { ...input, [name]: ((input[name] as bigint) + 1n) % FR } }, 'Ed25519');
    });
  }
  test('a message that was not signed, whatever the hints', async () => {
    const [first, second] = pair;
    const other = { ...second, message: ofLength(2, 111).message };
    await judge.says(false, { input: tried([first, other]) });
    await judge.says(false, { input: tried([first, second], [first, other]) });
    assert.throws(() => build(first, other), InvalidFieldError);
  });
  test("another's key", async () => {
    const [first, second] = pair;
    await judge.says(false, { input: tried([first, { ...second, key: first.key }]) });
    await judge.says(false, { input: tried([{ ...first, key: second.key }, second]) });
  });
  test('signatures in the other slot', async () => {
    const [first, second] = pair;
    const crossed = [
      { ...first, signature: second.signature },
      { ...second, signature: first.signature },
    ];
    await judge.says(false, { input: tried(crossed) });
  });
  test('s + L', async () => {
    const [first, second] = pair;
    const input = build(...pair);
    const s = (input.s as bigint[][]).map((row) => [...row]);
    const above = s.map((row) => row.reduce((sum, limb, i) => sum + (limb << BigInt(32 * i)), 0n) + GROUP_ORDER);
    s[1] = Array.from({ length: 8 }, (_, i) => ((above[1] ?? 0n) >> BigInt(32 * i)) & 0xffffffffn);
    await judge.says(false, { input: { ...input, s } });
    const signature = Uint8Array.from([...second.signature.slice(0, 32), ...bytes32(above[1] ?? 0n)]);
    assert.throws(() => build(first, { ...second, signature }), /\.s: expected a scalar below the group order/);
  });
  test('a cofactorless equation is not asked for, a wrong one is refused', async () => {
    // R off by a point of order L: not even 8 times the equation holds.
    const [first] = pair;
    const r = times(noble.Point.BASE, 12345n).toBytes();
    const h = BigInt(toHex(sha512(Uint8Array.from([...r, ...first.key, ...first.message])).reverse()));
    const s = bytes32((h + 1n) % GROUP_ORDER);
    await judge.says(false, { input: tried([{ ...first, signature: Uint8Array.from([...r, ...s]) }, pair[1]]) });
  });
});

describe('inputs', () => {
  const slot = slotOf(ofLength(1, 10));
  test('as many slots as the circuit has, at least one', () => {
    assert.throws(() => build(), /slots: expected 1 to 2 slots/);
    assert.throws(() => build(...[1, 2, 3].map((secret) => ofLength(secret, 1))), /slots: expected 1 to 2 slots/);
  });
  test('schema', () => {
    const parses = (value: unknown): boolean => ed25519InputSchema.safeParse(value).success;
    assert.equal(parses({ slots: [slot] }), true);
    assert.equal(parses({ slots: [{ ...slot, message: '0x' }] }), true);
    assert.equal(parses({ slots: [{ ...slot, message: `0x${'00'.repeat(175)}` }] }), true);
    assert.equal(parses({ slots: [] }), false);
    assert.equal(parses({ slots: Array.from({ length: 16 }, () => slot) }), false);
    for (const bad of [
      { key: slot.key.slice(0, -2) },
      { key: `${slot.key}00` },
      { key: slot.key.toUpperCase().replace('0X', '0x') },
      { message: `0x${'00'.repeat(176)}` },
      { message: '0x0' },
      { message: '00' },
      { signature: slot.signature.slice(0, -2) },
      { extra: 1 },
    ]) {
      assert.equal(parses({ slots: [{ ...slot, ...bad }] }), false, JSON.stringify(bad));
    }
  });
});
