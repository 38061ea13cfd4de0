// SPDX-License-Identifier: GPL-3.0-or-later
import { toHex as numberToHex } from 'viem';
import type { Attestation } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { parseProof, toSolidityProof, type ProofJson } from '../../protocol/proof.ts';
import type { SealedSet } from '../store/set-store.ts';

/** An attestation as `Attestation` of the contracts. */
export function attestationAbi({ setCommitment, sourceHeight, checkpoint }: Attestation) {
  return { setCommitment: numberToHex(setCommitment, { size: 32 }), sourceHeight, checkpoint };
}

/** A proof as `Proof` of the contracts. */
export function proofAbi(json: ProofJson) {
  const { a, b, c } = toSolidityProof(parseProof(json));
  return { a, b, c };
}

/** A sealed set as `SetRecord` of the contracts. */
export function setRecordAbi({ commitment, sealedAt, set }: SealedSet) {
  return { commitment, epoch: set.epoch, sealedAt, capacity: set.capacity };
}

/** All slots of a set as `Leaf`s, empty ones zero. */
export function leavesAbi({ set }: SealedSet) {
  return set.slots.map((slot) =>
    slot ? { keyX: slot.key.x, keyY: slot.key.y, stakeGwei: slot.stakeGwei } : { keyX: 0n, keyY: 0n, stakeGwei: 0n },
  );
}

/** A call that anyone can send. */
export interface Call {
  readonly contract: 'CheckpointLedger' | 'Coalition' | 'CometBftLedger' | 'StateReader';
  readonly method: string;
  readonly to: Hex;
  readonly data: Hex;
}
