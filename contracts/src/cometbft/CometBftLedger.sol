// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {IBatchVerifier} from "../interfaces/IBatchVerifier.sol";
import {ICometBftLedger} from "../interfaces/ICometBftLedger.sol";
import {IVerifierRegistry} from "../interfaces/IVerifierRegistry.sol";
import {StatementKinds} from "../lib/StatementKinds.sol";
import {ChainIds} from "./ChainIds.sol";
import {Commits} from "./Commits.sol";
import {ConsensusKeys} from "./ConsensusKeys.sol";
import {ConsensusStates} from "./ConsensusStates.sol";
import {HeaderHash} from "./HeaderHash.sol";

/// One per followed chain. The owner is a timelock. The registry's verifiers of kind `ed25519` are BatchVerifiers.
contract CometBftLedger is ConsensusStates, Ownable {
    /// @param unbondingPeriod  of the chain, in seconds
    /// @param anchor           state trusted from the start, from a source that the deployer believes
    struct Config {
        address owner;
        address guardian;
        IVerifierRegistry verifiers;
        string chainId;
        uint32 unbondingPeriod;
        Policy policy;
        ConsensusState anchor;
    }

    IVerifierRegistry public immutable VERIFIERS;
    bytes32 private immutable CHAIN_ID_FIRST;
    bytes32 private immutable CHAIN_ID_SECOND;
    uint256 private immutable CHAIN_ID_LENGTH;
    /// @inheritdoc ICometBftLedger
    uint64 public immutable revision;
    /// @inheritdoc ICometBftLedger
    uint32 public immutable unbondingPeriod;

    /// @inheritdoc ICometBftLedger
    address public guardian;
    uint32 private _freezeDuration;
    uint32 private _freezeCooldown;

    constructor(Config memory c) Ownable(c.owner) {
        uint256 length = bytes(c.chainId).length;
        if (length == 0 || length > ChainIds.MAX_LENGTH) revert ChainIdLengthOutOfRange(length, ChainIds.MAX_LENGTH);
        ChainIds.Packed memory id = ChainIds.packNoCheck(bytes(c.chainId));
        (CHAIN_ID_FIRST, CHAIN_ID_SECOND, CHAIN_ID_LENGTH) = (id.first, id.second, length);
        revision = ChainIds.revision(bytes(c.chainId));
        VERIFIERS = c.verifiers;
        unbondingPeriod = c.unbondingPeriod;
        _setPolicy(c.policy, c.unbondingPeriod);
        _setGuardian(c.guardian);
        _holdOnly(c.anchor, 0);
        emit HeaderAccepted(c.anchor.height, 0, c.anchor);
    }

    /// @inheritdoc ICometBftLedger
    function update(
        ConsensusState calldata trusted,
        uint64 predecessor,
        SignedHeader calldata signedHeader,
        bytes32 keyHash
    ) external returns (Outcome) {
        LedgerState memory s = _state;
        bytes32 blockHash = HeaderHash.hash(_chainId(), signedHeader.header);
        ConsensusState memory state = _stateOf(signedHeader.header, blockHash);
        (uint64 against, Held memory other) = (state.height, _heldAt(s.generation, state.height));
        if (other.digest == _digest(state)) return Outcome.Known;

        Held memory before;
        if (other.digest == 0) {
            before = _requirePredecessor(s.generation, predecessor, state.height);
            (against, other) = _contradicted(s.generation, predecessor, before, _timeNs(signedHeader.header));
        }
        if (other.digest != 0) {
            _requireNoLastingFreeze(s);
            _verify(s, trusted, signedHeader, blockHash, keyHash, true);
            emit MisbehaviourFound(state.height, against, other.digest, trusted, signedHeader, keyHash);
            _freezeLasting(Freeze.Misbehaviour);
            return Outcome.Misbehaviour;
        }

        _requireNotFrozen(s);
        if (before.next == 0) _requireNotAhead(signedHeader.header, s.maxClockDrift);
        _verify(s, trusted, signedHeader, blockHash, keyHash, true);
        _insert(s, state, predecessor, before);
        return Outcome.Updated;
    }

    /// @inheritdoc ICometBftLedger
    function submitMisbehaviour(
        ConsensusState calldata trusted1,
        SignedHeader calldata header1,
        ConsensusState calldata trusted2,
        SignedHeader calldata header2,
        bytes32 keyHash
    ) external {
        LedgerState memory s = _state;
        _requireNoLastingFreeze(s);
        bytes32 hash1 = HeaderHash.hash(_chainId(), header1.header);
        bytes32 hash2 = HeaderHash.hash(_chainId(), header2.header);
        (uint64 height1, uint64 height2) = (header1.header.height, header2.header.height);
        bool contradict = height1 == height2
            ? hash1 != hash2
            : height1 > height2 && _timeNs(header1.header) <= _timeNs(header2.header);
        if (!contradict) revert NoMisbehaviour();
        _verify(s, trusted1, header1, hash1, keyHash, false);
        _verify(s, trusted2, header2, hash2, keyHash, false);
        emit HeadersContradict(height1, height2, trusted1, header1, trusted2, header2, keyHash);
        _freezeLasting(Freeze.Misbehaviour);
    }

    /// @inheritdoc ICometBftLedger
    function freeze() external {
        if (msg.sender != guardian) revert NotGuardian(msg.sender);
        _freezeForAWhile(_freezeDuration, _freezeCooldown);
    }

    /// @inheritdoc ICometBftLedger
    function confirmFreeze() external onlyOwner {
        _requireNoLastingFreeze(_state);
        _freezeLasting(Freeze.Owner);
    }

    /// @inheritdoc ICometBftLedger
    function unfreeze(ConsensusState calldata stands) external onlyOwner {
        _reopen(stands);
    }

    /// @inheritdoc ICometBftLedger
    function setGuardian(address guardian_) external onlyOwner {
        _setGuardian(guardian_);
    }

    /// @inheritdoc ICometBftLedger
    function setPolicy(Policy calldata policy_) external onlyOwner {
        _setPolicy(policy_, unbondingPeriod);
    }

    /// @inheritdoc ICometBftLedger
    function policy() external view returns (Policy memory) {
        return Policy(_state.trustingPeriod, _state.maxClockDrift, _freezeDuration, _freezeCooldown);
    }

    /// @inheritdoc ICometBftLedger
    function chainId() external view returns (string memory) {
        return string(_chainId());
    }

    /// The light client's verification of a header against a trusted state, less what compares it with held ones: the
    /// state holds and is not expired, the set is the header's, enough of it signed, and it is the set that was
    /// named, or enough of that signed.
    /// @param asNext  whether a header directly after its trusted state must have the very set that was named
    function _verify(
        LedgerState memory s,
        ConsensusState calldata trusted,
        SignedHeader calldata h,
        bytes32 blockHash,
        bytes32 keyHash,
        bool asNext
    ) private view {
        _requireVouching(s, trusted, h.header.height);
        (bytes32 setHash, uint256 totalPower) = ConsensusKeys.hash(h.validators);
        if (setHash != h.header.validatorsHash) revert ValidatorsHashMismatch(h.header.validatorsHash, setHash);

        IVerifierRegistry.Entry memory key = _requireKey(keyHash);
        (uint256[3][] memory signals, uint256 power) =
            Commits.claims(Commits.frame(_chainId(), blockHash, h), h, key.capacity);
        if (3 * power <= 2 * totalPower) revert PowerTooSmall(power, totalPower);
        if (setHash != trusted.nextValidatorsHash) {
            if (asNext && h.header.height == trusted.height + 1) {
                revert ValidatorsHashMismatch(trusted.nextValidatorsHash, setHash);
            }
            _requireOverlap(trusted.nextValidatorsHash, h);
        }
        if (!IBatchVerifier(key.verifier).verifyBatch(h.proofs, signals)) revert InvalidProof();
    }

    /// The trusted state is held, lower than the header and within the trusting period.
    function _requireVouching(LedgerState memory s, ConsensusState calldata trusted, uint64 height) private view {
        _requireHeld(s.generation, trusted);
        if (height <= trusted.height) revert HeightNotAboveTrusted(height, trusted.height);
        uint256 untilNs = trusted.timeNs + uint256(s.trustingPeriod) * 1e9;
        if (block.timestamp * 1e9 >= untilNs) revert StateExpired(trusted.height, untilNs / 1e9);
    }

    /// More than a third of the power of the set that the trusted state named signed the header.
    function _requireOverlap(bytes32 trustedSetHash, SignedHeader calldata h) private view {
        (bytes32 setHash, uint256 totalPower) = ConsensusKeys.hash(h.trustedValidators);
        if (setHash != trustedSetHash) revert ValidatorsHashMismatch(trustedSetHash, setHash);
        uint256 power = Commits.trustedPower(h);
        if (3 * power <= totalPower) revert TrustedPowerTooSmall(power, totalPower);
    }

    function _requireKey(bytes32 keyHash) private view returns (IVerifierRegistry.Entry memory key) {
        key = VERIFIERS.entry(keyHash);
        if (key.verifier == address(0)) revert KeyUnknown(keyHash);
        if (key.retiresAt <= block.timestamp) revert KeyExpired(keyHash, key.retiresAt);
        if (key.kind != StatementKinds.ED25519) revert WrongStatementKind(key.kind);
    }

    /// What is held at the greatest height below another at which nothing is held.
    function _requirePredecessor(uint32 generation, uint64 predecessor, uint64 height)
        private
        view
        returns (Held memory before)
    {
        before = _heldAt(generation, predecessor);
        bool isPredecessor = before.digest != 0 && predecessor < height && (before.next == 0 || before.next > height);
        if (!isPredecessor) revert NotPredecessor(predecessor, height);
    }

    /// The neighbour whose time a header's does not lie beyond, on its side; nothing if there is none.
    function _contradicted(uint32 generation, uint64 predecessor, Held memory before, int256 timeNs)
        private
        view
        returns (uint64 height, Held memory other)
    {
        if (timeNs <= int256(uint256(before.timeNs))) return (predecessor, before);
        if (before.next == 0) return (0, other);
        Held memory next = _heldAt(generation, before.next);
        if (timeNs >= int256(uint256(next.timeNs))) return (before.next, next);
    }

    function _requireNotAhead(Header calldata h, uint32 maxClockDrift) private view {
        uint256 latestNs = (block.timestamp + maxClockDrift) * 1e9;
        if (_timeNs(h) >= int256(latestNs)) revert TimeTooFarAhead(_timeNs(h), latestNs);
    }

    function _chainId() private view returns (bytes memory) {
        return ChainIds.unpack(CHAIN_ID_FIRST, CHAIN_ID_SECOND, CHAIN_ID_LENGTH);
    }

    function _setPolicy(Policy memory p, uint32 unbondingPeriod_) private {
        bool inRange = p.trustingPeriod > 0 && p.trustingPeriod < unbondingPeriod_;
        if (!inRange) revert PeriodsOutOfRange(p.trustingPeriod, unbondingPeriod_);
        (_state.trustingPeriod, _state.maxClockDrift) = (p.trustingPeriod, p.maxClockDrift);
        (_freezeDuration, _freezeCooldown) = (p.freezeDuration, p.freezeCooldown);
        emit PolicyChanged(p);
    }

    function _setGuardian(address guardian_) private {
        guardian = guardian_;
        emit GuardianChanged(guardian_);
    }
}
