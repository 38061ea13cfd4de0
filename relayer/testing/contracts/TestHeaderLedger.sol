// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICometBftLedger} from "../../../contracts/src/interfaces/ICometBftLedger.sol";

/// Stands in for CometBftLedger, with its answers and none of its checks.
contract TestHeaderLedger {
    uint64 private head;
    mapping(uint64 height => bytes32) private held;
    uint256 public effects;

    /// A header is told from another by its data hash.
    function update(
        ICometBftLedger.ConsensusState calldata,
        uint64,
        ICometBftLedger.SignedHeader calldata h,
        bytes32
    ) external returns (ICometBftLedger.Outcome) {
        (uint64 height, bytes32 id) = (h.header.height, h.header.dataHash);
        if (held[height] == id) return ICometBftLedger.Outcome.Known;
        ++effects;
        if (held[height] != 0) return ICometBftLedger.Outcome.Misbehaviour;
        held[height] = id;
        if (height > head) head = height;
        return ICometBftLedger.Outcome.Updated;
    }

    function status() external view returns (ICometBftLedger.Status memory) {
        return ICometBftLedger.Status(0, head, ICometBftLedger.Freeze.None, 0);
    }
}
