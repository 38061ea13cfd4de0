// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../../../protocol/bytes.ts';
import type { Instance } from '../../compile.ts';
import type { CircuitInput } from '../../statement-kind.ts';
import { Draw } from '../../testing/draw.ts';
import { expectGuarded } from '../../testing/forgery.ts';
import { CircuitUnderTest } from '../../testing/harness.ts';
import { templateInstance } from '../../testing/template-instance.ts';

const MAX_BYTES = 175;
const FILE = 'lib/sha2/sha512_challenge.circom';
const ofBytes = (maxBytes: number): Instance =>
  templateInstance('testing/sha2_cases.circom', 'Sha512ChallengeOfBits', [maxBytes]);
const instance = ofBytes(MAX_BYTES);
const draw = new Draw('challenge');
const randomBytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Number(draw.below(256n)));
const byteBits = (byte: number): bigint[] => Array.from({ length: 8 }, (_, i) => BigInt((byte >> i) & 1));
const bitsOf = (bytes: Uint8Array): bigint[] => [...bytes].flatMap(byteBits);

interface Hashed {
  readonly r: Uint8Array;
  readonly a: Uint8Array;
  /** message, 0x80, zeros: 176 bytes */
  readonly padded: Uint8Array;
}

function padded(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(MAX_BYTES + 1);
  bytes.set(message);
  bytes[message.length] = 0x80;
  return bytes;
}
const hashed = (message: Uint8Array): Hashed => ({ r: randomBytes(32), a: randomBytes(32), padded: padded(message) });
const inputOf = ({ r, a, padded: bytes }: Hashed): CircuitInput => ({
  r: bitsOf(r),
  a: bitsOf(a),
  padded: [...bytes].map(byteBits),
});

/** Digest and length, as the outputs have them. */
function outputs(witness: readonly bigint[]): { digest: Uint8Array; length: number } {
  const ended = witness.slice(1, 2 + MAX_BYTES);
  const h = witness.slice(2 + MAX_BYTES, 514 + MAX_BYTES);
  const digest = Uint8Array.from({ length: 64 }, (_, k) =>
    h.slice(8 * k, 8 * k + 8).reduce((sum, bit, i) => sum + (Number(bit) << i), 0),
  );
  const length = ended.filter((one) => one === 0n).length;
  assert.deepEqual(ended, [...Array<bigint>(length).fill(0n), ...Array<bigint>(MAX_BYTES + 1 - length).fill(1n)]);
  return { digest, length };
}

let circuit: CircuitUnderTest;
before(async () => {
  circuit = await CircuitUnderTest.of(instance);
});

test('exact constraint count', () => {
  assert.equal(circuit.r1cs.constraints, 82_548);
});

test('sha-padding-every-length: 0 to 175', async () => {
  for (let length = 0; length <= MAX_BYTES; length++) {
    const message = randomBytes(length);
    // As like padding as a message can be.
    if (length % 3 === 1) message.fill(0, length >> 1).fill(0x80, length - 1);
    if (length % 3 === 2) message.fill(length % 2 ? 0xff : 0);
    const one = hashed(message);
    const { digest, length: found } = outputs(await circuit.witness(inputOf(one)));
    assert.equal(found, length);
    assert.deepEqual(digest, sha512(concatBytes(one.r, one.a, message)), `length ${length}`);
  }
});

test('jacobian_full_rank_each_template: Sha512Challenge, a message of one block and one of two', async () => {
  for (const length of [47, 109]) await circuit.expectDetermined(inputOf(hashed(randomBytes(length))));
});

describe('padding', () => {
  const spoiled: Readonly<Record<string, (bytes: Uint8Array) => void>> = {
    none: (bytes) => void bytes.fill(0x7f),
    'all zero': (bytes) => void bytes.fill(0),
    'marker is not 0x80 alone': (bytes) => void (bytes[60] = 0x81),
    'something after the marker': (bytes) => void (bytes[61] = 1),
    'something far after the marker': (bytes) => void (bytes[MAX_BYTES] = 0x40),
    'where a short one has its length': (bytes) => void (bytes[63] = 8),
  };
  for (const [name, spoil] of Object.entries(spoiled)) {
    test(`refused: ${name}`, async () => {
      const one = hashed(randomBytes(60));
      spoil(one.padded);
      await circuit.expectFail(inputOf(one), 'Sha512Challenge');
    });
  }
  test('a longer padding is another message: the digest has its bytes', async () => {
    const one = hashed(randomBytes(60));
    one.padded[90] = 0x80;
    const { digest, length } = outputs(await circuit.witness(inputOf(one)));
    assert.equal(length, 90);
    assert.deepEqual(digest, sha512(concatBytes(one.r, one.a, one.padded.subarray(0, 90))));
  });
});

describe('guards', () => {
  // What is hashed to, and in how many rounds, is nothing to the padding: mutants hash in 20.
  const short = {
    file: 'lib/sha2/sha2_constants.circom',
    from: 'return wordBits == 64 ? 80 : 64;',
    to: 'return wordBits == 64 ? 20 : 64;',
  };
  test('bytes after the marker are zero', async () => {
    const one = hashed(randomBytes(60));
    one.padded[100] = 1;
    await expectGuarded(instance, [{ file: FILE, from: 'ended[j] * rest === 0;', to: '' }], inputOf(one), [short]);
  });
  test('there is a marker', async () => {
    const one = hashed(new Uint8Array());
    one.padded.fill(0);
    const guard = { file: FILE, from: 'ended[0] * (1 - padded[0][7]) === 0;', to: '' };
    await expectGuarded(instance, [guard], inputOf(one), [short]);
  });
});

test('a message that no two blocks hold is not compiled', async () => {
  for (const maxBytes of [62, 176]) {
    await assert.rejects(CircuitUnderTest.of(ofBytes(maxBytes)), /assert/i);
  }
});
