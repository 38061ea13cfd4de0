// SPDX-License-Identifier: GPL-3.0-or-later
import { attestationMessage, type Attestation } from '../../protocol/attestation.ts';
import { toHex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { Domain } from '../../protocol/domain.ts';
import { toFr } from '../../protocol/field.ts';
import type { VerifiedAttestation } from '../store/attestation-store.ts';

/** A vote in small numbers, for models; `fork` tells checkpoints of one height apart. */
export interface ModelVote {
  readonly validator: number;
  readonly chain: number;
  readonly source: number;
  readonly target: number;
  readonly fork: number;
}

const DOMAIN = toHex(new Uint8Array(31).fill(7)) as Domain;

/** Heights lie around 2^62, where a double no longer tells neighbours apart. */
const BASE = 1n << 62n;

/** What the store is handed for a vote; it checks no signature, so none is made. */
export function toVerified(vote: ModelVote): VerifiedAttestation {
  const attestation: Attestation = {
    setCommitment: toFr(77n, 'setCommitment'),
    sourceHeight: BASE + BigInt(vote.source),
    checkpoint: {
      chainKey: toHex(new Uint8Array(31).fill(vote.chain + 1)) as ChainKey,
      height: BASE + BigInt(vote.target),
      blockHash: toHex(new Uint8Array(32).fill(vote.fork)),
      stateRoot: toHex(new Uint8Array(32).fill(9)),
      timestamp: BigInt(vote.target),
    },
  };
  return {
    attestation,
    message: attestationMessage(DOMAIN, attestation),
    key: { x: BigInt(vote.validator) + 1n, y: 5n },
    slot: vote.validator % 128,
    signature: { r8: { x: 1n, y: 2n }, s: 3n },
    stakeGwei: 1n,
    totalGwei: 1_000n,
  };
}

/** By definition, two at a time. */
export function conflicts(a: ModelVote, b: ModelVote): boolean {
  if (a.validator !== b.validator || a.chain !== b.chain) return false;
  if (a.target === b.target) return a.fork !== b.fork;
  return (a.source < b.source && b.target < a.target) || (b.source < a.source && a.target < b.target);
}

/** Small fast generator (mulberry32): the same numbers from the same seed, in every process. */
export function random(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

export function shuffle<T>(items: T[], next: (below: number) => number): T[] {
  for (let i = items.length - 1; i > 0; i--) {
    const j = next(i + 1);
    const [a, b] = [items[i], items[j]];
    if (a !== undefined && b !== undefined) [items[i], items[j]] = [b, a];
  }
  return items;
}
