// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// A block that a source chain finalised.
/// @param chainKey   first 31 bytes of SHA-256(CAIP-2 id || genesis block hash)
/// @param height     block number, a multiple of the chain's registered interval
/// @param timestamp  the block's own, in seconds
struct Checkpoint {
    bytes31 chainKey;
    uint64 height;
    bytes32 blockHash;
    bytes32 stateRoot;
    uint64 timestamp;
}

/// What a validator signs, less the domain, which every contract fixes for itself.
/// @param setCommitment  commitment of the validator set that votes, < FR
/// @param sourceHeight   height of the latest checkpoint that already had a quorum
struct Attestation {
    bytes32 setCommitment;
    uint64 sourceHeight;
    Checkpoint checkpoint;
}

/// A Groth16 proof over BN254, coordinates in EIP-197's order (b's pairs are imaginary part first).
struct Proof {
    uint256[2] a;
    uint256[2][2] b;
    uint256[2] c;
}

/// A validator set as the hub's Coalition sealed it.
/// @param commitment  Poseidon(root, capacity, epoch), < FR; it binds the epoch
/// @param epoch       1 for the first
/// @param sealedAt    the hub's block timestamp at sealing, in seconds
/// @param capacity    16, 64 or 128
struct SetRecord {
    uint256 commitment;
    uint64 epoch;
    uint64 sealedAt;
    uint8 capacity;
}
