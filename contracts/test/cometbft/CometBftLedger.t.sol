// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// Which headers the ledger takes, by the state that vouches for them, their time and their place among those held.
contract CometBftLedgerTest is CometBftChain {
    function test_adjacentHeader() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        vm.expectEmit(true, true, true, true);
        emit ICometBftLedger.HeaderAccepted(101, 0, stateOf(s.header));
        assertOutcome(submit(s), ICometBftLedger.Outcome.Updated);
        vm.assertEq(ledger.acceptedAt(stateOf(s.header)), START);
        vm.assertEq(ledger.status().headHeight, 101);
        ICometBftLedger.Held memory h = ledger.held(101);
        vm.assertEq(h.digest, keccak256(abi.encode(stateOf(s.header))));
        vm.assertEq(h.timeNs, timeAt(101));
        vm.assertEq(ledger.held(100).next, 101);
    }

    function test_aChainOfSetsThatChangeEachBlock() external {
        bytes memory current = set;
        ICometBftLedger.ConsensusState memory trusted = anchor;
        for (uint64 height = 101; height < 106; ++height) {
            bytes memory next = setOf(height, 4 + height % 7, 2);
            ICometBftLedger.SignedHeader memory s =
                sign(headerAt(height, timeAt(height), current, next), current, 0, current.length / 40);
            assertOutcome(ledger.update(trusted, height - 1, s, KEY), ICometBftLedger.Outcome.Updated);
            (trusted, current) = (stateOf(s.header), next);
        }
        vm.assertEq(ledger.status().headHeight, 105);
    }

    function test_skippingWithTheSameSet() external {
        hold(108, ANCHOR);
    }

    function test_knownWhateverElseIsWrong() external {
        ICometBftLedger.SignedHeader memory s = hold(105, ANCHOR);
        s.proofs[0].c = [uint256(1), 2];
        vm.warp(START + 365 days);
        assertOutcome(ledger.update(anchor, 7, s, bytes32(0)), ICometBftLedger.Outcome.Known);
    }

    function test_theTrustedStateMustBeHeld() external {
        ICometBftLedger.SignedHeader memory s = good(101);
        for (uint256 i = 0; i < 5; ++i) {
            ICometBftLedger.ConsensusState memory t = anchor;
            if (i == 0) t.height = 99;
            if (i == 1) t.timeNs += 1;
            if (i == 2) t.appHash = 0;
            if (i == 3) t.nextValidatorsHash = 0;
            if (i == 4) t.blockHash = 0;
            vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.StateNotHeld.selector, t.height));
            ledger.update(t, ANCHOR, s, KEY);
        }
    }

    function test_theHeaderMustBeHigherThanTheTrustedState() external {
        ICometBftLedger.ConsensusState memory trusted = stateOf(hold(105, ANCHOR).header);
        ICometBftLedger.SignedHeader memory s = good(103);
        vm.expectRevert(_selector(ICometBftLedger.HeightNotAboveTrusted.selector, 103, 105));
        ledger.update(trusted, ANCHOR, s, KEY);
    }

    function test_trustingPeriodToTheNanosecond() external {
        uint256 until = anchor.timeNs / 1e9 + TRUSTING;
        vm.warp(until - 1);
        submit(good(101));
        vm.warp(until);
        ICometBftLedger.SignedHeader memory s = good(102);
        vm.expectRevert(_selector(ICometBftLedger.StateExpired.selector, ANCHOR, until));
        ledger.update(anchor, 101, s, KEY);
    }

    function test_clockDriftToTheNanosecond() external {
        uint256 latest = (START + DRIFT) * 1e9;
        ICometBftLedger.Header memory h = headerAt(101, latest, set, set);
        refuse(sign(h, set, 0, 3), _selector(ICometBftLedger.TimeTooFarAhead.selector, latest, latest));
        h = headerAt(101, latest - 1, set, set);
        assertOutcome(submit(sign(h, set, 0, 3)), ICometBftLedger.Outcome.Updated);
    }

    function test_headersBetweenHeldOnes() external {
        hold(108, ANCHOR);
        hold(104, ANCHOR);
        hold(106, 104);
        hold(109, 108);
        hold(101, ANCHOR);
        uint64[6] memory heights = [uint64(100), 101, 104, 106, 108, 109];
        for (uint256 i = 0; i < 5; ++i) {
            vm.assertEq(ledger.held(heights[i]).next, heights[i + 1]);
        }
        vm.assertEq(ledger.held(109).next, 0);
        vm.assertEq(ledger.status().headHeight, 109);
    }

    function test_thePredecessorIsTheGreatestBelow() external {
        hold(104, ANCHOR);
        ICometBftLedger.SignedHeader memory s = good(106);
        uint64[4] memory wrong = [ANCHOR, 99, 106, 107];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(_selector(ICometBftLedger.NotPredecessor.selector, wrong[i], 106));
            ledger.update(anchor, wrong[i], s, KEY);
        }
        hold(108, 104);
        s = good(107);
        vm.expectRevert(_selector(ICometBftLedger.NotPredecessor.selector, 108, 107));
        ledger.update(anchor, 108, s, KEY);
    }

    function _selector(bytes4 s, uint256 a, uint256 b) private pure returns (bytes memory) {
        return abi.encodeWithSelector(s, a, b);
    }
}
