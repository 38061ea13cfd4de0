// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {Errors} from "@openzeppelin/contracts/utils/Errors.sol";
import {CoalitionFixture} from "./base/CoalitionFixture.sol";
import {Reenterer, Refuser} from "./base/Reenterer.sol";

contract UnbondingTest is CoalitionFixture {
    function setUp() public override {
        super.setUp();
        _register(hub, 0, 100 * ETHER);
    }

    function test_addedStakeVotesAndIsCounted() external {
        _fundedPrank(0, ETHER);
        hub.addStake{value: 1 ether}();
        vm.assertEq(hub.validator(_keyId(0)).stakeGwei, 101 * ETHER);
        vm.assertEq(hub.leaf(0).stakeGwei, 101 * ETHER);
        _assertBooks(hub);
    }

    function test_addingNothingOrPartsOfAGweiIsRefused() external {
        vm.deal(_operator(0), 1 ether);
        vm.startPrank(_operator(0));
        vm.expectRevert(ICoalition.NothingDeposited.selector);
        hub.addStake{value: 0}();
        vm.expectRevert(abi.encodeWithSelector(ICoalition.NotWholeGwei.selector, 1));
        hub.addStake{value: 1}();
        vm.stopPrank();
    }

    function test_strangersHaveNothingToChange() external {
        address stranger = _operator(5);
        vm.deal(stranger, 1 ether);
        bytes memory noKey = abi.encodeWithSelector(ICoalition.NoKey.selector, stranger);
        vm.startPrank(stranger);
        vm.expectRevert(noKey);
        hub.addStake{value: 1 ether}();
        vm.expectRevert(noKey);
        hub.unbond(1);
        vm.expectRevert(noKey);
        hub.withdraw(payable(stranger));
        vm.stopPrank();
    }

    function test_unbondedStakeLeavesTheVoteAtOnce() external {
        _unbond(10 * ETHER);
        vm.assertEq(hub.leaf(0).stakeGwei, 90 * ETHER);
        (uint64 stakeGwei, uint64 collateralGwei,) = hub.totals();
        vm.assertEq(stakeGwei, 90 * ETHER);
        vm.assertEq(collateralGwei, 100 * ETHER);
        _assertBooks(hub);
    }

    function test_theRestIsAtLeastTheMinimumOrNothing() external {
        vm.prank(_operator(0));
        vm.expectRevert(abi.encodeWithSelector(ICoalition.StakeTooSmall.selector, 32 * ETHER - 1, 32 * ETHER));
        hub.unbond(68 * ETHER + 1);
        _unbond(68 * ETHER);
        vm.assertEq(uint256(hub.validator(_keyId(0)).status), uint256(ICoalition.Status.Active));
        _unbond(32 * ETHER);
        vm.assertEq(uint256(hub.validator(_keyId(0)).status), uint256(ICoalition.Status.Exited));
        vm.assertEq(hub.leaf(0).keyX, 0);
        _assertBooks(hub);
    }

    function test_unbondsNeitherNothingNorMoreThanThereIs() external {
        vm.startPrank(_operator(0));
        vm.expectRevert(abi.encodeWithSelector(ICoalition.AmountOutOfRange.selector, 0, 100 * ETHER));
        hub.unbond(0);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.AmountOutOfRange.selector, 100 * ETHER + 1, 100 * ETHER));
        hub.unbond(100 * ETHER + 1);
        vm.stopPrank();
    }

    function test_whoLeftIsOut() external {
        _unbond(100 * ETHER);
        bytes memory exited =
            abi.encodeWithSelector(ICoalition.NotActive.selector, _keyId(0), ICoalition.Status.Exited);
        vm.deal(_operator(0), 1 ether);
        vm.startPrank(_operator(0));
        vm.expectRevert(exited);
        hub.addStake{value: 1 ether}();
        vm.expectRevert(exited);
        hub.unbond(1);
        vm.stopPrank();
    }

    function test_paysAfterTheDelayAndNotASecondBefore() external {
        _unbond(10 * ETHER);
        uint256 due = block.timestamp + UNBONDING;
        vm.warp(due - 1);
        vm.prank(_operator(0));
        vm.expectRevert(abi.encodeWithSelector(ICoalition.StillUnbonding.selector, due));
        hub.withdraw(payable(_operator(9)));
        vm.warp(due);
        vm.prank(_operator(0));
        vm.assertEq(hub.withdraw(payable(_operator(9))), 10 * ETHER);
        vm.assertEq(_operator(9).balance, 10 ether);
        vm.prank(_operator(0));
        vm.expectRevert(abi.encodeWithSelector(ICoalition.NothingToWithdraw.selector, _keyId(0)));
        hub.withdraw(payable(_operator(9)));
        _assertBooks(hub);
    }

    function test_aFurtherUnbondingStartsTheDelayAnewForAll() external {
        _unbond(10 * ETHER);
        vm.warp(block.timestamp + UNBONDING - 1);
        _unbond(1);
        vm.warp(block.timestamp + UNBONDING - 1);
        vm.prank(_operator(0));
        vm.expectPartialRevert(ICoalition.StillUnbonding.selector);
        hub.withdraw(payable(_operator(0)));
        vm.warp(block.timestamp + 1);
        vm.prank(_operator(0));
        vm.assertEq(hub.withdraw(payable(_operator(0))), 10 * ETHER + 1);
    }

    function test_paysNobodyAtTheZeroAddress() external {
        _unbond(10 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_operator(0));
        vm.expectRevert(ICoalition.RecipientZero.selector);
        hub.withdraw(payable(address(0)));
    }

    function test_aRecipientThatRefusesLeavesTheMoneyWhereItWas() external {
        Refuser refuser = new Refuser();
        _unbond(10 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_operator(0));
        vm.expectRevert(Errors.FailedCall.selector);
        hub.withdraw(payable(address(refuser)));
        vm.assertEq(hub.validator(_keyId(0)).unbondingGwei, 10 * ETHER);
        vm.prank(_operator(0));
        hub.withdraw(payable(_operator(0)));
        _assertBooks(hub);
    }

    function test_reenteringAWithdrawalPaysOnce() external {
        Reenterer thief = new Reenterer(hub);
        (uint256 x, uint256 y) = _key(1);
        _signRegistration(hub, 1, address(thief));
        thief.register{value: 64 ether}(x, y, REGISTRATION_KEY);
        thief.unbond(32 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        thief.onPaymentCall(abi.encodeCall(ICoalition.withdraw, (payable(address(thief)))));
        thief.onPaymentCall(abi.encodeCall(ICoalition.claimPenalties, ()));
        thief.withdraw();
        vm.assertEq(thief.succeeded(), 0);
        vm.assertEq(thief.paid(), 1);
        vm.assertEq(address(thief).balance, 32 ether);
        _assertBooks(hub);
    }

    /// What may be called from within a payment finds the books in order: here a further unbonding.
    function test_reenteringIntoAnUnbondingIsNoDifferentFromCallingAfterwards() external {
        Reenterer thief = new Reenterer(hub);
        (uint256 x, uint256 y) = _key(1);
        _signRegistration(hub, 1, address(thief));
        thief.register{value: 64 ether}(x, y, REGISTRATION_KEY);
        thief.unbond(32 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        thief.onPaymentCall(abi.encodeCall(ICoalition.unbond, (32 * ETHER)));
        thief.onPaymentCall(abi.encodeCall(ICoalition.withdraw, (payable(address(thief)))));
        thief.withdraw();
        vm.assertEq(thief.succeeded(), 1);
        vm.assertEq(address(thief).balance, 32 ether);
        ICoalition.Validator memory v = hub.validator(_keyId(1));
        vm.assertEq(v.unbondingGwei, 32 * ETHER);
        vm.assertEq(v.withdrawableAt, block.timestamp + UNBONDING);
        _assertBooks(hub);
    }

    function test_aTreasuryThatReentersIsPaidOnce() external {
        Reenterer treasury = new Reenterer(hub);
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(32 * ETHER, 10_000, address(treasury)));
        _register(hub, 1, 50 * ETHER);
        _doubleVote(hub, 0, _seal(), 0);
        treasury.onPaymentCall(abi.encodeCall(ICoalition.claimPenalties, ()));
        vm.assertEq(hub.claimPenalties(), 100 * ETHER);
        vm.assertEq(treasury.succeeded(), 0);
        vm.assertEq(address(treasury).balance, 100 ether);
        _assertBooks(hub);
        vm.expectRevert(ICoalition.NothingToClaim.selector);
        hub.claimPenalties();
    }

    function test_aTreasuryThatRefusesStopsNoSlashing() external {
        Refuser refuser = new Refuser();
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(32 * ETHER, 10_000, address(refuser)));
        uint256 set = _seal();
        vm.assertEq(uint256(_doubleVote(hub, 0, set, 0)), uint256(ICoalition.SlashOutcome.Slashed));
        vm.expectRevert(Errors.FailedCall.selector);
        hub.claimPenalties();
        vm.prank(address(timelock));
        hub.setPolicy(_policy());
        hub.claimPenalties();
        vm.assertEq(TREASURY.balance, 100 ether);
        _assertBooks(hub);
    }

    function test_moneySentWithoutACallIsRefused() external {
        vm.deal(address(this), 1 ether);
        (bool ok,) = address(hub).call{value: 1 ether}("");
        vm.assertFalse(ok);
    }

    function testFuzz_partsAddUp(uint64 first, uint64 second) external {
        first = uint64(bound(first, 1, 68 * ETHER));
        second = uint64(bound(second, 1, 100 * ETHER));
        _unbond(first);
        vm.prank(_operator(0));
        try hub.unbond(second) {
            vm.assertTrue(first + second <= 68 * ETHER || first + second == 100 * ETHER);
        } catch {
            vm.assertTrue(first + second > 68 * ETHER && first + second != 100 * ETHER);
        }
        ICoalition.Validator memory v = hub.validator(_keyId(0));
        vm.assertEq(v.stakeGwei + v.unbondingGwei, 100 * ETHER);
        _assertBooks(hub);
    }

    function _unbond(uint64 amountGwei) private {
        vm.prank(_operator(0));
        hub.unbond(amountGwei);
    }
}
