// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity ^0.8.24;

// Stand-ins with the real contracts' interfaces and none of their checks: what the relayer, the attester and the watcher
// do with answers is tested here; the contracts themselves have their own tests.

struct Checkpoint {
    bytes31 chainKey;
    uint64 height;
    bytes32 blockHash;
    bytes32 stateRoot;
    uint64 timestamp;
}

struct Attestation {
    bytes32 setCommitment;
    uint64 sourceHeight;
    Checkpoint checkpoint;
}

struct Proof {
    uint256[2] a;
    uint256[2][2] b;
    uint256[2] c;
}

contract TestLedger {
    struct Entry {
        address verifier;
        bytes4 kind;
        uint8 capacity;
        uint8 signalCount;
        uint40 retiresAt;
    }

    struct Chain {
        uint32 interval;
        uint32 generation;
        uint64 headHeight;
        uint64 headTimestamp;
        uint8 freeze;
        uint48 freezeEndsAt;
    }

    struct Policy {
        uint16 share;
        uint48 trustingPeriod;
        uint48 evidenceWindow;
        uint48 maxDrift;
        uint48 freezeDuration;
        uint48 freezeCooldown;
    }

    struct SetRecord {
        uint256 commitment;
        uint64 epoch;
        uint64 sealedAt;
        uint8 capacity;
    }

    event CheckpointAccepted(
        bytes31 indexed chainKey,
        uint64 indexed height,
        uint32 generation,
        uint16 share,
        Attestation attestation,
        uint256 signers,
        bytes32 keyHash,
        Proof proof
    );
    event CheckpointConflict(
        bytes31 indexed chainKey,
        uint64 indexed height,
        bytes32 heldDigest,
        uint16 share,
        Attestation attestation,
        uint256 signers,
        bytes32 keyHash,
        Proof proof
    );
    event ChainFrozen(bytes31 indexed chainKey, uint8 freeze, uint48 endsAt);

    error ChainIsFrozen(bytes31 chainKey, uint8 freeze);
    error SetUnknown(uint256 commitment);
    error SetExpired(uint256 commitment, uint256 trustedUntil);

    uint256 public effects;
    uint256 private _latest;
    uint64 private _epoch;
    mapping(bytes32 => Entry) private _entries;
    mapping(bytes31 => Chain) private _chains;
    mapping(bytes31 => mapping(uint64 => bytes32)) private _held;
    mapping(uint256 => bool) public refusedSets;
    mapping(uint256 => bool) public expiredSets;

    function VERIFIERS() external view returns (address) {
        return address(this);
    }

    function entry(bytes32 keyHash) external view returns (Entry memory) {
        return _entries[keyHash];
    }

    function setEntry(bytes32 keyHash, address verifier, uint40 retiresAt) external {
        _entries[keyHash] = Entry(verifier, 0, 0, 0, retiresAt);
    }

    function setLatest(uint256 commitment, uint64 epoch) external {
        (_latest, _epoch) = (commitment, epoch);
    }

    function refuse(uint256 commitment, bool refused, bool expired) external {
        (refusedSets[commitment], expiredSets[commitment]) = (refused, expired);
    }

    function latestSet() external view returns (uint256, uint64) {
        return (_latest, _epoch);
    }

    function chain(bytes31 chainKey) external view returns (Chain memory) {
        return _chains[chainKey];
    }

    function held(bytes31 chainKey, uint64 height) external view returns (bytes32, uint64) {
        return (_held[chainKey][height], 0);
    }

    function hold(Checkpoint calldata c) external {
        _held[c.chainKey][c.height] = keccak256(abi.encode(c));
    }

    function policy() external pure returns (Policy memory) {
        return Policy(20_000, 1, 1, 1, 1, 1);
    }

    function rotateLocal(SetRecord calldata next) external {
        require(next.epoch > _epoch);
        (_latest, _epoch) = (next.commitment, next.epoch);
        ++effects;
    }

    function submitCheckpoint(Attestation calldata a, uint256 signers, bytes32 keyHash, Proof calldata proof)
        external
        returns (uint8)
    {
        Checkpoint calldata c = a.checkpoint;
        Chain storage s = _chains[c.chainKey];
        if (s.freeze != 0) revert ChainIsFrozen(c.chainKey, s.freeze);
        if (refusedSets[uint256(a.setCommitment)]) revert SetUnknown(uint256(a.setCommitment));
        if (expiredSets[uint256(a.setCommitment)]) revert SetExpired(uint256(a.setCommitment), 0);
        bytes32 digest = keccak256(abi.encode(c));
        bytes32 held = _held[c.chainKey][c.height];
        if (held == digest) return 1;
        if (held != 0) {
            s.freeze = 3;
            emit CheckpointConflict(c.chainKey, c.height, held, 20_000, a, signers, keyHash, proof);
            emit ChainFrozen(c.chainKey, 3, 0);
            return 3;
        }
        if (c.height <= s.headHeight) return 2;
        s.headHeight = c.height;
        _held[c.chainKey][c.height] = digest;
        ++effects;
        emit CheckpointAccepted(c.chainKey, c.height, 0, 20_000, a, signers, keyHash, proof);
        return 0;
    }
}

/// Calls another contract, so that what is said to it lies in no transaction's input as such.
contract TestForwarder {
    function forward(address to, bytes[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            (bool ok,) = to.call(calls[i]);
            require(ok);
        }
    }
}

contract TestCoalition {
    struct Validator {
        address operator;
        uint64 stakeGwei;
        uint8 status;
        uint8 leafIndex;
        uint64 unbondingGwei;
        uint48 withdrawableAt;
        uint256 keyX;
        uint256 keyY;
    }

    struct SetRecord {
        uint256 commitment;
        uint64 epoch;
        uint64 sealedAt;
        uint8 capacity;
    }

    event LeafUpdated(uint256 indexed index, uint256 keyX, uint256 keyY, uint64 stakeGwei);
    event EpochSealed(uint64 indexed epoch, uint256 commitment, uint256 root, uint8 capacity, uint64 sealedAt);

    error TooEarlyToSeal(uint256 notBefore);

    address public immutable VERIFIERS;
    uint256 public effects;
    uint64 public epoch;
    uint256 public notBefore;
    mapping(uint64 => bytes32) public epochDigest;
    mapping(bytes32 => Validator) private _validators;
    mapping(bytes32 => bool) public tombstoned;

    constructor(address registry_) {
        VERIFIERS = registry_;
    }

    function validator(bytes32 keyId) external view returns (Validator memory) {
        return _validators[keyId];
    }

    function latestEpoch() external view returns (SetRecord memory) {
        return SetRecord(0, epoch, 0, 0);
    }

    function setLeaf(uint256 index, uint256 keyX, uint256 keyY, uint64 stakeGwei) external {
        _validators[keccak256(abi.encode(keyX, keyY))].status = 1;
        emit LeafUpdated(index, keyX, keyY, stakeGwei);
    }

    function setNotBefore(uint256 value) external {
        notBefore = value;
    }

    function sealEpoch() external returns (uint64) {
        if (block.timestamp < notBefore) revert TooEarlyToSeal(notBefore);
        notBefore = type(uint256).max;
        ++effects;
        return ++epoch;
    }

    function sealSet(uint256 commitment, uint256 root, uint8 capacity) external {
        uint64 sealedAt = uint64(block.timestamp);
        epochDigest[++epoch] = keccak256(abi.encode(commitment, capacity, sealedAt));
        emit EpochSealed(epoch, commitment, root, capacity, sealedAt);
    }

    function slashEquivocation(
        Attestation calldata,
        Attestation calldata,
        uint256,
        uint256,
        uint256 keyX,
        uint256 keyY,
        bytes32,
        Proof calldata
    ) external returns (uint8) {
        bytes32 keyId = keccak256(abi.encode(keyX, keyY));
        if (tombstoned[keyId]) return 2;
        tombstoned[keyId] = true;
        ++effects;
        return 0;
    }
}

contract TestHeaderLedger {
    struct BlockId {
        bytes32 hash;
        uint32 partsTotal;
        bytes32 partsHash;
    }

    struct Header {
        uint64 blockVersion;
        uint64 appVersion;
        uint64 height;
        int64 secs;
        uint32 nanos;
        BlockId lastBlockId;
        bytes32 lastCommitHash;
        bytes32 dataHash;
        bytes32 validatorsHash;
        bytes32 nextValidatorsHash;
        bytes32 consensusHash;
        bytes32 appHash;
        bytes32 lastResultsHash;
        bytes32 evidenceHash;
        bytes20 proposer;
    }

    struct SignedHeader {
        Header header;
        uint32 round;
        uint32 partsTotal;
        bytes32 partsHash;
        bytes validators;
        bytes signers;
        bytes trustedValidators;
        bytes trustedIndices;
        uint256[] digests;
        Proof[] proofs;
    }

    struct ConsensusState {
        uint64 height;
        uint64 timeNs;
        bytes32 appHash;
        bytes32 nextValidatorsHash;
        bytes32 blockHash;
    }

    struct Status {
        uint32 generation;
        uint64 headHeight;
        uint8 freeze;
        uint48 freezeEndsAt;
    }

    uint64 private head;
    mapping(uint64 height => bytes32) private held;
    uint256 public effects;

    /// A header is told from another by its data hash.
    function update(ConsensusState calldata, uint64, SignedHeader calldata h, bytes32) external returns (uint8) {
        (uint64 height, bytes32 id) = (h.header.height, h.header.dataHash);
        if (held[height] == id) return 1;
        ++effects;
        if (held[height] != 0) return 2;
        held[height] = id;
        if (height > head) head = height;
        return 0;
    }

    function status() external view returns (Status memory) {
        return Status(0, head, 0, 0);
    }
}
