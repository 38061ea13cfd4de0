// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {SealedCoalition} from "./base/SealedCoalition.sol";

/// What an offence costs: the policy's share of what is staked and of what unbonds, and the key for ever.
contract EquivocationPenaltyTest is SealedCoalition {
    function test_unbondingIsNoEscape() external {
        vm.prank(_operator(0));
        hub.unbond(60 * ETHER);
        vm.prank(_operator(1));
        hub.unbond(100 * ETHER);
        // The last second in which the set can be slashed.
        vm.warp(hub.setRecord(_set).sealedAt + TRUSTING + EVIDENCE);
        for (uint256 i = 0; i < 2; ++i) {
            vm.prank(_operator(i));
            vm.expectPartialRevert(ICoalition.StillUnbonding.selector);
            hub.withdraw(payable(_operator(i)));
            _doubleVote(hub, i, _set, i);
            vm.prank(_operator(i));
            vm.expectPartialRevert(ICoalition.NothingToWithdraw.selector);
            hub.withdraw(payable(_operator(i)));
        }
        (,, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(penaltiesGwei, 200 * ETHER);
        _assertBooks(hub);
    }

    function test_whatHasUnbondedIsSlashableUntilItIsWithdrawn() external {
        vm.prank(_operator(0));
        hub.unbond(60 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        uint256 set = _seal();
        _doubleVote(hub, 0, set, 0);
        vm.prank(_operator(0));
        vm.expectPartialRevert(ICoalition.NothingToWithdraw.selector);
        hub.withdraw(payable(_operator(0)));
    }

    function test_whoIsTombstonedCanDoNothingMore() external {
        _doubleVote(hub, 0, _set, 0);
        vm.deal(_operator(0), 1 ether);
        bytes memory tombstoned =
            abi.encodeWithSelector(ICoalition.NotActive.selector, _keyId(0), ICoalition.Status.Tombstoned);
        vm.startPrank(_operator(0));
        vm.expectRevert(tombstoned);
        hub.addStake{value: 1 ether}();
        vm.expectRevert(tombstoned);
        hub.unbond(1);
        vm.stopPrank();
    }

    function test_policyMayLeaveAPartWhichUnbonds() external {
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(32 * ETHER, 2_500, TREASURY));
        vm.prank(_operator(0));
        hub.unbond(40 * ETHER);
        vm.warp(block.timestamp + 1 days);
        _doubleVote(hub, 0, _set, 0);
        ICoalition.Validator memory v = hub.validator(_keyId(0));
        vm.assertEq(v.stakeGwei, 0);
        vm.assertEq(v.unbondingGwei, 75 * ETHER);
        vm.assertEq(v.withdrawableAt, block.timestamp + UNBONDING);
        vm.warp(block.timestamp + UNBONDING);
        vm.prank(_operator(0));
        hub.withdraw(payable(_operator(0)));
        vm.assertEq(_operator(0).balance, 75 ether);
        vm.assertEq(uint256(hub.validator(_keyId(0)).status), uint256(ICoalition.Status.Tombstoned));
        _assertBooks(hub);
    }

    function test_thePenaltyIsRoundedUp() external {
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(1, 1, TREASURY));
        _register(hub, 9, 10_001);
        uint256 set = _seal();
        _doubleVote(hub, 9, set, 4);
        vm.assertEq(hub.validator(_keyId(9)).unbondingGwei, 9_999);
        _assertBooks(hub);
    }

    function test_leastPenaltyOfTheSmallestStakeTakesIt() external {
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(1, 1, TREASURY));
        _register(hub, 9, 1);
        _doubleVote(hub, 9, _seal(), 4);
        vm.assertEq(hub.validator(_keyId(9)).unbondingGwei, 0);
    }

    function testFuzz_thePenaltyIsTheFractionAndTheRestComesBack(uint64 stakeGwei, uint64 outGwei, uint16 bps)
        external
    {
        stakeGwei = uint64(bound(stakeGwei, 1, type(uint64).max - 400 * ETHER));
        bps = uint16(bound(bps, 1, 10_000));
        outGwei = uint64(bound(outGwei, 1, stakeGwei));
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(1, bps, TREASURY));
        _register(hub, 9, stakeGwei);
        uint256 set = _seal();
        vm.prank(_operator(9));
        hub.unbond(outGwei);
        _doubleVote(hub, 9, set, 4);
        (,, uint128 penaltiesGwei) = hub.totals();
        uint256 exact = uint256(stakeGwei) * bps;
        vm.assertGe(uint256(penaltiesGwei) * 10_000, exact);
        vm.assertLt(uint256(penaltiesGwei) * 10_000, exact + 10_000);
        vm.assertEq(hub.validator(_keyId(9)).unbondingGwei, stakeGwei - penaltiesGwei);
        _assertBooks(hub);
    }
}
