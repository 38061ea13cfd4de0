// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {SetRecord} from "../src/interfaces/Types.sol";
import {CoalitionHandler} from "./base/CoalitionHandler.sol";
import {PhalanxTest} from "./base/PhalanxTest.sol";

contract CoalitionInvariantsTest is PhalanxTest {
    CoalitionHandler private _handler;
    ICoalition private _hub;

    function setUp() external {
        _handler = new CoalitionHandler();
        _hub = _handler.coalition();
        for (uint256 i = 0; i < 10; ++i) {
            _handler.register(i, 1, 40e9);
            if (i % 2 == 0) _handler.bindConsensusKey(i, i);
        }
        _handler.registerReenterer();
        _handler.seal();
        targetContract(address(_handler));
    }

    /// forge calls these alone.
    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory s = new bytes4[](15);
        s[0] = CoalitionHandler.register.selector;
        s[1] = CoalitionHandler.registerReenterer.selector;
        s[2] = CoalitionHandler.reenter.selector;
        s[3] = CoalitionHandler.addStake.selector;
        s[4] = CoalitionHandler.unbond.selector;
        s[5] = CoalitionHandler.withdraw.selector;
        s[6] = CoalitionHandler.claim.selector;
        s[7] = CoalitionHandler.equivocate.selector;
        s[8] = CoalitionHandler.twoQuorums.selector;
        s[9] = CoalitionHandler.seal.selector;
        s[10] = CoalitionHandler.sync.selector;
        s[11] = CoalitionHandler.wait_.selector;
        s[12] = CoalitionHandler.leave.selector;
        s[13] = CoalitionHandler.bindConsensusKey.selector;
        s[14] = CoalitionHandler.voteTwice.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(_handler), s);
    }

    function invariant_everyWeiIsAccountedFor() external view {
        (uint64 stakeGwei, uint64 collateralGwei, uint128 penaltiesGwei) = _hub.totals();
        uint256 stake = 0;
        uint256 unbonding = 0;
        for (uint256 k = 0; k <= _handler.KEYS(); ++k) {
            ICoalition.Validator memory v = _hub.validator(_handler.keyId(k));
            stake += v.stakeGwei;
            unbonding += v.unbondingGwei;
        }
        vm.assertEq(stake, stakeGwei, "stake");
        vm.assertEq(stake + unbonding, collateralGwei, "collateral");
        vm.assertEq(address(_hub).balance, (stake + unbonding + penaltiesGwei) * 1 gwei, "balance");
        vm.assertEq(
            _handler.depositedWei(),
            address(_hub).balance + _handler.withdrawnWei() + _handler.claimedWei(),
            "in and out"
        );
    }

    function invariant_leavesAreExactlyTheActiveKeys() external view {
        ICoalition.Leaf[] memory leaves = _handler.leaves();
        uint256 active = 0;
        for (uint256 k = 0; k <= _handler.KEYS(); ++k) {
            ICoalition.Validator memory v = _hub.validator(_handler.keyId(k));
            if (v.status != ICoalition.Status.Active) {
                vm.assertEq(v.stakeGwei, 0, "stake without a vote");
                continue;
            }
            ++active;
            ICoalition.Leaf memory l = leaves[v.leafIndex];
            vm.assertEq(l.keyX, v.keyX, "key");
            vm.assertEq(l.stakeGwei, v.stakeGwei, "stake");
        }
        uint256 used = 0;
        for (uint256 i = 0; i < leaves.length; ++i) {
            if (leaves[i].stakeGwei != 0) ++used;
        }
        vm.assertEq(used, active, "leaves");
    }

    function invariant_aKeyIsSlashedOnceAndForEver() external view {
        for (uint256 k = 0; k <= _handler.KEYS(); ++k) {
            uint256 times = _handler.timesSlashed(k);
            bool tombstoned = _hub.validator(_handler.keyId(k)).status == ICoalition.Status.Tombstoned;
            vm.assertEq(times, tombstoned ? 1 : 0);
        }
    }

    /// What voted in a set is there to be taken for as long as the set can be slashed.
    function invariant_votesStaySlashableWhileTheirSetCanBeSlashed() external view {
        SetRecord[] memory sets = _handler.sets();
        ICoalition.Periods memory p = _hub.periods();
        for (uint256 s = 0; s < sets.length; ++s) {
            if (block.timestamp > uint256(sets[s].sealedAt) + p.trustingPeriod + p.evidenceWindow) continue;
            ICoalition.Leaf[] memory members = _handler.members(sets[s].commitment);
            for (uint256 i = 0; i < members.length; ++i) {
                if (members[i].stakeGwei == 0) continue;
                ICoalition.Validator memory v =
                    _hub.validator(keccak256(abi.encode(members[i].keyX, members[i].keyY)));
                if (v.status == ICoalition.Status.Tombstoned) continue;
                vm.assertGe(uint256(v.stakeGwei) + v.unbondingGwei, members[i].stakeGwei, "gone before its time");
                vm.assertEq(v.leafIndex, i, "moved");
            }
        }
    }

    function invariant_nothingWentWrongInsideAnAction() external view {
        vm.assertEq(bytes(_handler.fault()), "", _handler.fault());
    }
}
