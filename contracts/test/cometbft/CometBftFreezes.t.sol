// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {CometBftChain} from "../base/CometBftChain.sol";
import {ChainIds} from "../../src/cometbft/ChainIds.sol";
import {CometBftLedger} from "../../src/cometbft/CometBftLedger.sol";
import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// Who may stop the ledger, for how long, how it is opened again, and what it is made with.
contract CometBftFreezesTest is CometBftChain {
    function _freeze() private {
        vm.prank(GUARDIAN);
        ledger.freeze();
    }

    function _expectFrozen(ICometBftLedger.Freeze why) private {
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.LedgerIsFrozen.selector, why));
    }

    function test_onlyTheGuardianFreezes() external {
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.NotGuardian.selector, OWNER));
        vm.prank(OWNER);
        ledger.freeze();
    }

    function test_onlyTheOwnerDoesTheRest() external {
        ICometBftLedger.Policy memory p = ledger.policy();
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, GUARDIAN);
        vm.startPrank(GUARDIAN);
        vm.expectRevert(reason);
        ledger.confirmFreeze();
        vm.expectRevert(reason);
        ledger.unfreeze(anchor);
        vm.expectRevert(reason);
        ledger.setGuardian(GUARDIAN);
        vm.expectRevert(reason);
        ledger.setPolicy(p);
        vm.stopPrank();
    }

    function test_aGuardiansFreezeHoldsToItsLastSecondAndThenLapses() external {
        _freeze();
        vm.warp(START + FREEZE - 1);
        _expectFrozen(ICometBftLedger.Freeze.Guardian);
        ledger.acceptedAt(anchor);
        vm.warp(START + FREEZE);
        vm.assertEq(ledger.acceptedAt(anchor), START);
    }

    function test_theCooldownRunsFromTheLapse() external {
        _freeze();
        _expectFrozen(ICometBftLedger.Freeze.Guardian);
        _freeze();
        vm.warp(START + FREEZE + COOLDOWN - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICometBftLedger.GuardianCoolingDown.selector, START + FREEZE + COOLDOWN)
        );
        _freeze();
        vm.warp(START + FREEZE + COOLDOWN);
        _freeze();
    }

    function test_aConfirmedFreezeDoesNotLapse() external {
        _freeze();
        vm.prank(OWNER);
        ledger.confirmFreeze();
        vm.warp(START + 365 days);
        assertFreeze(ICometBftLedger.Freeze.Owner);
        _expectFrozen(ICometBftLedger.Freeze.Owner);
        vm.prank(OWNER);
        ledger.confirmFreeze();
    }

    function test_unfreezeOpensAGenerationWithOneState() external {
        ICometBftLedger.ConsensusState memory first = stateOf(hold(101, ANCHOR).header);
        ICometBftLedger.ConsensusState memory second = stateOf(hold(102, 101).header);
        ledger.submitMisbehaviour(anchor, good(105), anchor, other(105), KEY);
        vm.warp(START + 1 days);
        vm.prank(OWNER);
        ledger.unfreeze(first);

        vm.assertEq(ledger.acceptedAt(first), START + 1 days, "its age begins anew");
        vm.assertEq(ledger.status().generation, 1);
        vm.assertEq(ledger.status().headHeight, 101);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.StateNotHeld.selector, 102));
        ledger.acceptedAt(second);
        ICometBftLedger.SignedHeader memory s = good(103);
        vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.StateNotHeld.selector, ANCHOR));
        ledger.update(anchor, 101, s, KEY);
        assertOutcome(ledger.update(first, 101, s, KEY), ICometBftLedger.Outcome.Updated);
    }

    function test_theOtherBranchCanBeFollowedAfterTheOwnerNamedIt() external {
        hold(105, ANCHOR);
        ICometBftLedger.SignedHeader memory theirs = other(105);
        submit(theirs);
        ICometBftLedger.ConsensusState memory stands = stateOf(theirs.header);
        vm.prank(OWNER);
        ledger.unfreeze(stands);
        assertOutcome(ledger.update(stands, 105, theirs, KEY), ICometBftLedger.Outcome.Known);
        assertOutcome(ledger.update(stands, 105, good(106), KEY), ICometBftLedger.Outcome.Updated);
    }

    /// Nothing held vouches any more: the owner freezes and opens with a state of its own.
    function test_theWayBackAfterTheTrustingPeriod() external {
        vm.warp(START + UNBONDING);
        vm.expectRevert(ICometBftLedger.LedgerNotFrozen.selector);
        vm.prank(OWNER);
        ledger.unfreeze(anchor);
        vm.prank(OWNER);
        ledger.confirmFreeze();
        anchor = stateOf(headerAt(5000, (START + UNBONDING - 60) * 1e9, set, set));
        vm.prank(OWNER);
        ledger.unfreeze(anchor);
        ICometBftLedger.SignedHeader memory s =
            sign(headerAt(5001, (START + UNBONDING) * 1e9, set, set), set, 0, 3);
        assertOutcome(ledger.update(anchor, 5000, s, KEY), ICometBftLedger.Outcome.Updated);
    }

    function test_afterAnEarlyUnfreezeTheCooldownRunsFromIt() external {
        _freeze();
        vm.warp(START + 1 days);
        vm.prank(OWNER);
        ledger.unfreeze(anchor);
        vm.warp(START + 1 days + COOLDOWN - 1);
        vm.expectPartialRevert(ICometBftLedger.GuardianCoolingDown.selector);
        _freeze();
        vm.warp(START + 1 days + COOLDOWN);
        _freeze();
    }

    function test_anAnchorNeedsHeightTimeAndNextSet() external {
        for (uint256 i = 0; i < 3; ++i) {
            CometBftLedger.Config memory c = config(anchor);
            if (i == 0) c.anchor.height = 0;
            if (i == 1) c.anchor.timeNs = 0;
            if (i == 2) c.anchor.nextValidatorsHash = 0;
            vm.expectPartialRevert(ICometBftLedger.StateMalformed.selector);
            new CometBftLedger(c);
        }
    }

    function test_theTrustingPeriodIsShorterThanUnbonding() external {
        ICometBftLedger.Policy memory p = ledger.policy();
        for (uint256 i = 0; i < 2; ++i) {
            p.trustingPeriod = i == 0 ? 0 : UNBONDING;
            vm.expectRevert(
                abi.encodeWithSelector(ICometBftLedger.PeriodsOutOfRange.selector, p.trustingPeriod, UNBONDING)
            );
            vm.prank(OWNER);
            ledger.setPolicy(p);
        }
        p = ICometBftLedger.Policy(UNBONDING - 1, 1, 2, 3);
        vm.prank(OWNER);
        ledger.setPolicy(p);
        vm.assertEq(keccak256(abi.encode(ledger.policy())), keccak256(abi.encode(p)));
        vm.assertEq(ledger.status().headHeight, ANCHOR, "what shares their slot stays");
    }

    function test_theGuardianChanges() external {
        vm.prank(OWNER);
        ledger.setGuardian(address(7));
        vm.assertEq(ledger.guardian(), address(7));
        ICometBftLedger.Policy memory p = ledger.policy();
        vm.assertEq(p.freezeDuration, FREEZE);
        vm.assertEq(p.freezeCooldown, COOLDOWN);
    }

    function test_chainIdOfOneTo50Bytes() external {
        CometBftLedger.Config memory c = config(anchor);
        for (uint256 n = 0; n <= 51; ++n) {
            bytes memory id = new bytes(n);
            for (uint256 i = 0; i < n; ++i) {
                id[i] = bytes1(uint8(65 + i % 26));
            }
            c.chainId = string(id);
            if (n == 0 || n == 51) {
                vm.expectRevert(abi.encodeWithSelector(ICometBftLedger.ChainIdLengthOutOfRange.selector, n, 50));
                new CometBftLedger(c);
            } else {
                vm.assertEq(bytes(new CometBftLedger(c).chainId()), id);
            }
        }
    }

    function test_revisions() external view {
        vm.assertEq(ledger.revision(), 7);
        _revision("cosmoshub-4", 4);
        _revision("a-1", 1);
        _revision("a-b-12", 12);
        _revision("a-18446744073709551615", type(uint64).max);
        _revision("a-18446744073709551616", 0);
        _revision("a-01", 0);
        _revision("a-0", 0);
        _revision("a-", 0);
        _revision("-1", 0);
        _revision("a--1", 0);
        _revision("osmosis", 0);
        _revision("7", 0);
        _revision("a-1b", 0);
        _revision("", 0);
    }

    function _revision(string memory id, uint64 expected) private pure {
        vm.assertEq(ChainIds.revision(bytes(id)), expected);
    }
}
