// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {HubCoalition} from "../src/HubCoalition.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {IHubCoalition} from "../src/interfaces/IHubCoalition.sol";
import {CoalitionFixture} from "./base/CoalitionFixture.sol";

contract CoalitionPolicyTest is CoalitionFixture {
    function test_unbondingIsLongerThanTrustAndEvidenceTogether() external {
        vm.expectRevert(abi.encodeWithSelector(ICoalition.PeriodsTooLong.selector, TRUSTING + EVIDENCE, 12 days));
        _deploy(address(timelock), ICoalition.Periods(TRUSTING, EVIDENCE, 12 days), EPOCH, 16);
        _deploy(address(timelock), ICoalition.Periods(TRUSTING, EVIDENCE, 12 days + 1), EPOCH, 16);
    }

    function test_longestPeriodsDoNotOverflowTheCheck() external {
        uint48 most = type(uint48).max;
        vm.expectRevert(abi.encodeWithSelector(ICoalition.PeriodsTooLong.selector, 2 * uint256(most), most));
        _deploy(address(timelock), ICoalition.Periods(most, most, most), EPOCH, 16);
        uint48 longest = type(uint32).max;
        _deploy(address(timelock), ICoalition.Periods(TRUSTING, EVIDENCE, longest), EPOCH, 16);
        vm.expectPartialRevert(ICoalition.PeriodsTooLong.selector);
        _deploy(address(timelock), ICoalition.Periods(TRUSTING, EVIDENCE, longest + 1), EPOCH, 16);
    }

    function test_theOwnersDelayIsShorterThanUnbonding() external {
        address slow = address(new TimelockController(UNBONDING, new address[](0), new address[](0), address(0)));
        address fast = address(new TimelockController(UNBONDING - 1, new address[](0), new address[](0), address(0)));
        bytes memory tooLong = abi.encodeWithSelector(ICoalition.OwnerDelayTooLong.selector, UNBONDING, UNBONDING);
        vm.expectRevert(tooLong);
        _deploy(slow, _periods(), EPOCH, 16);
        _deploy(fast, _periods(), EPOCH, 16);
        vm.startPrank(address(timelock));
        vm.expectRevert(tooLong);
        hub.transferOwnership(slow);
        hub.transferOwnership(fast);
        vm.stopPrank();
        vm.assertEq(hub.owner(), fast);
    }

    function test_anOwnerWithoutADelayIsRefused() external {
        vm.expectRevert();
        _deploy(address(this), _periods(), EPOCH, 16);
        vm.expectRevert();
        _deploy(address(0xe0a), _periods(), EPOCH, 16);
        vm.prank(address(timelock));
        vm.expectRevert();
        hub.transferOwnership(address(this));
    }

    function test_anEpochIsShorterThanTheTrustingPeriod() external {
        vm.expectRevert(abi.encodeWithSelector(IHubCoalition.EpochLengthOutOfRange.selector, TRUSTING, TRUSTING));
        _deploy(address(timelock), _periods(), TRUSTING, 16);
        vm.expectRevert(abi.encodeWithSelector(IHubCoalition.EpochLengthOutOfRange.selector, 0, TRUSTING));
        _deploy(address(timelock), _periods(), 0, 16);
        _deploy(address(timelock), _periods(), TRUSTING - 1, 16);
    }

    function test_capacityIsOneOfThree() external {
        vm.expectRevert(abi.encodeWithSelector(IHubCoalition.CapacityOutOfRange.selector, 32));
        _deploy(address(timelock), _periods(), EPOCH, 32);
    }

    function test_onlyTheOwnerSetsPolicy() external {
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this)));
        hub.setPolicy(_policy());
    }

    function test_policyStaysInRange() external {
        ICoalition.Policy[4] memory wrong = [_policy(), _policy(), _policy(), _policy()];
        wrong[0].minStakeGwei = 0;
        wrong[1].penaltyBps = 0;
        wrong[2].penaltyBps = 10_001;
        wrong[3].treasury = address(0);
        vm.startPrank(address(timelock));
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(ICoalition.PolicyOutOfRange.selector);
            hub.setPolicy(wrong[i]);
        }
        hub.setPolicy(ICoalition.Policy(1, 1, TREASURY));
        vm.stopPrank();
        vm.assertEq(keccak256(abi.encode(hub.policy())), keccak256(abi.encode(ICoalition.Policy(1, 1, TREASURY))));
    }

    /// A higher minimum drives nobody out; it only leaves them all or nothing.
    function test_aHigherMinimumConcernsWhoComesAndWhoUnbondsInPart() external {
        _register(hub, 0, 40 * ETHER);
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(64 * ETHER, 10_000, TREASURY));
        vm.assertEq(hub.leaf(0).stakeGwei, 40 * ETHER);
        vm.startPrank(_operator(0));
        vm.expectRevert(abi.encodeWithSelector(ICoalition.StakeTooSmall.selector, 40 * ETHER - 1, 64 * ETHER));
        hub.unbond(1);
        hub.unbond(40 * ETHER);
        vm.stopPrank();
    }

    function _deploy(address owner, ICoalition.Periods memory periods, uint48 epochLength, uint8 capacity)
        private
        returns (HubCoalition)
    {
        return new HubCoalition(owner, registry, judge, HUB, periods, _policy(), epochLength, capacity);
    }
}
