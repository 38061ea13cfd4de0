// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICometBftLedger} from "../interfaces/ICometBftLedger.sol";

/// What a ledger holds of its chain, in a list by height, and what stops it.
abstract contract ConsensusStates is ICometBftLedger {
    /// One storage slot, read once for each header.
    /// @param lasting       a freeze that only the owner ends: None, Owner or Misbehaviour
    /// @param freezeEndsAt  when the guardian's last freeze lapses or lapsed
    struct LedgerState {
        uint64 headHeight;
        uint32 generation;
        Freeze lasting;
        uint48 freezeEndsAt;
        uint32 trustingPeriod;
        uint32 maxClockDrift;
    }

    LedgerState internal _state;
    mapping(uint256 place => Held) private _held;

    /// @inheritdoc ICometBftLedger
    function status() external view returns (Status memory) {
        LedgerState memory s = _state;
        return Status(s.generation, s.headHeight, _freezeNow(s), s.freezeEndsAt);
    }

    /// @inheritdoc ICometBftLedger
    function held(uint64 height) external view returns (Held memory) {
        return _heldAt(_state.generation, height);
    }

    /// @inheritdoc ICometBftLedger
    function acceptedAt(ConsensusState calldata state) external view returns (uint64) {
        LedgerState memory s = _state;
        _requireNotFrozen(s);
        return _requireHeld(s.generation, state).since;
    }

    /// A header's state. Its time is cut to 64 bits: what is held has a time that fits.
    function _stateOf(Header calldata h, bytes32 blockHash) internal pure returns (ConsensusState memory) {
        return ConsensusState(h.height, uint64(uint256(_timeNs(h))), h.appHash, h.nextValidatorsHash, blockHash);
    }

    /// No overflow: seconds have 64 bits, and both are in range once the header has been hashed.
    function _timeNs(Header calldata h) internal pure returns (int256) {
        return int256(h.secs) * 1e9 + int256(uint256(h.nanos));
    }

    function _digest(ConsensusState memory state) internal pure returns (bytes32) {
        return keccak256(abi.encode(state));
    }

    function _heldAt(uint32 generation, uint64 height) internal view returns (Held memory) {
        return _held[_place(generation, height)];
    }

    function _requireHeld(uint32 generation, ConsensusState calldata state) internal view returns (Held memory h) {
        h = _heldAt(generation, state.height);
        if (h.digest == 0 || h.digest != _digest(state)) revert StateNotHeld(state.height);
    }

    /// Holds a state between a predecessor and what was held after it.
    /// @param before  what is held at `predecessor`; nothing is held between that and before.next
    function _insert(LedgerState memory s, ConsensusState memory state, uint64 predecessor, Held memory before)
        internal
    {
        _held[_place(s.generation, state.height)] =
            Held(_digest(state), state.timeNs, before.next, uint48(block.timestamp));
        _held[_place(s.generation, predecessor)].next = state.height;
        if (before.next == 0) _state.headHeight = state.height;
        emit HeaderAccepted(state.height, s.generation, state);
    }

    /// Makes a state the only one of a generation.
    function _holdOnly(ConsensusState memory state, uint32 generation) internal {
        bool malformed = state.height == 0 || state.timeNs == 0 || state.nextValidatorsHash == 0;
        if (malformed) revert StateMalformed(state.height);
        _held[_place(generation, state.height)] = Held(_digest(state), state.timeNs, 0, uint48(block.timestamp));
        _state.headHeight = state.height;
    }

    function _freezeLasting(Freeze why) internal {
        _state.lasting = why;
        emit Frozen(why, 0);
    }

    function _freezeForAWhile(uint256 duration, uint256 cooldown) internal {
        LedgerState memory s = _state;
        _requireNotFrozen(s);
        uint256 allowedFrom = s.freezeEndsAt == 0 ? 0 : s.freezeEndsAt + cooldown;
        if (block.timestamp < allowedFrom) revert GuardianCoolingDown(allowedFrom);
        uint48 endsAt = uint48(block.timestamp + duration);
        _state.freezeEndsAt = endsAt;
        emit Frozen(Freeze.Guardian, endsAt);
    }

    /// Starts a generation that holds `stands` alone: what earlier ones held is out of reach, not erased.
    function _reopen(ConsensusState memory stands) internal {
        LedgerState memory s = _state;
        if (_freezeNow(s) == Freeze.None) revert LedgerNotFrozen();
        _state.generation = s.generation + 1;
        _state.lasting = Freeze.None;
        // The cooldown of a freeze that is cut short runs from here.
        if (s.freezeEndsAt > block.timestamp) _state.freezeEndsAt = uint48(block.timestamp);
        _holdOnly(stands, s.generation + 1);
        emit Unfrozen(s.generation + 1, stands);
    }

    function _requireNotFrozen(LedgerState memory s) internal view {
        Freeze now_ = _freezeNow(s);
        if (now_ != Freeze.None) revert LedgerIsFrozen(now_);
    }

    /// Evidence counts while a guardian's freeze, which lapses, stops everything else.
    function _requireNoLastingFreeze(LedgerState memory s) internal pure {
        if (s.lasting != Freeze.None) revert LedgerIsFrozen(s.lasting);
    }

    function _freezeNow(LedgerState memory s) private view returns (Freeze) {
        if (s.lasting != Freeze.None) return s.lasting;
        return block.timestamp < s.freezeEndsAt ? Freeze.Guardian : Freeze.None;
    }

    function _place(uint32 generation, uint64 height) private pure returns (uint256) {
        return uint256(generation) << 64 | height;
    }
}
