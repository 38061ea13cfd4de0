// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { fromHex, toHex } from '../bytes.ts';
import { NIL_BLOCK_ID, type BlockId } from './block-id.ts';
import { testBlockId } from './testing/generated-chain.ts';
import { END_OF_TIME_NS, NANOSECONDS, timeFromText, ZERO_TIME_NS, type TimeNs } from './timestamp.ts';
import { PRECOMMIT, PREVOTE, voteSignBytes, type Vote } from './vote.ts';

const at = (text: string): TimeNs => {
  const time = timeFromText(text);
  assert.ok(time !== undefined, text);
  return time;
};

const blockId: BlockId = { hash: `0x${'ab'.repeat(32)}`, parts: { total: 2, hash: `0x${'cd'.repeat(32)}` } };
const vote: Vote = { type: PRECOMMIT, height: 8_619_996n, round: 0, blockId, timeNs: at('2021-12-08T01:51:46.1Z') };
const ID = `0a20${'ab'.repeat(32)}12240802 1220${'cd'.repeat(32)}`;

/** The expected bytes written out: field numbers, wire types and lengths. */
const byHand: readonly [name: string, chainId: string, vote: Vote, hex: string][] = [
  [
    'a precommit',
    'cosmoshub-4',
    vote,
    // type 2; height 8619996 = 0x8387dc; block id of 72 bytes; 1638928306 s and 100000000 ns; chain id of 11 bytes
    `6f 0802 11dc87830000000000 2248${ID} 2a0b08b29fc08d061080c2d72f 320b 636f736d6f736875622d34`,
  ],
  [
    'a prevote in round 1 for no block',
    'c',
    { ...vote, type: PREVOTE, round: 1, blockId: NIL_BLOCK_ID, timeNs: 0n },
    '19 0801 11dc87830000000000 190100000000000000 2a00 320163',
  ],
  [
    'no nanoseconds, the second before 1970, height 2^63 - 1, 128 parts',
    'c',
    {
      ...vote,
      height: 2n ** 63n - 1n,
      timeNs: -NANOSECONDS,
      blockId: { ...blockId, parts: { ...blockId.parts, total: 128 } },
    },
    `66 0802 11ffffffffffffff7f 2249${ID.replace('12240802', '1225088001')} 2a0b08ffffffffffffffffff01 320163`,
  ],
  [
    'half a second before 1970: the second before and half of one after',
    'c',
    { ...vote, blockId: NIL_BLOCK_ID, timeNs: -NANOSECONDS / 2n },
    '21 0802 11dc87830000000000 2a1108ffffffffffffffffff01 1080cab5ee01 320163',
  ],
];

for (const [name, chainId, signed, hex] of byHand) {
  test(`sign bytes written by hand: ${name}`, () => {
    assert.equal(toHex(voteSignBytes(chainId, signed)), `0x${hex.replaceAll(' ', '')}`);
  });
}

const ascii = (text: string): number[] => [...Buffer.from(text, 'ascii')];

/** Base 128, least group first, two's complement of 64 bits for a negative number (protobuf, "Encoding"). */
function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

const delimited = (bytes: readonly number[]): number[] => [...varint(BigInt(bytes.length)), ...bytes];
const fixed64 = (value: bigint): number[] =>
  Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** The same message by an encoding of our own that knows no protobuf library. */
function reference(chainId: string, { type, height, round, blockId: id, timeNs }: Vote): number[] {
  const seconds = timeNs >= 0n ? timeNs / NANOSECONDS : -((NANOSECONDS - 1n - timeNs) / NANOSECONDS);
  const nanos = timeNs - seconds * NANOSECONDS;
  const parts = [0x08, ...varint(BigInt(id.parts.total)), 0x12, ...delimited([...fromHex(id.parts.hash)])];
  return delimited([
    ...[0x08, type],
    ...[0x11, ...fixed64(height)],
    ...(round === 0 ? [] : [0x19, ...fixed64(BigInt(round))]),
    ...(id.hash === '0x' ? [] : [0x22, ...delimited([0x0a, 0x20, ...fromHex(id.hash), 0x12, ...delimited(parts)])]),
    0x2a,
    ...delimited([
      ...(seconds === 0n ? [] : [0x08, ...varint(seconds)]),
      ...(nanos === 0n ? [] : [0x10, ...varint(nanos)]),
    ]),
    ...[0x32, ...delimited(ascii(chainId))],
  ]);
}

const int32 = (min: number): fc.Arbitrary<number> => fc.integer({ min, max: 2 ** 31 - 1 });
const anyVote: fc.Arbitrary<Vote> = fc.record({
  type: fc.constantFrom(PREVOTE, PRECOMMIT),
  height: fc.oneof(fc.constantFrom(1n, 127n, 128n, 2n ** 63n - 1n), fc.bigInt({ min: 1n, max: 2n ** 63n - 1n })),
  round: fc.oneof(fc.constant(0), int32(1)),
  blockId: fc.oneof(
    fc.constant(NIL_BLOCK_ID),
    fc
      .constantFrom(1, 127, 128, 2 ** 14, 2 ** 32 - 1)
      .map((total) => ({ ...testBlockId('a'), parts: { total, hash: testBlockId('a').parts.hash } })),
  ),
  timeNs: fc.oneof(
    fc.constantFrom(ZERO_TIME_NS, -1n, 0n, 1n, NANOSECONDS, END_OF_TIME_NS - 1n),
    fc.bigInt({ min: ZERO_TIME_NS, max: END_OF_TIME_NS - 1n }),
  ),
});
const anyChainId = fc.string({ unit: fc.constantFrom(...'abcz-019'), minLength: 1, maxLength: 50 });

test('sign bytes are those of an independent encoding, and at most 171', () => {
  fc.assert(
    fc.property(anyChainId, anyVote, (chainId, signed) => {
      const bytes = voteSignBytes(chainId, signed);
      assert.equal(toHex(bytes), toHex(Uint8Array.from(reference(chainId, signed))));
      assert.ok(bytes.length <= 171, `${bytes.length} bytes`);
    }),
    { numRuns: 2_000 },
  );
});

const longest: Vote = {
  type: PRECOMMIT,
  height: 1n,
  round: 1,
  blockId: { ...blockId, parts: { ...blockId.parts, total: 2 ** 32 - 1 } },
  timeNs: ZERO_TIME_NS + 999_999_999n,
};
const lengths: readonly [name: string, chainId: string, vote: Vote, length: number][] = [
  ['as usual', 'cosmoshub-4', vote, 112],
  ['in the last nanosecond', 'cosmoshub-4', { ...vote, timeNs: at('2021-12-08T01:51:46.999999999Z') }, 113],
  ['without nanoseconds', 'cosmoshub-4', { ...vote, timeNs: at('2021-12-08T01:51:46Z') }, 107],
  ['in round 1', 'cosmoshub-4', { ...vote, round: 1 }, 121],
  ['of 128 parts', 'cosmoshub-4', { ...vote, blockId: { ...blockId, parts: { ...blockId.parts, total: 128 } } }, 113],
  ['before 1970', 'cosmoshub-4', { ...vote, timeNs: ZERO_TIME_NS + 1n }, 114],
  ['the longest there is', 'x'.repeat(50), longest, 171],
  [
    'for no block, the shortest of a hub',
    'cosmoshub-4',
    { ...vote, blockId: NIL_BLOCK_ID, timeNs: at('2021-12-08T01:51:46Z') },
    33,
  ],
];
for (const [name, chainId, signed, length] of lengths) {
  test(`sign bytes ${name}: ${length}`, () => assert.equal(voteSignBytes(chainId, signed).length, length));
}
