// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CometBftChain} from "../base/CometBftChain.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// What freezes the ledger by itself: headers that contradict what is held, or each other.
contract CometBftMisbehaviourTest is CometBftChain {
    bytes private _invalidProof = abi.encodeWithSelector(ICometBftLedger.InvalidProof.selector);

    function test_anotherHeaderAtAHeldHeight() external {
        hold(105, ANCHOR);
        bytes32 held = ledger.held(105).digest;
        ICometBftLedger.SignedHeader memory s = other(105);
        vm.expectEmit(true, true, true, true);
        emit ICometBftLedger.MisbehaviourFound(105, 105, held, anchor, s, KEY);
        vm.expectEmit(true, true, true, true);
        emit ICometBftLedger.Frozen(ICometBftLedger.Freeze.Misbehaviour, 0);
        assertOutcome(submit(s), ICometBftLedger.Outcome.Misbehaviour);
        assertFreeze(ICometBftLedger.Freeze.Misbehaviour);
        vm.assertEq(ledger.held(105).digest, held);
        ICometBftLedger.SignedHeader memory next = good(106);
        vm.expectRevert(
            abi.encodeWithSelector(ICometBftLedger.LedgerIsFrozen.selector, ICometBftLedger.Freeze.Misbehaviour)
        );
        ledger.update(anchor, 105, next, KEY);
    }

    /// The same app state under another block hash is a second block all the same.
    function test_aHeaderThatDiffersInAnyFieldContradicts() external {
        hold(105, ANCHOR);
        ICometBftLedger.Header memory h = headerAt(105, timeAt(105), set, set);
        h.proposer = bytes20("somebody");
        assertOutcome(submit(sign(h, set, 0, 3)), ICometBftLedger.Outcome.Misbehaviour);
    }

    /// Only the commit differs: another round, other signers.
    function test_anotherCommitOfTheSameHeaderIsKnown() external {
        hold(105, ANCHOR);
        ICometBftLedger.SignedHeader memory s = sign(headerAt(105, timeAt(105), set, set), set, 0, 10);
        s.round = 3;
        prove(s);
        assertOutcome(submit(s), ICometBftLedger.Outcome.Known);
    }

    function test_aContradictionMustBeValid() external {
        hold(105, ANCHOR);
        ICometBftLedger.SignedHeader memory s = other(105);
        s.header.appHash = keccak256("a third state");
        refuse(s, _invalidProof);
        s = sign(s.header, set, 1, 10); // 27 of 37
        assertOutcome(submit(s), ICometBftLedger.Outcome.Misbehaviour);
    }

    function test_aContradictionNeedsTwoThirds() external {
        hold(105, ANCHOR);
        ICometBftLedger.SignedHeader memory s = other(105);
        s = sign(s.header, set, 0, 2);
        refuse(s, abi.encodeWithSelector(ICometBftLedger.PowerTooSmall.selector, 20, 37));
        assertFreeze(ICometBftLedger.Freeze.None);
    }

    /// Also where the time would be refused for lying ahead.
    function test_aContradictionFromTheFuture() external {
        hold(105, ANCHOR);
        ICometBftLedger.Header memory h = headerAt(105, timeAt(105) + 1e18, set, set);
        assertOutcome(submit(sign(h, set, 0, 3)), ICometBftLedger.Outcome.Misbehaviour);
    }

    function test_timeNotAfterThePredecessor() external {
        hold(105, ANCHOR);
        for (uint256 later = 0; later < 2; ++later) {
            ICometBftLedger.Header memory h = headerAt(106, timeAt(105) + later, set, set);
            ICometBftLedger.SignedHeader memory s = sign(h, set, 0, 3);
            ICometBftLedger.Outcome outcome = ledger.update(anchor, 105, s, KEY);
            if (later == 1) return assertOutcome(outcome, ICometBftLedger.Outcome.Updated);
            assertOutcome(outcome, ICometBftLedger.Outcome.Misbehaviour);
            _reopenWith(headerAt(105, timeAt(105), set, set));
        }
    }

    function test_timeNotBeforeTheNext() external {
        hold(105, ANCHOR);
        ICometBftLedger.Header memory h = headerAt(103, timeAt(105), set, set);
        assertOutcome(submit(sign(h, set, 0, 3)), ICometBftLedger.Outcome.Misbehaviour);
    }

    function test_timeJustBeforeTheNext() external {
        hold(105, ANCHOR);
        ICometBftLedger.Header memory h = headerAt(103, timeAt(105) - 1, set, set);
        assertOutcome(submit(sign(h, set, 0, 3)), ICometBftLedger.Outcome.Updated);
    }

    function test_aTimeBefore1970RunsBackwards() external {
        ICometBftLedger.Header memory h = headerAt(103, 0, set, set);
        h.secs = -1;
        assertOutcome(submit(sign(h, set, 0, 3)), ICometBftLedger.Outcome.Misbehaviour);
    }

    function test_evidenceCountsDuringAGuardiansFreeze() external {
        hold(105, ANCHOR);
        ICometBftLedger.SignedHeader memory next = good(106);
        vm.prank(GUARDIAN);
        ledger.freeze();
        vm.expectRevert(
            abi.encodeWithSelector(ICometBftLedger.LedgerIsFrozen.selector, ICometBftLedger.Freeze.Guardian)
        );
        ledger.update(anchor, 105, next, KEY);
        assertOutcome(submit(other(105)), ICometBftLedger.Outcome.Misbehaviour);
        vm.warp(block.timestamp + FREEZE + 1);
        assertFreeze(ICometBftLedger.Freeze.Misbehaviour);
    }

    // Two headers.

    function test_twoHeadersOfOneHeight() external {
        (ICometBftLedger.SignedHeader memory a, ICometBftLedger.SignedHeader memory b) = (good(105), other(105));
        vm.expectEmit(true, true, true, true);
        emit ICometBftLedger.HeadersContradict(105, 105, anchor, a, anchor, b, KEY);
        ledger.submitMisbehaviour(anchor, a, anchor, b, KEY);
        assertFreeze(ICometBftLedger.Freeze.Misbehaviour);
        vm.assertEq(ledger.held(105).digest, 0);
    }

    function test_twoHeadersWhoseTimeRunsBackwards() external {
        ICometBftLedger.SignedHeader memory low = good(105);
        ICometBftLedger.SignedHeader memory high = sign(headerAt(107, timeAt(105), set, set), set, 0, 3);
        vm.expectRevert(ICometBftLedger.NoMisbehaviour.selector);
        ledger.submitMisbehaviour(anchor, low, anchor, high, KEY);
        ledger.submitMisbehaviour(anchor, high, anchor, low, KEY);
        assertFreeze(ICometBftLedger.Freeze.Misbehaviour);
    }

    function test_headersThatAgreeAreNoMisbehaviour() external {
        (ICometBftLedger.SignedHeader memory a, ICometBftLedger.SignedHeader memory b) = (good(105), good(107));
        vm.expectRevert(ICometBftLedger.NoMisbehaviour.selector);
        ledger.submitMisbehaviour(anchor, a, anchor, a, KEY);
        vm.expectRevert(ICometBftLedger.NoMisbehaviour.selector);
        ledger.submitMisbehaviour(anchor, b, anchor, a, KEY);
        vm.expectRevert(ICometBftLedger.NoMisbehaviour.selector);
        ledger.submitMisbehaviour(anchor, a, anchor, b, KEY);
    }

    function test_bothHeadersMustBeValid() external {
        (ICometBftLedger.SignedHeader memory a, ICometBftLedger.SignedHeader memory b) = (good(105), other(105));
        a.proofs[0].c = a.proofs[0].a;
        vm.expectRevert(_invalidProof);
        ledger.submitMisbehaviour(anchor, a, anchor, b, KEY);
        vm.expectRevert(_invalidProof);
        ledger.submitMisbehaviour(anchor, b, anchor, a, KEY);
    }

    function test_eachByItsOwnTrustedState() external {
        ICometBftLedger.ConsensusState memory later = stateOf(hold(103, ANCHOR).header);
        ICometBftLedger.SignedHeader memory a = good(105);
        ICometBftLedger.SignedHeader memory b = other(105);
        vm.warp(anchor.timeNs / 1e9 + TRUSTING); // the anchor has expired
        vm.expectPartialRevert(ICometBftLedger.StateExpired.selector);
        ledger.submitMisbehaviour(later, a, anchor, b, KEY);
        ledger.submitMisbehaviour(later, a, later, b, KEY);
        assertFreeze(ICometBftLedger.Freeze.Misbehaviour);
    }

    /// A set that the chain never named, signed by enough of the one it did name: as in ICS-07 that freezes.
    function test_aForgedSetRightAfterTheTrustedState() external {
        bytes memory forged = setOf(1, 4, 2);
        ICometBftLedger.SignedHeader memory b = sign(headerAt(101, timeAt(101), forged, forged), forged, 0, 4);
        b.trustedValidators = set;
        b.trustedIndices = hex"0000000100020003";
        refuse(
            b, abi.encodeWithSelector(ICometBftLedger.ValidatorsHashMismatch.selector, hashOf(set), hashOf(forged))
        );
        ledger.submitMisbehaviour(anchor, good(101), anchor, b, KEY);
        assertFreeze(ICometBftLedger.Freeze.Misbehaviour);
    }

    function test_nothingMoreOnceFrozenForGood() external {
        (ICometBftLedger.SignedHeader memory a, ICometBftLedger.SignedHeader memory b) = (good(105), other(105));
        ledger.submitMisbehaviour(anchor, a, anchor, b, KEY);
        vm.expectRevert(
            abi.encodeWithSelector(ICometBftLedger.LedgerIsFrozen.selector, ICometBftLedger.Freeze.Misbehaviour)
        );
        ledger.submitMisbehaviour(anchor, a, anchor, b, KEY);
    }

    function _reopenWith(ICometBftLedger.Header memory h) private {
        ICometBftLedger.ConsensusState memory stands = stateOf(h);
        vm.prank(OWNER);
        ledger.unfreeze(stands);
        anchor = stands;
    }
}
