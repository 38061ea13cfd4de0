// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Proof} from "./Types.sol";

/// A light client of one CometBFT chain: headers that enough of the chain's own validators signed, by the rules of the
/// CometBFT light client and of ICS-07. Signatures are shown by proofs of kind `ed25519`; everything else the ledger
/// computes. Anyone may submit; a header has its effect once, whatever proofs carry it.
///
/// Trust: a header is accepted if more than two thirds of its own set's power signed it, and that set is the one that a
/// held state names as next, or more than a third of the power of the set so named signed, too.
interface ICometBftLedger {
    /// Updated: held from now on. Known: held already; changes nothing. Misbehaviour: valid, and contradicts what is
    /// held; the ledger is frozen.
    enum Outcome {
        Updated,
        Known,
        Misbehaviour
    }

    /// A guardian's freeze lapses; the other two last until the owner unfreezes.
    enum Freeze {
        None,
        Guardian,
        Owner,
        Misbehaviour
    }

    /// @param hash        the header's
    /// @param partsTotal  of the block's part set, and its hash
    struct BlockId {
        bytes32 hash;
        uint32 partsTotal;
        bytes32 partsHash;
    }

    /// A header less its chain id, which the ledger fixes. Hashes that the chain leaves empty are zero; an app hash has
    /// 32 bytes.
    /// @param secs      time since the epoch of Unix, may be negative
    /// @param nanos     below 10^9
    /// @param proposer  address
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

    /// A header, who signed it, and what shows it.
    /// @param round              of the commit
    /// @param partsTotal         of the block id that was signed, and its hash; the block's hash is the header's
    /// @param validators         the header's set in its own order: for each 32 bytes of Ed25519 key and 8 of voting
    ///                           power, big-endian
    /// @param signers            for each precommit shown: 2 bytes of index in that set, strictly ascending, 8 of the
    ///                           vote's seconds (signed) and 4 of its nanoseconds; no key at two indices
    /// @param trustedValidators  the set that the trusted state names as next, in the same form. Not looked at if it is
    ///                           this one, nor are the indices
    /// @param trustedIndices     for each signer 2 bytes of index in that set, each at most once, or 0xffff for none
    /// @param digests            the first public signal of each proof; the ledger computes the others
    /// @param proofs             of kind `ed25519`: the signers in order, a key's capacity to each proof; the slots
    ///                           that the last one has left repeat its first
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

    /// What is kept of a header.
    /// @param timeNs              its time in nanoseconds since the epoch of Unix
    /// @param appHash             root of the application's state after the block before
    /// @param nextValidatorsHash  of the set that signs the next height
    /// @param blockHash           the header's
    struct ConsensusState {
        uint64 height;
        uint64 timeNs;
        bytes32 appHash;
        bytes32 nextValidatorsHash;
        bytes32 blockHash;
    }

    /// @param trustingPeriod  seconds after a held state's time in which it vouches for others, less than the
    ///                        chain's unbonding period
    /// @param maxClockDrift   seconds by which a header may lie in this chain's future
    /// @param freezeDuration  seconds after which a guardian's freeze lapses
    /// @param freezeCooldown  seconds from that until the guardian may freeze again
    struct Policy {
        uint32 trustingPeriod;
        uint32 maxClockDrift;
        uint32 freezeDuration;
        uint32 freezeCooldown;
    }

    /// @param generation    number of times the owner has unfrozen the ledger
    /// @param headHeight    highest height held in this generation
    /// @param freeze        what stops the ledger at this moment
    /// @param freezeEndsAt  when the guardian's last freeze lapses or lapsed, 0 if there was none
    struct Status {
        uint32 generation;
        uint64 headHeight;
        Freeze freeze;
        uint48 freezeEndsAt;
    }

    /// @param digest  keccak256(abi.encode(ConsensusState)); zero if nothing is held at the height
    /// @param timeNs  of the state
    /// @param next    the height held after this one, 0 for the head
    /// @param since   when it was accepted, in seconds of this chain
    struct Held {
        bytes32 digest;
        uint64 timeNs;
        uint64 next;
        uint48 since;
    }

    event HeaderAccepted(uint64 indexed height, uint32 indexed generation, ConsensusState state);
    /// A valid header that contradicts a held state, with all that shows it.
    event MisbehaviourFound(
        uint64 indexed height,
        uint64 heldHeight,
        bytes32 heldDigest,
        ConsensusState trusted,
        SignedHeader header,
        bytes32 keyHash
    );
    /// Two valid headers that contradict each other, with all that shows it.
    event HeadersContradict(
        uint64 indexed height1,
        uint64 indexed height2,
        ConsensusState trusted1,
        SignedHeader header1,
        ConsensusState trusted2,
        SignedHeader header2,
        bytes32 keyHash
    );
    event Frozen(Freeze freeze, uint48 endsAt);
    event Unfrozen(uint32 generation, ConsensusState stands);
    event GuardianChanged(address guardian);
    event PolicyChanged(Policy policy);

    error ChainIdLengthOutOfRange(uint256 actual, uint256 max);
    error LedgerIsFrozen(Freeze freeze);
    error LedgerNotFrozen();
    error StateNotHeld(uint64 height);
    error StateMalformed(uint64 height);
    error StateExpired(uint64 height, uint256 until);
    error HeightNotAboveTrusted(uint64 height, uint64 trustedHeight);
    error NotPredecessor(uint64 predecessor, uint64 height);
    error TimeTooFarAhead(int256 timeNs, uint256 latestNs);
    error ValidatorsHashMismatch(bytes32 expected, bytes32 actual);
    error SignersMalformed(uint256 length);
    error IndexNotAscending(uint256 index, uint256 least);
    error IndexOutOfRange(uint256 index, uint256 count);
    error IndexTwice(uint256 index);
    error NotTheSameKey(uint256 index, uint256 trustedIndex);
    error PowerTooSmall(uint256 signedPower, uint256 totalPower);
    error TrustedPowerTooSmall(uint256 signedPower, uint256 totalPower);
    error ProofCountWrong(uint256 expected, uint256 digests, uint256 proofs);
    error WrongStatementKind(bytes4 actual);
    error KeyUnknown(bytes32 keyHash);
    error KeyExpired(bytes32 keyHash, uint40 retiresAt);
    error InvalidProof();
    error NoMisbehaviour();
    error NotGuardian(address caller);
    error GuardianCoolingDown(uint256 until);
    error PeriodsOutOfRange(uint256 trustingPeriod, uint256 unbondingPeriod);

    /// Checks a header against a held state below it and holds it. Known is answered before anything is verified.
    /// A valid header is misbehaviour if another is held at its height, or if its time does not lie strictly
    /// between those of the states held below and above it; this also while a guardian's freeze stops all else.
    /// @param trusted      held, within the trusting period, lower than the header
    /// @param predecessor  the highest height held below the header; often trusted's own. Not looked at if there is a
    ///                     state at the header's height
    /// @param keyHash      names the verification key of the proofs
    function update(
        ConsensusState calldata trusted,
        uint64 predecessor,
        SignedHeader calldata signedHeader,
        bytes32 keyHash
    ) external returns (Outcome);

    /// Freezes the ledger by two valid headers that contradict each other: different ones of one height, or a higher
    /// one whose time is not later. Neither needs to be held; each has its own trusted state. As in ICS-07 the set of a
    /// header that follows its trusted state directly may then be another than was named, if enough of the named one
    /// signed.
    function submitMisbehaviour(
        ConsensusState calldata trusted1,
        SignedHeader calldata header1,
        ConsensusState calldata trusted2,
        SignedHeader calldata header2,
        bytes32 keyHash
    ) external;

    /// Stops the ledger until the freeze lapses. Guardian only, with a cooldown.
    function freeze() external;

    /// Stops the ledger, or keeps it stopped, until the owner unfreezes it. Owner only.
    function confirmFreeze() external;

    /// Opens a frozen ledger in a new generation that holds one state, which the owner vouches for. Owner only. It is
    /// also the way back once no held state is within the trusting period: confirmFreeze, then this.
    function unfreeze(ConsensusState calldata stands) external;

    /// Owner only.
    function setGuardian(address guardian) external;

    /// Owner only.
    function setPolicy(Policy calldata policy) external;

    /// When a state was accepted here, in seconds of this chain. Reverts if it is not held, or the ledger is frozen.
    function acceptedAt(ConsensusState calldata state) external view returns (uint64);

    /// What is held at a height in the present generation, frozen or not.
    function held(uint64 height) external view returns (Held memory);

    function status() external view returns (Status memory);

    function policy() external view returns (Policy memory);

    function guardian() external view returns (address);

    function chainId() external view returns (string memory);

    /// ICS-07's revision number: n if the chain id ends in -n, a number from 1 without leading zero, and 0 otherwise.
    /// A chain that changes its revision has a new chain id, and a ledger of its own.
    function revision() external view returns (uint64);

    /// Seconds for which the chain's validators can be slashed after they leave.
    function unbondingPeriod() external view returns (uint32);
}
