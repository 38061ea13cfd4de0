// SPDX-License-Identifier: GPL-3.0-or-later
import { concatBytes, fromBytesBE, fromHex, sha256Trunc31, toBytesBE, type Hex } from './bytes.ts';
import type { ChainKey } from './chain.ts';
import type { Domain } from './domain.ts';
import { InvalidFieldError } from './errors.ts';
import { toFr, type Fr } from './field.ts';

/** What a source chain finalised. */
export interface Checkpoint {
  readonly chainKey: ChainKey;
  /** u64, a multiple of the chain's registered interval */
  readonly height: bigint;
  /** 32 bytes */
  readonly blockHash: Hex;
  /** 32 bytes */
  readonly stateRoot: Hex;
  /** u64, seconds since 1970 */
  readonly timestamp: bigint;
}

/** What a validator signs, besides the domain: that `checkpoint` follows the quorum at `sourceHeight`. */
export interface Attestation {
  /** of the set that the signer votes in */
  readonly setCommitment: Fr;
  /** u64, height of the latest checkpoint that already has a quorum; below `checkpoint.height` */
  readonly sourceHeight: bigint;
  readonly checkpoint: Checkpoint;
}

/** Length of an attestation's canonical bytes. */
export const ATTESTATION_BYTES = 182;

/**
 * Canonical bytes, 182: domain (31), set commitment (32), source height (8), chain key (31), height (8), block hash
 * (32), state root (32), timestamp (8). Integers are big-endian. `Attestations.sol` builds the same.
 * @throws InvalidFieldError when a number does not fit or source >= target
 */
export function attestationBytes(domain: Domain, attestation: Attestation): Uint8Array {
  const { checkpoint, sourceHeight, setCommitment } = attestation;
  if (sourceHeight >= checkpoint.height) throw new InvalidFieldError('sourceHeight', 'a height below the checkpoint');
  return concatBytes(
    fixed(domain, 31, 'domain'),
    toBytesBE(toFr(setCommitment, 'setCommitment'), 32, 'setCommitment'),
    toBytesBE(sourceHeight, 8, 'sourceHeight'),
    fixed(checkpoint.chainKey, 31, 'checkpoint.chainKey'),
    toBytesBE(checkpoint.height, 8, 'checkpoint.height'),
    fixed(checkpoint.blockHash, 32, 'checkpoint.blockHash'),
    fixed(checkpoint.stateRoot, 32, 'checkpoint.stateRoot'),
    toBytesBE(checkpoint.timestamp, 8, 'checkpoint.timestamp'),
  );
}

/** M: the first 31 bytes of SHA-256 over the canonical bytes, as an integer below 2^248. */
export function attestationMessage(domain: Domain, attestation: Attestation): Fr {
  return toFr(fromBytesBE(sha256Trunc31(attestationBytes(domain, attestation))), 'message');
}

export function sameCheckpoint(a: Checkpoint, b: Checkpoint): boolean {
  return (
    a.chainKey === b.chainKey &&
    a.height === b.height &&
    a.blockHash === b.blockHash &&
    a.stateRoot === b.stateRoot &&
    a.timestamp === b.timestamp
  );
}

/** How two attestations by one key contradict each other. */
export type Conflict = 'double-vote' | 'surround-vote';

/**
 * The offence that one key commits by signing both, in either order (Casper FFG, the two slashing conditions).
 * The same checkpoint signed again under a newer source or set is none. Both must be of one domain.
 */
export function conflictOf(a: Attestation, b: Attestation): Conflict | undefined {
  if (a.checkpoint.chainKey !== b.checkpoint.chainKey) return undefined;
  if (a.checkpoint.height === b.checkpoint.height) {
    return sameCheckpoint(a.checkpoint, b.checkpoint) ? undefined : 'double-vote';
  }
  return surrounds(a, b) || surrounds(b, a) ? 'surround-vote' : undefined;
}

function surrounds(outer: Attestation, inner: Attestation): boolean {
  return outer.sourceHeight < inner.sourceHeight && inner.checkpoint.height < outer.checkpoint.height;
}

function fixed(hex: Hex, length: number, label: string): Uint8Array {
  const bytes = fromHex(hex);
  if (bytes.length !== length) throw new InvalidFieldError(label, `${length} bytes`);
  return bytes;
}
