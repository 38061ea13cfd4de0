// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Attestation, Checkpoint, Proof, SetRecord} from "./Types.sol";

/// What one chain believes of the others: checkpoints that a trusted validator set's quorum signed.
/// Anyone may submit; a claim has its effect once, whatever proof carries it.
interface ICheckpointLedger {
    /// Updated: the chain's new head. Known: held already. Superseded: below the head and not held.
    /// Conflict: contradicts a held checkpoint; the chain is frozen. Known and Superseded change nothing.
    enum Outcome {
        Updated,
        Known,
        Superseded,
        Conflict
    }

    /// Guardian freezes lapse; the other two last until the owner unfreezes.
    enum Freeze {
        None,
        Guardian,
        Owner,
        Conflict
    }

    /// @param share           quorum is strictly more than share / 30,000 of the stake; 20,000 <= share < 30,000
    /// @param trustingPeriod  seconds after its sealing in which a set's quorum is believed
    /// @param evidenceWindow  further seconds in which a set can be slashed
    /// @param maxDrift        seconds by which a checkpoint may lie in this chain's future
    /// @param freezeDuration  seconds after which a guardian's freeze lapses
    /// @param freezeCooldown  seconds from that until the guardian may freeze the same chain again
    struct Policy {
        uint16 share;
        uint48 trustingPeriod;
        uint48 evidenceWindow;
        uint48 maxDrift;
        uint48 freezeDuration;
        uint48 freezeCooldown;
    }

    /// @param interval       heights are multiples of it; 0 for a chain that is not registered
    /// @param generation     number of times the owner has unfrozen the chain
    /// @param headHeight     highest height held in this generation, 0 for none
    /// @param headTimestamp  that checkpoint's timestamp
    /// @param freeze         what stops the chain at this moment
    /// @param freezeEndsAt   when the guardian's last freeze lapses or lapsed, 0 if there was none
    struct Chain {
        uint32 interval;
        uint32 generation;
        uint64 headHeight;
        uint64 headTimestamp;
        Freeze freeze;
        uint48 freezeEndsAt;
    }

    event ChainRegistered(bytes31 indexed chainKey, uint32 interval);
    /// Both tell all that Coalition's slashQuorums asks for: a quorum that was made in secret stops being one here,
    /// through whatever contract it came.
    /// @param share  of the stake that the proof shows was exceeded, in units of 1 / 30,000
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
    event ChainFrozen(bytes31 indexed chainKey, Freeze freeze, uint48 endsAt);
    event ChainUnfrozen(bytes31 indexed chainKey, uint32 generation, Checkpoint stands, uint256 setCommitment);
    event SetTrusted(uint256 indexed commitment, uint64 indexed epoch, uint64 sealedAt, uint8 capacity);
    event SetLearned(uint256 indexed commitment, uint64 indexed epoch, uint64 sealedAt, uint8 capacity);
    event GuardianChanged(address guardian);
    event PolicyChanged(Policy policy);

    error ChainUnknown(bytes31 chainKey);
    error ChainExists(bytes31 chainKey);
    error ChainIsFrozen(bytes31 chainKey, Freeze freeze);
    error ChainNotFrozen(bytes31 chainKey);
    error IntervalZero();
    error HeightNotOnInterval(uint64 height, uint32 interval);
    error SourceNotBelowTarget(uint64 sourceHeight, uint64 height);
    error TimestampNotRising(uint64 timestamp, uint64 headTimestamp);
    error TimestampTooFarAhead(uint64 timestamp, uint256 latest);
    error SetUnknown(uint256 commitment);
    error SetRevoked(uint256 commitment);
    error SetExpired(uint256 commitment, uint256 trustedUntil);
    error EpochNotRising(uint64 epoch, uint64 latestEpoch);
    error EpochNotPast(uint64 epoch, uint64 latestEpoch);
    error SetAlreadyKnown(uint256 commitment);
    error EpochDigestMismatch(bytes32 expected, bytes32 actual);
    error HubCheckpointNotNewer(uint64 height, uint64 lastRotationHeight);
    error NotTheHub(bytes31 localChainKey);
    error OnlyOffTheHub();
    error CheckpointNotHeld(bytes31 chainKey, uint64 height);
    error NotGuardian(address caller);
    error GuardianCoolingDown(uint256 until);
    error ShareOutOfRange(uint16 share);
    error PeriodsTooLong(uint256 trustingPlusEvidence, uint256 limit);

    /// Accepts a checkpoint that a trusted set's quorum signed. Known and superseded are answered before
    /// anything is verified; a conflict only after the proof was found valid.
    /// @param signers  bitmap of the signing slots, a public signal of the proof
    /// @param keyHash  names the verifier
    function submitCheckpoint(Attestation calldata attestation, uint256 signers, bytes32 keyHash, Proof calldata proof)
        external
        returns (Outcome);

    /// Off the hub: trusts the next set, shown by storage proof against a held hub checkpoint that is newer
    /// than the one of the last rotation.
    /// @param accountProof  of the hub's Coalition, from eth_getProof
    /// @param storageProof  of the epoch's digest
    function rotate(
        Checkpoint calldata hubCheckpoint,
        SetRecord calldata next,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external;

    /// Off the hub: records a set of an epoch that a rotation skipped, shown as in `rotate` against any held hub
    /// checkpoint. It is known for slashing from then on, and never trusted.
    function learnSet(
        Checkpoint calldata hubCheckpoint,
        SetRecord calldata past,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external;

    /// On the hub: trusts the next set, read from Coalition itself.
    function rotateLocal(SetRecord calldata next) external;

    /// Stops a chain until the freeze lapses. Guardian only, with a cooldown.
    function freeze(bytes31 chainKey) external;

    /// Stops a chain, or keeps it stopped, until the owner unfreezes it. Owner only.
    function confirmFreeze(bytes31 chainKey) external;

    /// Opens a frozen chain in a new generation that holds one checkpoint, and trusts one set alone; every
    /// other set is revoked, yet stays known for slashing. Checkpoints of other chains that revoked sets signed stay
    /// held: freeze and unfreeze each chain that is in doubt. Owner only.
    function unfreeze(bytes31 chainKey, Checkpoint calldata stands, SetRecord calldata setStands) external;

    /// Registers a source chain. Owner only.
    function registerChain(bytes31 chainKey, uint32 interval) external;

    /// Owner only.
    function setGuardian(address guardian) external;

    /// Owner only. Trusting period and evidence window together never exceed what they came to at deployment:
    /// Coalition slashes no longer than that.
    function setPolicy(Policy calldata policy) external;

    /// When a checkpoint was accepted here, in seconds of this chain.
    /// Reverts if it is not held in the chain's present generation, or the chain is frozen.
    function acceptedAt(Checkpoint calldata checkpoint) external view returns (uint64);

    /// Digest held at a height in the chain's present generation and when it came; zeros if none. Frozen or not.
    function held(bytes31 chainKey, uint64 height) external view returns (bytes32 digest, uint64 since);

    /// All zero if the chain is not registered.
    function chain(bytes31 chainKey) external view returns (Chain memory);

    /// Every set ever trusted or learnt, also if revoked or expired since; for slashing. All zero if unknown.
    function setRecord(uint256 commitment) external view returns (SetRecord memory);

    /// Whether a quorum of this set is believed now.
    function isTrusted(uint256 commitment) external view returns (bool);

    /// Commitment and epoch of the set that the last rotation or the owner named.
    function latestSet() external view returns (uint256 commitment, uint64 epoch);

    /// The next rotation reads from a higher hub checkpoint. It is that of the last rotation or, if later, the hub's
    /// head at the last recovery, of whatever chain: what revoked sets signed names no new set. 0 on the hub.
    function lastRotationHeight() external view returns (uint64);

    function policy() external view returns (Policy memory);

    function guardian() external view returns (address);

    /// Seconds after its sealing in which Coalition slashes a set: what the first policy's periods come to, and no
    /// later policy's exceed.
    function SLASHABLE_FOR() external view returns (uint256);

    /// First 31 bytes of SHA-256 over version, attestation kind, hub chain key and hub Coalition.
    function domain() external view returns (bytes31);

    function hubChainKey() external view returns (bytes31);

    function localChainKey() external view returns (bytes31);

    function hubCoalition() external view returns (address);
}
