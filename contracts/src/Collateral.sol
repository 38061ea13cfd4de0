// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {RegistrationSignals} from "./generated/RegistrationSignals.sol";
import {ICoalition} from "./interfaces/ICoalition.sol";
import {IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {Proof} from "./interfaces/Types.sol";
import {Domains} from "./lib/Domains.sol";
import {StatementKinds} from "./lib/StatementKinds.sol";
import {ValidatorSets} from "./lib/ValidatorSets.sol";

/// Deposits, registration, unbonding and penalties. Every function ends its bookkeeping before it pays out, and
/// other contracts are only ever read from; so a re-entering call finds the books in order.
abstract contract Collateral is ICoalition, Ownable {
    uint256 private constant BPS = 10_000;

    struct Totals {
        uint64 stakeGwei;
        uint64 collateralGwei;
        uint128 penaltiesGwei;
    }

    IVerifierRegistry public immutable VERIFIERS;
    bytes31 public immutable domain;
    bytes31 public immutable registrationDomain;
    bytes31 public immutable localChainKey;
    uint48 internal immutable _trustingPeriod;
    uint48 internal immutable _evidenceWindow;
    uint48 internal immutable _unbondingDelay;

    mapping(bytes32 keyId => Validator) internal _validators;
    mapping(address operator => bytes32 keyId) public keyOf;
    /// A stake fits 64 bits, and so does every sum of stakes: all collateral together is bounded.
    Totals public totals;
    Policy private _policy;

    constructor(
        address owner_,
        IVerifierRegistry verifiers_,
        bytes31 hubChainKey,
        address hubCoalition,
        bytes31 localChainKey_,
        Periods memory periods_,
        Policy memory policy_
    ) Ownable(owner_) {
        uint256 slashable = uint256(periods_.trustingPeriod) + periods_.evidenceWindow;
        // The second bound keeps times within 48 bits, or nobody could leave or be slashed.
        if (slashable >= periods_.unbondingDelay || periods_.unbondingDelay > type(uint32).max) {
            revert PeriodsTooLong(slashable, periods_.unbondingDelay);
        }
        VERIFIERS = verifiers_;
        domain = Domains.attestation(hubChainKey, hubCoalition);
        registrationDomain = Domains.registration(hubChainKey, hubCoalition);
        localChainKey = localChainKey_;
        _trustingPeriod = periods_.trustingPeriod;
        _evidenceWindow = periods_.evidenceWindow;
        _unbondingDelay = periods_.unbondingDelay;
        _requireShortDelay(owner_, periods_.unbondingDelay);
        _setPolicy(policy_);
    }

    /// @inheritdoc ICoalition
    function register(uint256 keyX, uint256 keyY, bytes32 keyHash, Proof calldata proof) external payable {
        bytes32 keyId = _keyId(keyX, keyY);
        Validator storage v = _validators[keyId];
        if (v.status != Status.None) revert KeyKnown(keyId, v.status);
        if (keyOf[msg.sender] != 0) revert OperatorHasKey(keyOf[msg.sender]);
        uint64 amountGwei = _takeDeposit();
        if (amountGwei < _policy.minStakeGwei) revert StakeTooSmall(amountGwei, _policy.minStakeGwei);

        uint256[] memory signals = new uint256[](RegistrationSignals.COUNT);
        signals[RegistrationSignals.KEY_X] = keyX;
        signals[RegistrationSignals.KEY_Y] = keyY;
        signals[RegistrationSignals.DIGEST] = registrationDigest(msg.sender);
        // Refuses a coordinate >= FR, which would let one key register under two ids.
        VERIFIERS.verify(keyHash, StatementKinds.REGISTRATION, 0, proof, signals);

        keyOf[msg.sender] = keyId;
        v.operator = msg.sender;
        v.stakeGwei = amountGwei;
        v.status = Status.Active;
        v.keyX = keyX;
        v.keyY = keyY;
        emit Registered(keyId, msg.sender, keyX, keyY, amountGwei);
        _joined(keyId, v);
    }

    /// @inheritdoc ICoalition
    function addStake() external payable {
        (bytes32 keyId, Validator storage v) = _activeValidator();
        uint64 amountGwei = _takeDeposit();
        v.stakeGwei += amountGwei;
        emit StakeAdded(keyId, amountGwei, v.stakeGwei);
        _stakeChanged(v);
    }

    /// @inheritdoc ICoalition
    function unbond(uint64 amountGwei) external {
        (bytes32 keyId, Validator storage v) = _activeValidator();
        uint64 stakeGwei = v.stakeGwei;
        if (amountGwei == 0 || amountGwei > stakeGwei) revert AmountOutOfRange(amountGwei, stakeGwei);
        uint64 restGwei = stakeGwei - amountGwei;
        if (restGwei != 0 && restGwei < _policy.minStakeGwei) revert StakeTooSmall(restGwei, _policy.minStakeGwei);

        totals.stakeGwei -= amountGwei;
        v.stakeGwei = restGwei;
        v.unbondingGwei += amountGwei;
        v.withdrawableAt = _delayFromNow();
        emit UnbondingStarted(keyId, amountGwei, restGwei, v.withdrawableAt);
        if (restGwei == 0) {
            v.status = Status.Exited;
            _left(v);
        } else {
            _stakeChanged(v);
        }
    }

    /// @inheritdoc ICoalition
    function withdraw(address payable recipient) external returns (uint64 amountGwei) {
        if (recipient == address(0)) revert RecipientZero();
        (bytes32 keyId, Validator storage v) = _ownValidator();
        amountGwei = v.unbondingGwei;
        if (amountGwei == 0) revert NothingToWithdraw(keyId);
        if (block.timestamp < v.withdrawableAt) revert StillUnbonding(v.withdrawableAt);
        v.unbondingGwei = 0;
        totals.collateralGwei -= amountGwei;
        emit Withdrawn(keyId, recipient, amountGwei);
        Address.sendValue(recipient, uint256(amountGwei) * 1 gwei);
    }

    /// @inheritdoc ICoalition
    function claimPenalties() external returns (uint256 amountGwei) {
        amountGwei = totals.penaltiesGwei;
        if (amountGwei == 0) revert NothingToClaim();
        totals.penaltiesGwei = 0;
        address payable treasury = payable(_policy.treasury);
        emit PenaltiesClaimed(treasury, amountGwei);
        Address.sendValue(treasury, amountGwei * 1 gwei);
    }

    /// @inheritdoc ICoalition
    function setPolicy(Policy calldata policy_) external onlyOwner {
        _setPolicy(policy_);
    }

    /// The owner's delay is shorter than unbonding, so whoever dislikes what is announced can leave.
    /// Checked when ownership moves; a timelock that lengthens its own delay later is not seen here.
    function transferOwnership(address newOwner) public override onlyOwner {
        _requireShortDelay(newOwner, _unbondingDelay);
        super.transferOwnership(newOwner);
    }

    /// @inheritdoc ICoalition
    function registrationDigest(address operator) public view returns (uint256) {
        bytes memory message = abi.encodePacked(registrationDomain, operator, localChainKey, address(this));
        return uint256(sha256(message)) >> 8;
    }

    /// @inheritdoc ICoalition
    function validator(bytes32 keyId) external view returns (Validator memory) {
        return _validators[keyId];
    }

    /// @inheritdoc ICoalition
    function periods() external view returns (Periods memory) {
        return Periods(_trustingPeriod, _evidenceWindow, _unbondingDelay);
    }

    /// @inheritdoc ICoalition
    function policy() external view returns (Policy memory) {
        return _policy;
    }

    /// Takes the penalty and bars the key. What policy leaves of its collateral unbonds.
    function _tombstone(bytes32 keyId, uint256 keyX, uint256 keyY) internal returns (SlashOutcome outcome) {
        Validator storage v = _validators[keyId];
        Status before = v.status;
        if (before == Status.Tombstoned) return SlashOutcome.Already;
        v.status = Status.Tombstoned;
        uint64 penaltyGwei = 0;
        outcome = SlashOutcome.Barred;
        if (before != Status.None) {
            outcome = SlashOutcome.Slashed;
            penaltyGwei = _takePenalty(v);
            if (before == Status.Active) _left(v);
        }
        emit Tombstoned(keyId, keyX, keyY, outcome, penaltyGwei);
    }

    function _takePenalty(Validator storage v) private returns (uint64 penaltyGwei) {
        uint64 stakeGwei = v.stakeGwei;
        uint256 slashableGwei = uint256(stakeGwei) + v.unbondingGwei;
        // At most slashableGwei, which is at most all collateral and so fits 64 bits.
        penaltyGwei = uint64((slashableGwei * _policy.penaltyBps + BPS - 1) / BPS);
        uint64 restGwei = uint64(slashableGwei - penaltyGwei);
        v.stakeGwei = 0;
        if (v.unbondingGwei != restGwei) v.unbondingGwei = restGwei;
        if (restGwei != 0) v.withdrawableAt = _delayFromNow();
        Totals memory t = totals;
        totals = Totals(t.stakeGwei - stakeGwei, t.collateralGwei - penaltyGwei, t.penaltiesGwei + penaltyGwei);
    }

    /// A key became active.
    function _joined(bytes32 keyId, Validator storage v) internal virtual {}

    /// An active key has another stake.
    function _stakeChanged(Validator storage v) internal virtual {}

    /// A key is active no more.
    function _left(Validator storage v) internal virtual {}

    function _keyId(uint256 keyX, uint256 keyY) internal pure returns (bytes32) {
        return keccak256(abi.encode(keyX, keyY));
    }

    function _takeDeposit() private returns (uint64 amountGwei) {
        if (msg.value == 0) revert NothingDeposited();
        if (msg.value % 1 gwei != 0) revert NotWholeGwei(msg.value);
        Totals memory t = totals;
        uint256 collateralGwei = t.collateralGwei + msg.value / 1 gwei;
        if (collateralGwei > type(uint64).max) revert CollateralTooLarge(collateralGwei, type(uint64).max);
        amountGwei = uint64(msg.value / 1 gwei);
        totals = Totals(t.stakeGwei + amountGwei, uint64(collateralGwei), t.penaltiesGwei);
    }

    function _ownValidator() private view returns (bytes32 keyId, Validator storage v) {
        keyId = keyOf[msg.sender];
        if (keyId == 0) revert NoKey(msg.sender);
        v = _validators[keyId];
    }

    function _activeValidator() internal view returns (bytes32 keyId, Validator storage v) {
        (keyId, v) = _ownValidator();
        if (v.status != Status.Active) revert NotActive(keyId, v.status);
    }

    function _delayFromNow() internal view returns (uint48) {
        return uint48(block.timestamp) + _unbondingDelay;
    }

    function _setPolicy(Policy memory policy_) private {
        if (policy_.minStakeGwei == 0 || policy_.treasury == address(0)) revert PolicyOutOfRange();
        if (policy_.penaltyBps == 0 || policy_.penaltyBps > BPS) revert PolicyOutOfRange();
        _policy = policy_;
        emit PolicyChanged(policy_);
    }

    function _requireShortDelay(address owner_, uint256 unbondingDelay) private view {
        uint256 ownerDelay = TimelockController(payable(owner_)).getMinDelay();
        if (ownerDelay >= unbondingDelay) revert OwnerDelayTooLong(ownerDelay, unbondingDelay);
    }
}
