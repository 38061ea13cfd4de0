// SPDX-License-Identifier: GPL-3.0-or-later

/** The structs that the contracts share (contracts/src/interfaces/Types.sol), for viem's `parseAbi`. */
export const STRUCTS = [
  'struct Checkpoint { bytes31 chainKey; uint64 height; bytes32 blockHash; bytes32 stateRoot; uint64 timestamp; }',
  'struct Attestation { bytes32 setCommitment; uint64 sourceHeight; Checkpoint checkpoint; }',
  'struct Proof { uint256[2] a; uint256[2][2] b; uint256[2] c; }',
  'struct SetRecord { uint256 commitment; uint64 epoch; uint64 sealedAt; uint8 capacity; }',
] as const;
