// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// What a judge reads of a ledger, set by the test.
contract CometBftLedgerStub {
    string public chainId;
    uint64 private _head;
    ICometBftLedger.Freeze private _freeze;
    mapping(uint64 height => ICometBftLedger.Held) private _held;

    constructor(string memory chainId_) {
        chainId = chainId_;
    }

    function hold(ICometBftLedger.ConsensusState memory state) external {
        _held[state.height] =
            ICometBftLedger.Held(keccak256(abi.encode(state)), state.timeNs, 0, uint48(block.timestamp));
        if (state.height > _head) _head = state.height;
    }

    function setFreeze(ICometBftLedger.Freeze freeze) external {
        _freeze = freeze;
    }

    function held(uint64 height) external view returns (ICometBftLedger.Held memory) {
        return _held[height];
    }

    function acceptedAt(ICometBftLedger.ConsensusState calldata state) external view returns (uint64) {
        if (_freeze != ICometBftLedger.Freeze.None) revert ICometBftLedger.LedgerIsFrozen(_freeze);
        ICometBftLedger.Held memory h = _held[state.height];
        if (h.digest != keccak256(abi.encode(state))) revert ICometBftLedger.StateNotHeld(state.height);
        return h.since;
    }

    function status() external view returns (ICometBftLedger.Status memory) {
        return ICometBftLedger.Status(0, _head, _freeze, 0);
    }
}
