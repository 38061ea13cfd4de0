// SPDX-License-Identifier: GPL-3.0-or-later
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { fromHex, toHex, type Hex } from '../../bytes.ts';
import { NIL_BLOCK_ID, type BlockId } from '../block-id.ts';
import { commitSignBytes, type Commit, type CommitSignature, type SignedHeader } from '../commit.ts';
import type { SignedVote } from '../duplicate-vote.ts';
import { headerHash, type Header } from '../header.ts';
import { NANOSECONDS, type TimeNs } from '../timestamp.ts';
import { validatorAddress, validatorSet, validatorsHash, type ValidatorSet } from '../validator-set.ts';
import { voteSignBytes, type Vote } from '../vote.ts';

export const TEST_CHAIN = 'phalanx-test-1';

/** 2024-01-01T00:00:00Z. */
export const TEST_TIME_NS: TimeNs = 1_704_067_200n * NANOSECONDS;

/** A validator whose secret we know. */
export interface TestValidator {
  /** 32 bytes */
  readonly secret: Uint8Array;
  readonly key: Hex;
  readonly address: Hex;
  readonly power: bigint;
}

/** Bytes that look random and are the same for the same seed. @returns 32 bytes */
export function seeded(seed: string): Uint8Array {
  return sha256(new TextEncoder().encode(seed));
}

/** Deriving a key is dear, and property tests ask for the same ones again and again. */
const known = new Map<string, Omit<TestValidator, 'power'>>();

/** A validator with a key of its own for each seed. */
export function testValidator(seed: string, power: bigint): TestValidator {
  let identity = known.get(seed);
  if (!identity) {
    const secret = seeded(seed);
    const key = toHex(ed25519.getPublicKey(secret));
    identity = { secret, key, address: validatorAddress(key) };
    known.set(seed, identity);
  }
  return { ...identity, power };
}

/** Validators with these powers, in a chain's order: power falling, then address rising. */
export function testValidators(seed: string, powers: readonly bigint[]): readonly TestValidator[] {
  return inChainOrder(powers.map((power, i) => testValidator(`${seed}/${i}`, power)));
}

export function inChainOrder(validators: readonly TestValidator[]): readonly TestValidator[] {
  return [...validators].sort((a, b) =>
    a.power !== b.power ? (a.power > b.power ? -1 : 1) : a.address < b.address ? -1 : 1,
  );
}

export function setOf(validators: readonly TestValidator[]): ValidatorSet {
  return validatorSet(validators.map(({ key, power }) => ({ key, power })));
}

export interface TestBlock {
  readonly chainId?: string;
  readonly height: bigint;
  readonly round?: number;
  /** default: ten seconds a height */
  readonly timeNs?: TimeNs;
  readonly validators: readonly TestValidator[];
  /** the set of the next height; default: the same */
  readonly next?: readonly TestValidator[];
  /** what the validator at a place did; default: voted for the block */
  readonly flag?: (index: number) => CommitSignature['flag'];
  /** of the vote at a place; default: a little after the block's, different for each */
  readonly voteTimeNs?: (index: number) => TimeNs;
  /** default: one of no state */
  readonly appHash?: Hex;
  /** default: of some evidence */
  readonly evidenceHash?: Hex;
  /** makes blocks of one height differ */
  readonly fork?: string;
  readonly partsTotal?: number;
}

/** A block's header and the commit that its validators signed. */
export function testBlock(block: TestBlock): SignedHeader {
  const header = testHeader(block);
  const { partsTotal: total = 1, fork = '' } = block;
  const parts = { total, hash: toHex(seeded(`parts/${header.height}/${fork}`)) };
  return { header, commit: testCommit(block, header, { hash: headerHash(header), parts }) };
}

function testHeader(block: TestBlock): Header {
  const { chainId = TEST_CHAIN, height, validators, next = validators, fork = '' } = block;
  const hash = (field: string): Hex => toHex(seeded(`${field}/${height}/${fork}`));
  return {
    version: { block: 11n, app: 0n },
    chainId,
    height,
    timeNs: block.timeNs ?? TEST_TIME_NS + 10n * height * NANOSECONDS,
    lastBlockId: height === 1n ? NIL_BLOCK_ID : { hash: hash('last'), parts: { total: 1, hash: hash('lastParts') } },
    lastCommitHash: hash('lastCommit'),
    dataHash: hash('data'),
    validatorsHash: validatorsHash(setOf(validators)),
    nextValidatorsHash: validatorsHash(setOf(next)),
    consensusHash: hash('consensus'),
    appHash: block.appHash ?? hash('app'),
    lastResultsHash: hash('lastResults'),
    evidenceHash: block.evidenceHash ?? hash('evidence'),
    proposerAddress: validators[0]?.address ?? '0x',
  };
}

/** The commit of `header`'s validators for a block id, which need not be the header's own. */
export function testCommit(
  { chainId = TEST_CHAIN, round = 0, validators, flag = () => 'commit', voteTimeNs }: TestBlock,
  { height, timeNs }: Header,
  blockId: BlockId,
): Commit {
  const commit = { height, round, blockId, signatures: [] };
  const signatures = validators.map(({ secret, address }, index): CommitSignature => {
    const voted = flag(index);
    if (voted === 'absent') return { flag: voted };
    const unsigned = {
      flag: voted,
      address,
      timeNs: voteTimeNs?.(index) ?? timeNs + BigInt(index * 1_000_003),
      signature: '0x' as Hex,
    };
    return { ...unsigned, signature: toHex(ed25519.sign(commitSignBytes(chainId, commit, unsigned), secret)) };
  });
  return { ...commit, signatures };
}

/** A validator's vote, signed. */
export function testVote(validator: TestValidator, vote: Vote, chainId = TEST_CHAIN): SignedVote {
  const signature = toHex(ed25519.sign(voteSignBytes(chainId, vote), validator.secret));
  return { ...vote, address: validator.address, signature };
}

/** A whole block id, another one for each name. */
export function testBlockId(name: string): BlockId {
  return { hash: toHex(seeded(`block/${name}`)), parts: { total: 1, hash: toHex(seeded(`parts/${name}`)) } };
}

/** The same with one bit of it flipped. */
export function flipBit(hex: Hex, bit = 0): Hex {
  const bytes = fromHex(hex);
  bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return toHex(bytes);
}
