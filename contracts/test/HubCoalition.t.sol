// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {IHubCoalition} from "../src/interfaces/IHubCoalition.sol";
import {SetRecord} from "../src/interfaces/Types.sol";
import {EpochDigests} from "../src/lib/EpochDigests.sol";
import {CoalitionFixture} from "./base/CoalitionFixture.sol";
import {NaiveTree} from "./base/NaiveTree.sol";
import {Vm} from "./base/Vm.sol";

contract HubCoalitionTest is CoalitionFixture {
    function test_aSealedEpochCommitsToThePresentStakes() external {
        _register(hub, 0, 40 * ETHER);
        _register(hub, 1, 50 * ETHER);
        vm.warp(block.timestamp + 5);
        vm.assertEq(hub.sealEpoch(), 1);
        SetRecord memory set = hub.latestEpoch();
        vm.assertEq(set.commitment, NaiveTree.commitment(_leaves(hub), 1));
        vm.assertEq(set.epoch, 1);
        vm.assertEq(set.sealedAt, block.timestamp);
        vm.assertEq(set.capacity, 16);
        vm.assertEq(hub.changedLeaves(), 0);
        vm.assertEq(keccak256(abi.encode(hub.sealedEpoch(1))), keccak256(abi.encode(set)));
        vm.assertEq(keccak256(abi.encode(hub.setRecord(set.commitment))), keccak256(abi.encode(set)));
        vm.assertEq(hub.sealedEpoch(2).commitment, 0);
    }

    /// Ledgers on other chains prove this very word of storage.
    function test_theDigestLiesAtItsFixedSlot() external {
        _register(hub, 0, 40 * ETHER);
        _seal();
        _seal();
        for (uint64 epoch = 1; epoch <= 2; ++epoch) {
            SetRecord memory set = hub.sealedEpoch(epoch);
            bytes32 digest = keccak256(abi.encode(set.commitment, set.capacity, set.sealedAt));
            bytes32 slot = keccak256(abi.encode(uint256(epoch), EpochDigests.SLOT));
            vm.assertEq(vm.load(address(hub), slot), digest);
            vm.assertEq(hub.epochDigest(epoch), digest);
        }
        vm.assertEq(hub.epochDigest(3), bytes32(0));
    }

    function test_sealsNoSoonerThanAnEpochLater() external {
        _register(hub, 0, 40 * ETHER);
        hub.sealEpoch();
        uint256 due = block.timestamp + EPOCH;
        vm.expectRevert(abi.encodeWithSelector(IHubCoalition.TooEarlyToSeal.selector, due));
        hub.sealEpoch();
        vm.warp(due - 1);
        vm.expectRevert(abi.encodeWithSelector(IHubCoalition.TooEarlyToSeal.selector, due));
        hub.sealEpoch();
        vm.warp(due);
        vm.prank(_operator(77));
        vm.assertEq(hub.sealEpoch(), 2);
    }

    function test_sealsNoSetWithoutStake() external {
        vm.expectRevert(IHubCoalition.NoStake.selector);
        hub.sealEpoch();
        _register(hub, 0, 40 * ETHER);
        vm.prank(_operator(0));
        hub.unbond(40 * ETHER);
        vm.expectRevert(IHubCoalition.NoStake.selector);
        hub.sealEpoch();
    }

    function test_theSameStakesInAnotherEpochAreAnotherSet() external {
        _register(hub, 0, 40 * ETHER);
        vm.assertNotEq(_seal(), _seal());
    }

    function test_aTombstonedKeyIsNotInTheNextSet() external {
        _register(hub, 0, 40 * ETHER);
        _register(hub, 1, 50 * ETHER);
        uint256 set = _seal();
        _doubleVote(hub, 0, set, 0);
        ICoalition.Leaf[] memory leaves = new ICoalition.Leaf[](16);
        (leaves[1].keyX, leaves[1].keyY) = _key(1);
        leaves[1].stakeGwei = 50 * ETHER;
        vm.assertEq(_seal(), NaiveTree.commitment(leaves, 2));
    }

    function test_aWatcherRebuildsEverySetFromEvents() external {
        vm.recordLogs();
        for (uint256 i = 0; i < 6; ++i) {
            _register(hub, i, uint64(40 + i) * ETHER);
        }
        _seal();
        vm.prank(_operator(1));
        hub.unbond(ETHER);
        vm.prank(_operator(2));
        hub.unbond(42 * ETHER);
        _fundedPrank(3, 7 * ETHER);
        hub.addStake{value: 7 ether}();
        _doubleVote(hub, 4, hub.latestEpoch().commitment, 4);
        _register(hub, 9, 32 * ETHER);
        _seal();
        vm.prank(_operator(0));
        hub.unbond(40 * ETHER);

        Vm.Log[] memory logs = vm.getRecordedLogs();
        ICoalition.Leaf[] memory leaves = new ICoalition.Leaf[](16);
        uint256 epochs = 0;
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] == IHubCoalition.LeafUpdated.selector) {
                leaves[uint256(logs[i].topics[1])] = abi.decode(logs[i].data, (ICoalition.Leaf));
            } else if (logs[i].topics[0] == IHubCoalition.EpochSealed.selector) {
                (uint256 commitment, uint256 root, uint8 capacity, uint64 sealedAt) =
                    abi.decode(logs[i].data, (uint256, uint256, uint8, uint64));
                vm.assertEq(NaiveTree.root(leaves), root);
                vm.assertEq(NaiveTree.commitment(leaves, uint64(uint256(logs[i].topics[1]))), commitment);
                vm.assertEq(capacity, 16);
                vm.assertEq(hub.setRecord(commitment).sealedAt, sealedAt);
                ++epochs;
            }
        }
        vm.assertEq(epochs, 2);
    }

    function test_slotsAreGivenOnceUntilTheDelayHasPassed() external {
        for (uint256 i = 0; i < 16; ++i) {
            _register(hub, i, 32 * ETHER);
            vm.assertEq(hub.validator(_keyId(i)).leafIndex, i);
        }
        vm.prank(_operator(5));
        hub.unbond(32 * ETHER);
        uint256 free = block.timestamp + UNBONDING;
        vm.warp(free - 1);
        _expectFull(100, 16);
        vm.warp(free);
        _register(hub, 100, 32 * ETHER);
        vm.assertEq(hub.validator(_keyId(100)).leafIndex, 5);
        _expectFull(101, 16);
    }

    function test_aSlashedKeysSlotRestsAsLong() external {
        for (uint256 i = 0; i < 16; ++i) {
            _register(hub, i, 32 * ETHER);
        }
        _doubleVote(hub, 7, _seal(), 7);
        uint256 free = block.timestamp + UNBONDING;
        vm.warp(free - 1);
        _expectFull(100, 16);
        vm.warp(free);
        _register(hub, 100, 32 * ETHER);
        vm.assertEq(hub.validator(_keyId(100)).leafIndex, 7);
    }

    /// The key that held a slot first keeps its old index in its record; that must not reach into the new leaf.
    function test_slashingAFormerHolderLeavesTheNewOneAlone() external {
        for (uint256 i = 0; i < 16; ++i) {
            _register(hub, i, 32 * ETHER);
        }
        vm.prank(_operator(5));
        hub.unbond(32 * ETHER);
        vm.warp(block.timestamp + UNBONDING);
        _register(hub, 100, 50 * ETHER);
        uint256 set = _seal();
        vm.recordLogs();
        _doubleVote(hub, 5, set, 5);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        vm.assertEq(logs.length, 1);
        vm.assertEq(logs[0].topics[0], ICoalition.Tombstoned.selector);
        (uint256 x,) = _key(100);
        vm.assertEq(hub.leaf(5).keyX, x);
        vm.assertEq(hub.changedLeaves(), 0);
        vm.warp(block.timestamp + UNBONDING);
        _expectFull(101, 16);
    }

    function test_growthKeepsEveryLeafInItsPlace() external {
        for (uint256 i = 0; i < 16; ++i) {
            _register(hub, i, uint64(32 + i) * ETHER);
        }
        _seal();
        _expectFull(16, 16);
        _grow(64);
        vm.assertEq(_seal(), NaiveTree.commitment(_leaves(hub), 2));
        vm.assertEq(hub.latestEpoch().capacity, 64);
        for (uint256 i = 16; i < 20; ++i) {
            _register(hub, i, 32 * ETHER);
        }
        vm.assertEq(_seal(), NaiveTree.commitment(_leaves(hub), 3));
        _grow(128);
        vm.assertEq(_seal(), NaiveTree.commitment(_leaves(hub), 4));
        _register(hub, 20, 32 * ETHER);
        vm.assertEq(_seal(), NaiveTree.commitment(_leaves(hub), 5));
    }

    function test_growsAtOnceFrom16To128() external {
        _register(hub, 0, 32 * ETHER);
        _grow(128);
        vm.assertEq(_seal(), NaiveTree.commitment(_leaves(hub), 1));
    }

    function test_neverShrinksAndKnowsThreeSizes() external {
        _grow(64);
        uint8[5] memory wrong = [uint8(0), 16, 32, 64, 255];
        for (uint256 i = 0; i < 5; ++i) {
            vm.prank(address(timelock));
            vm.expectRevert(abi.encodeWithSelector(IHubCoalition.CapacityOutOfRange.selector, wrong[i]));
            hub.growCapacity(wrong[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, address(this)));
        hub.growCapacity(128);
    }

    function test_syncingAheadInPartsChangesNoCommitment() external {
        hub = _deployHub(64);
        for (uint256 i = 0; i < 40; ++i) {
            _register(hub, i, uint64(32 + i) * ETHER);
        }
        vm.assertEq(hub.changedLeaves(), (1 << 40) - 1);
        hub.syncTree(0);
        vm.assertEq(hub.changedLeaves(), (1 << 40) - 1);
        hub.syncTree(3);
        vm.assertEq(hub.changedLeaves(), ((1 << 40) - 1) ^ 0xfff);
        hub.syncTree(4);
        vm.assertEq(hub.changedLeaves(), ((1 << 40) - 1) ^ 0xfffffff);
        _fundedPrank(2, ETHER);
        hub.addStake{value: 1 ether}();
        vm.assertEq(hub.changedLeaves(), ((1 << 40) - 1) ^ 0xffffffb);
        vm.assertEq(_seal(), NaiveTree.commitment(_leaves(hub), 1));
        vm.assertEq(hub.changedLeaves(), 0);
    }

    /// forge-config: default.fuzz.runs = 24
    function testFuzz_anyOrderOfChangesAndSyncsEndsInTheTreeOfThePresentLeaves(uint256 seed) external {
        hub = _deployHub(64);
        for (uint256 i = 0; i < 24; ++i) {
            _register(hub, i, 64 * ETHER);
        }
        for (uint256 i = 0; i < 12; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            address operator = _operator(seed % 24);
            vm.deal(operator, 1 ether);
            vm.prank(operator);
            if (seed & 256 == 0) try hub.unbond(ETHER) {} catch {}
            else if (seed & 512 == 0) try hub.unbond(64 * ETHER) {} catch {}
            else try hub.addStake{value: 1 ether}() {} catch {}
            if (seed & 1024 == 0) hub.syncTree((seed >> 16) % 6);
        }
        vm.assertEq(_seal(), NaiveTree.commitment(_leaves(hub), 1));
    }

    function _grow(uint8 capacity) private {
        vm.prank(address(timelock));
        hub.growCapacity(capacity);
    }

    function _expectFull(uint256 i, uint8 capacity) private {
        _signRegistration(hub, i, _operator(i));
        (uint256 x, uint256 y) = _key(i);
        vm.deal(_operator(i), 32 ether);
        vm.prank(_operator(i));
        vm.expectRevert(abi.encodeWithSelector(IHubCoalition.SetFull.selector, capacity));
        hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, _noProof());
    }
}
