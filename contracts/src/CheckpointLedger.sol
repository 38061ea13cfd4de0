// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {QuorumSignals} from "./generated/QuorumSignals.sol";
import {ICheckpointLedger} from "./interfaces/ICheckpointLedger.sol";
import {IHubEpochs} from "./interfaces/IHubEpochs.sol";
import {IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {Attestation, Checkpoint, Proof, SetRecord} from "./interfaces/Types.sol";
import {SourceChains} from "./ledger/SourceChains.sol";
import {TrustedSets} from "./ledger/TrustedSets.sol";
import {Attestations} from "./lib/Attestations.sol";
import {Domains} from "./lib/Domains.sol";
import {EpochDigests} from "./lib/EpochDigests.sol";
import {StateProofs} from "./lib/StateProofs.sol";
import {StatementKinds} from "./lib/StatementKinds.sol";

/// One per destination chain. The owner is a timelock whose delay is shorter than the unbonding delay.
contract CheckpointLedger is TrustedSets, SourceChains, Ownable {
    using Attestations for Checkpoint;

    /// A quorum is at least two thirds of the stake, in units of 1 / 30,000.
    uint16 private constant MIN_SHARE = 20_000;
    uint16 private constant SHARE_DENOMINATOR = 30_000;

    struct SourceConfig {
        bytes31 chainKey;
        uint32 interval;
    }

    /// @param hubCoalition    on the hub, whatever chain this is
    /// @param unbondingDelay  of the hub's Coalition, in seconds
    /// @param policy          with Coalition's own trusting period and evidence window
    /// @param anchor          set trusted from the start; all zero on the hub, where rotateLocal finds it
    /// @param sources         chains registered from the start
    struct Config {
        address owner;
        address guardian;
        IVerifierRegistry verifiers;
        bytes31 hubChainKey;
        bytes31 localChainKey;
        address hubCoalition;
        uint48 unbondingDelay;
        Policy policy;
        SetRecord anchor;
        SourceConfig[] sources;
    }

    IVerifierRegistry public immutable VERIFIERS;
    /// @inheritdoc ICheckpointLedger
    uint256 public immutable SLASHABLE_FOR;

    /// @inheritdoc ICheckpointLedger
    bytes31 public immutable domain;
    /// @inheritdoc ICheckpointLedger
    bytes31 public immutable hubChainKey;
    /// @inheritdoc ICheckpointLedger
    bytes31 public immutable localChainKey;
    /// @inheritdoc ICheckpointLedger
    address public immutable hubCoalition;

    /// The policy and the number of recoveries, in one storage slot that every checkpoint reads once.
    struct Rules {
        uint16 share;
        uint40 trustingPeriod;
        uint40 evidenceWindow;
        uint40 maxDrift;
        uint40 freezeDuration;
        uint40 freezeCooldown;
        uint32 trustRound;
    }

    Rules private _rules;
    /// @inheritdoc ICheckpointLedger
    address public guardian;
    /// @inheritdoc ICheckpointLedger
    uint64 public lastRotationHeight;

    constructor(Config memory c) Ownable(c.owner) {
        VERIFIERS = c.verifiers;
        SLASHABLE_FOR = uint256(c.policy.trustingPeriod) + c.policy.evidenceWindow;
        if (SLASHABLE_FOR >= c.unbondingDelay) revert PeriodsTooLong(SLASHABLE_FOR, c.unbondingDelay);
        domain = Domains.attestation(c.hubChainKey, c.hubCoalition);
        hubChainKey = c.hubChainKey;
        localChainKey = c.localChainKey;
        hubCoalition = c.hubCoalition;
        _setPolicy(c.policy);
        _setGuardian(c.guardian);
        for (uint256 i = 0; i < c.sources.length; ++i) {
            _registerChain(c.sources[i].chainKey, c.sources[i].interval);
        }
        if (c.anchor.commitment != 0) _trust(c.anchor);
    }

    /// @inheritdoc ICheckpointLedger
    function submitCheckpoint(Attestation calldata attestation, uint256 signers, bytes32 keyHash, Proof calldata proof)
        external
        returns (Outcome)
    {
        Attestation memory a = attestation;
        Checkpoint memory c = a.checkpoint;
        ChainState memory s = _requireChain(c.chainKey);
        bytes32 digest = c.digest();
        bytes32 heldDigest = _heldDigest(c.chainKey, s.generation, c.height);
        if (heldDigest == digest) return Outcome.Known;
        if (heldDigest == 0 && c.height <= s.headHeight) return Outcome.Superseded;

        // Such bytes are no attestation to anyone off chain, who could then not slash those who signed them.
        if (a.sourceHeight >= c.height) revert SourceNotBelowTarget(a.sourceHeight, c.height);
        uint16 share;
        if (heldDigest != 0) {
            // Evidence counts whatever else is wrong with the second checkpoint, and while a guardian's freeze,
            // which lapses, stops everything else.
            if (s.lasting != Freeze.None) revert ChainIsFrozen(c.chainKey, s.lasting);
            share = _verifyQuorum(a, signers, keyHash, proof);
            emit CheckpointConflict(c.chainKey, c.height, heldDigest, share, attestation, signers, keyHash, proof);
            _freezeLasting(c.chainKey, Freeze.Conflict);
            return Outcome.Conflict;
        }

        _requireNotFrozen(c.chainKey, s);
        _requireOnInterval(c.height, s.interval);
        _requireTimely(c.timestamp, s.headTimestamp);
        share = _verifyQuorum(a, signers, keyHash, proof);
        _hold(s, c, digest);
        emit CheckpointAccepted(c.chainKey, c.height, s.generation, share, attestation, signers, keyHash, proof);
        return Outcome.Updated;
    }

    /// @inheritdoc ICheckpointLedger
    function rotate(
        Checkpoint calldata hubCheckpoint,
        SetRecord calldata next,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external {
        if (hubCheckpoint.height <= lastRotationHeight) {
            revert HubCheckpointNotNewer(hubCheckpoint.height, lastRotationHeight);
        }
        _requireSealedOnHub(hubCheckpoint, next, accountProof, storageProof);
        lastRotationHeight = hubCheckpoint.height;
        _trustNext(next);
    }

    /// @inheritdoc ICheckpointLedger
    function learnSet(
        Checkpoint calldata hubCheckpoint,
        SetRecord calldata past,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) external {
        _requireSealedOnHub(hubCheckpoint, past, accountProof, storageProof);
        _learn(past);
    }

    /// @inheritdoc ICheckpointLedger
    function rotateLocal(SetRecord calldata next) external {
        _requireSealedHere(next);
        _trustNext(next);
    }

    /// @inheritdoc ICheckpointLedger
    function freeze(bytes31 chainKey) external {
        if (msg.sender != guardian) revert NotGuardian(msg.sender);
        _freezeForAWhile(chainKey, _rules.freezeDuration, _rules.freezeCooldown);
    }

    /// @inheritdoc ICheckpointLedger
    function confirmFreeze(bytes31 chainKey) external onlyOwner {
        ChainState memory s = _requireChain(chainKey);
        if (s.lasting != Freeze.None) revert ChainIsFrozen(chainKey, s.lasting);
        _freezeLasting(chainKey, Freeze.Owner);
    }

    /// @inheritdoc ICheckpointLedger
    function unfreeze(bytes31 chainKey, Checkpoint calldata stands, SetRecord calldata setStands) external onlyOwner {
        if (localChainKey == hubChainKey) _requireSealedHere(setStands);
        uint32 generation = _reopen(chainKey, stands);
        // The next set comes from a hub block after all that revoked sets signed, or after the one the owner vouches
        // for.
        lastRotationHeight = _chains[hubChainKey].headHeight;
        _trustOnly(setStands);
        emit ChainUnfrozen(chainKey, generation, stands, setStands.commitment);
    }

    /// @inheritdoc ICheckpointLedger
    function registerChain(bytes31 chainKey, uint32 interval) external onlyOwner {
        _registerChain(chainKey, interval);
    }

    /// @inheritdoc ICheckpointLedger
    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    /// @inheritdoc ICheckpointLedger
    function setPolicy(Policy calldata policy_) external onlyOwner {
        _setPolicy(policy_);
    }

    /// @inheritdoc ICheckpointLedger
    function policy() external view returns (Policy memory) {
        Rules memory r = _rules;
        return Policy(r.share, r.trustingPeriod, r.evidenceWindow, r.maxDrift, r.freezeDuration, r.freezeCooldown);
    }

    function _requireTimely(uint64 timestamp, uint64 headTimestamp) private view {
        if (timestamp <= headTimestamp) revert TimestampNotRising(timestamp, headTimestamp);
        uint256 latest = block.timestamp + _rules.maxDrift;
        if (timestamp > latest) revert TimestampTooFarAhead(timestamp, latest);
    }

    /// The message is recomputed and the share is ours: a prover chooses neither.
    /// @return share  that the quorum exceeds
    function _verifyQuorum(Attestation memory attestation, uint256 signers, bytes32 keyHash, Proof calldata proof)
        private
        view
        returns (uint16 share)
    {
        share = _rules.share;
        uint8 capacity = _requireTrusted(uint256(attestation.setCommitment));
        uint256[] memory signals = new uint256[](QuorumSignals.COUNT);
        signals[QuorumSignals.SET_COMMITMENT] = uint256(attestation.setCommitment);
        signals[QuorumSignals.MESSAGE] = Attestations.message(domain, attestation);
        signals[QuorumSignals.SIGNERS] = signers;
        signals[QuorumSignals.SHARE] = share;
        VERIFIERS.verify(keyHash, StatementKinds.QUORUM, capacity, proof, signals);
    }

    function _requireSealedOnHub(
        Checkpoint calldata hubCheckpoint,
        SetRecord calldata set,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof
    ) private view {
        if (localChainKey == hubChainKey) revert OnlyOffTheHub();
        if (hubCheckpoint.chainKey != hubChainKey) revert NotTheHub(hubCheckpoint.chainKey);
        acceptedAt(hubCheckpoint); // held, and the hub is not frozen
        bytes32 storageRoot = StateProofs.readAccount(hubCheckpoint.stateRoot, hubCoalition, accountProof).storageRoot;
        (, uint256 word) = StateProofs.readWord(storageRoot, EpochDigests.slotOf(set.epoch), storageProof);
        _requireDigest(set, bytes32(word));
    }

    function _requireSealedHere(SetRecord calldata set) private view {
        if (localChainKey != hubChainKey) revert NotTheHub(localChainKey);
        _requireDigest(set, IHubEpochs(hubCoalition).epochDigest(set.epoch));
    }

    function _requireDigest(SetRecord calldata set, bytes32 sealedDigest) private pure {
        bytes32 claimed = EpochDigests.digest(set);
        if (claimed != sealedDigest) revert EpochDigestMismatch(sealedDigest, claimed);
    }

    function _setPolicy(Policy memory p) private {
        if (p.share < MIN_SHARE || p.share >= SHARE_DENOMINATOR) revert ShareOutOfRange(p.share);
        uint256 slashableFor = uint256(p.trustingPeriod) + p.evidenceWindow;
        if (slashableFor > SLASHABLE_FOR) revert PeriodsTooLong(slashableFor, SLASHABLE_FOR);
        _rules = Rules(
            p.share,
            SafeCast.toUint40(p.trustingPeriod),
            SafeCast.toUint40(p.evidenceWindow),
            SafeCast.toUint40(p.maxDrift),
            SafeCast.toUint40(p.freezeDuration),
            SafeCast.toUint40(p.freezeCooldown),
            _rules.trustRound
        );
        emit PolicyChanged(p);
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianChanged(guardian_);
    }

    function _trustTerms() internal view override returns (uint256 round, uint256 period) {
        return (_rules.trustRound, _rules.trustingPeriod);
    }

    function _nextTrustRound() internal override {
        ++_rules.trustRound;
    }
}
