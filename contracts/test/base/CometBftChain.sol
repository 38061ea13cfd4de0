// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftSetup} from "./CometBftSetup.sol";
import {CometBftLedger} from "../../src/cometbft/CometBftLedger.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// A generated chain of ten validators, anchored at height 100 ten seconds before START; a block each second.
/// Three of them have power 10, the others 1: all is 37, the first three 30.
abstract contract CometBftChain is CometBftSetup {
    uint64 internal constant ANCHOR = 100;

    bytes internal set;
    ICometBftLedger.ConsensusState internal anchor;

    function setUp() public virtual override {
        super.setUp();
        set = setOf(1, 10, 3);
        anchor = stateOf(headerAt(ANCHOR, timeAt(ANCHOR), set, set));
        ledger = new CometBftLedger(config(anchor));
    }

    function timeAt(uint64 height) internal pure returns (uint256) {
        return (START - 10 + height - ANCHOR) * 1e9;
    }

    /// A block of the chain, signed by the strong three.
    function good(uint64 height) internal view returns (ICometBftLedger.SignedHeader memory) {
        return sign(headerAt(height, timeAt(height), set, set), set, 0, 3);
    }

    /// The same with another app hash.
    function other(uint64 height) internal view returns (ICometBftLedger.SignedHeader memory) {
        ICometBftLedger.Header memory h = headerAt(height, timeAt(height), set, set);
        h.appHash = keccak256("another state");
        return sign(h, set, 0, 3);
    }

    function submit(ICometBftLedger.SignedHeader memory s) internal returns (ICometBftLedger.Outcome) {
        return ledger.update(anchor, ANCHOR, s, KEY);
    }

    /// Holds a block of the chain, after the anchor or another predecessor.
    function hold(uint64 height, uint64 predecessor) internal returns (ICometBftLedger.SignedHeader memory s) {
        s = good(height);
        assertOutcome(ledger.update(anchor, predecessor, s, KEY), ICometBftLedger.Outcome.Updated);
    }

    function refuse(ICometBftLedger.SignedHeader memory s, bytes memory reason) internal {
        vm.expectRevert(reason);
        submit(s);
    }

    /// Starts anew from another anchor, whose set is `own`.
    function follow(bytes memory own) internal {
        anchor = stateOf(headerAt(ANCHOR, timeAt(ANCHOR), own, own));
        ledger = new CometBftLedger(config(anchor));
    }
}
