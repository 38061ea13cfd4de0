// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import type { Checkpoint } from './attestation.ts';
import type { Hex } from './bytes.ts';

const CHECKPOINT = parseAbiParameters('bytes31, uint64, bytes32, bytes32, uint64');

/** Under what a ledger holds a checkpoint: keccak256(abi.encode(checkpoint)), `Attestations.digest`. */
export function checkpointDigest({ chainKey, height, blockHash, stateRoot, timestamp }: Checkpoint): Hex {
  return keccak256(encodeAbiParameters(CHECKPOINT, [chainKey, height, blockHash, stateRoot, timestamp]));
}
