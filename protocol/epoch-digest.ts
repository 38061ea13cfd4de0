// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, keccak256, parseAbiParameters } from 'viem';
import type { Hex } from './bytes.ts';

/** ERC-7201 slot of `phalanx.coalition.epochs`, where the hub's Coalition keeps its epochs' digests. */
const EPOCHS_SLOT: Hex = '0x9ed3d95cbc381b6a6ea82513188a0b636fd8e48b589eecf15d2766458ead8900';

/** A sealed validator set as far as its digest binds it; the epoch is the storage key. */
export interface Sealing {
  readonly commitment: bigint;
  readonly capacity: number;
  /** the hub's time, seconds */
  readonly sealedAt: bigint;
}

/** Where the hub's Coalition stores an epoch's digest (contracts/src/lib/EpochDigests.sol). */
export function epochSlot(epoch: bigint): Hex {
  return keccak256(encodeAbiParameters(parseAbiParameters('uint256, bytes32'), [epoch, EPOCHS_SLOT]));
}

/** What it stores there: keccak256(abi.encode(commitment, capacity, sealedAt)). */
export function epochDigest({ commitment, capacity, sealedAt }: Sealing): Hex {
  return keccak256(encodeAbiParameters(parseAbiParameters('uint256, uint8, uint64'), [commitment, capacity, sealedAt]));
}
