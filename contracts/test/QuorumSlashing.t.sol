// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {Attestation} from "../src/interfaces/Types.sol";
import {ValidatorSets} from "../src/lib/ValidatorSets.sol";
import {CoalitionFixture} from "./base/CoalitionFixture.sol";

contract QuorumSlashingTest is CoalitionFixture {
    uint256 private _set;
    ICoalition.Leaf[] private _whole;

    function setUp() public override {
        super.setUp();
        for (uint256 i = 0; i < 8; ++i) {
            _register(hub, i, uint64(100 + i) * ETHER);
        }
        _set = _seal();
        ICoalition.Leaf[] memory whole = _leaves(hub);
        for (uint256 i = 0; i < whole.length; ++i) {
            _whole.push(whole[i]);
        }
    }

    function test_everybodyInBothBitmapsIsTombstonedAndNobodyElse() external {
        vm.assertEq(_slashPair(0xfc, 0x3f), 4);
        for (uint256 i = 0; i < 8; ++i) {
            bool both = i >= 2 && i < 6;
            vm.assertEq(
                uint256(hub.validator(_keyId(i)).status),
                uint256(both ? ICoalition.Status.Tombstoned : ICoalition.Status.Active)
            );
            vm.assertEq(hub.leaf(i).keyX == 0, both);
        }
        (,, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(penaltiesGwei, (102 + 103 + 104 + 105) * ETHER);
        _assertBooks(hub);
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_bothBitmapsDecide(uint8 first, uint8 second) external {
        uint256 guilty = 0;
        for (uint256 i = 0; i < 8; ++i) {
            guilty += ((first & second) >> i) & 1;
        }
        vm.assertEq(_slashPair(first, second), guilty);
        for (uint256 i = 0; i < 8; ++i) {
            bool both = ((first & second) >> i) & 1 == 1;
            vm.assertEq(hub.validator(_keyId(i)).status == ICoalition.Status.Tombstoned, both);
        }
        _assertBooks(hub);
    }

    function test_aSurroundByTwoQuorumsCountsAsWell() external {
        ICoalition.QuorumEvidence memory outer = _quorum(hub, _attestation(_set, 64, 512, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory inner = _quorum(hub, _attestation(_set, 128, 256, 1), 0x0f, 16);
        vm.assertEq(hub.slashQuorums(inner, outer, _whole, _none()), 4);
    }

    function test_doneAgainOrSwappedItChangesNothing() external {
        vm.assertEq(_slashPair(0xff, 0xff), 8);
        (uint64 s, uint64 c, uint128 p) = hub.totals();
        vm.assertEq(_slashPair(0xff, 0xff), 0);
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(_set, 0, 64, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory second = _quorum(hub, _attestation(_set, 0, 64, 2), 0xff, 16);
        vm.assertEq(hub.slashQuorums(second, first, _whole, _none()), 0);
        (uint64 s2, uint64 c2, uint128 p2) = hub.totals();
        vm.assertEq(keccak256(abi.encode(s, c, p)), keccak256(abi.encode(s2, c2, p2)));
    }

    function test_whoWasCaughtAloneIsNotPunishedTwice() external {
        _doubleVote(hub, 3, _set, 3);
        vm.assertEq(_slashPair(0xff, 0xff), 7);
        (,, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(penaltiesGwei, (800 + 28) * ETHER);
        _assertBooks(hub);
    }

    function test_quorumsOfTwoSetsMeetByKey() external {
        vm.prank(_operator(0));
        hub.unbond(100 * ETHER); // leaves: only in the first set
        _register(hub, 8, 50 * ETHER); // only in the second
        uint256 next = _seal();
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(_set, 0, 64, 1), 0x0ff, 16);
        ICoalition.QuorumEvidence memory second = _quorum(hub, _attestation(next, 0, 64, 2), 0x1fe, 16);
        vm.assertEq(hub.slashQuorums(first, second, _whole, _leaves(hub)), 7);
        vm.assertEq(uint256(hub.validator(_keyId(0)).status), uint256(ICoalition.Status.Exited));
        vm.assertEq(uint256(hub.validator(_keyId(8)).status), uint256(ICoalition.Status.Active));
    }

    /// A slot changes hands once the old evidence has expired; even if a set were that old, keys are compared.
    function test_aSlotThatChangedHandsMakesNobodyGuilty() external {
        vm.prank(_operator(0));
        hub.unbond(100 * ETHER);
        vm.warp(hub.setRecord(_set).sealedAt + TRUSTING + EVIDENCE - 1 hours);
        uint256 kept = _seal();
        ICoalition.Leaf[] memory keptLeaves = _leaves(hub);
        vm.warp(block.timestamp + 10 days);
        _register(hub, 8, 50 * ETHER);
        vm.assertEq(hub.validator(_keyId(8)).leafIndex, 0);
        uint256 next = _seal();
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(kept, 0, 64, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory second = _quorum(hub, _attestation(next, 0, 64, 2), 0x01, 16);
        vm.assertEq(hub.slashQuorums(first, second, keptLeaves, _leaves(hub)), 0);
        vm.assertEq(uint256(hub.validator(_keyId(8)).status), uint256(ICoalition.Status.Active));
    }

    function test_worksOnUnbondingStake() external {
        vm.prank(_operator(2));
        hub.unbond(102 * ETHER);
        vm.warp(hub.setRecord(_set).sealedAt + TRUSTING + EVIDENCE);
        vm.assertEq(_slashPair(0x04, 0x04), 1);
        (,, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(penaltiesGwei, 102 * ETHER);
    }

    function test_refusesExpiredSets() external {
        uint256 until = hub.setRecord(_set).sealedAt + TRUSTING + EVIDENCE;
        vm.warp(until + 1);
        _expectRefusal(abi.encodeWithSelector(ICoalition.EvidenceExpired.selector, _set, until));
    }

    function test_refusesIfEitherSetIsUnknownOrExpired() external {
        uint256 rogue = 12345;
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(_set, 0, 64, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory second = _quorum(hub, _attestation(rogue, 0, 64, 2), 0xff, 16);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.SetUnknown.selector, rogue));
        hub.slashQuorums(first, second, _whole, _whole);
        vm.warp(block.timestamp + 10 days);
        uint256 next = _seal();
        vm.warp(block.timestamp + 3 days);
        second = _quorum(hub, _attestation(next, 0, 64, 2), 0xff, 16);
        vm.expectPartialRevert(ICoalition.EvidenceExpired.selector);
        hub.slashQuorums(second, first, _whole, _whole);
    }

    function test_refusesCheckpointsThatDoNotConflict() external {
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(_set, 0, 64, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory same = _quorum(hub, _attestation(_set, 32, 64, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory next = _quorum(hub, _attestation(_set, 64, 128, 2), 0xff, 16);
        vm.expectRevert(ICoalition.NoConflict.selector);
        hub.slashQuorums(first, first, _whole, _none());
        vm.expectRevert(ICoalition.NoConflict.selector);
        hub.slashQuorums(first, same, _whole, _none());
        vm.expectRevert(ICoalition.NoConflict.selector);
        hub.slashQuorums(first, next, _whole, _none());
    }

    function test_refusesIfEitherProofIsFalse() external {
        for (uint256 i = 0; i < 2; ++i) {
            (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
            (i == 0 ? first : second).proof.a[0] = verifier.BAD();
            vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
            hub.slashQuorums(first, second, _whole, _none());
        }
    }

    function test_refusesABitmapThatWasNotProved() external {
        (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
        first.signers = 0xfe;
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        hub.slashQuorums(first, second, _whole, _none());
    }

    function test_refusesSignersBeyondTheCapacity() external {
        (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
        second.signers = 1 << 16;
        vm.expectRevert(abi.encodeWithSelector(ICoalition.SignersOutOfRange.selector, 1 << 16, 16));
        hub.slashQuorums(first, second, _whole, _none());
    }

    function test_refusesSharesThatNoCircuitProves() external {
        (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
        first.share = 19_999;
        vm.expectRevert(abi.encodeWithSelector(ICoalition.ShareOutOfRange.selector, 19_999));
        hub.slashQuorums(first, second, _whole, _none());
        first.share = 30_000;
        vm.expectRevert(abi.encodeWithSelector(ICoalition.ShareOutOfRange.selector, 30_000));
        hub.slashQuorums(first, second, _whole, _none());
    }

    function test_refusesAVerifierOfAnotherCapacityOrKind() external {
        (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
        first.keyHash = _quorumKey(64);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.WrongCapacity.selector, 16, 64));
        hub.slashQuorums(first, second, _whole, _none());
        first.keyHash = EQUIVOCATION_KEY;
        vm.expectPartialRevert(IVerifierRegistry.WrongStatementKind.selector);
        hub.slashQuorums(first, second, _whole, _none());
    }

    function test_refusesProofsMadeInAnotherDomain() external {
        ICoalition other = _deployHub(16);
        ICoalition.QuorumEvidence memory first = _quorum(other, _attestation(_set, 0, 64, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory second = _quorum(other, _attestation(_set, 0, 64, 2), 0xff, 16);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        hub.slashQuorums(first, second, _whole, _none());
    }

    function test_refusesLeavesThatAreNotTheSet() external {
        _whole[3].stakeGwei += 1;
        _expectMismatch();
        _whole[3].stakeGwei -= 1;
        _swap(3, 4); // to blame a neighbour
        _expectMismatch();
        _swap(3, 4);
        _whole[15] = _whole[0];
        _expectMismatch();
        delete _whole[15];
        delete _whole[2];
        _expectMismatch();
    }

    function test_refusesTooFewAndTooManyLeaves() external {
        ICoalition.Leaf memory last = _whole[15];
        _whole.pop();
        _expectRefusal(abi.encodeWithSelector(ICoalition.LeafCountWrong.selector, 16, 15));
        _whole.push(last);
        _whole.push(last);
        _expectRefusal(abi.encodeWithSelector(ICoalition.LeafCountWrong.selector, 16, 17));
        delete _whole;
        _expectRefusal(abi.encodeWithSelector(ICoalition.LeafCountWrong.selector, 16, 0));
    }

    function test_refusesSecondLeavesThatNobodyWouldCheck() external {
        (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
        vm.expectRevert(abi.encodeWithSelector(ICoalition.LeafCountWrong.selector, 0, 16));
        hub.slashQuorums(first, second, _whole, _whole);
    }

    function test_refusesAnotherEncodingOfAKey() external {
        _whole[3].keyX += ValidatorSets.FR;
        _expectRefusal(abi.encodeWithSelector(ICoalition.LeafNotCanonical.selector, 3));
    }

    function test_aRevealedSetSlashesAsAnyOther() external {
        hub.revealSet(_set, _whole);
        vm.assertEq(_slashPair(0xfc, 0x3f), 4);
    }

    function test_otherLeavesThanTheRevealedOnesAreRefusedStill() external {
        hub.revealSet(_set, _whole);
        _whole[3].stakeGwei += 1;
        _expectMismatch();
        delete _whole;
        _expectRefusal(abi.encodeWithSelector(ICoalition.LeafCountWrong.selector, 16, 0));
    }

    function test_onlyAKnownSetsOwnLeavesAreRevealed() external {
        vm.expectRevert(abi.encodeWithSelector(ICoalition.SetUnknown.selector, 5));
        hub.revealSet(5, _whole);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.SetUnknown.selector, 0));
        hub.revealSet(0, _none());
        _whole[3].stakeGwei += 1;
        vm.expectPartialRevert(ICoalition.LeavesMismatch.selector);
        hub.revealSet(_set, _whole);
        _expectMismatch();
    }

    function test_oneSetsRevealedLeavesAreNotAnothers() external {
        _fundedPrank(0, ETHER);
        hub.addStake{value: 1 ether}();
        uint256 next = _seal();
        hub.revealSet(_set, _whole);
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(_set, 0, 64, 1), 0xff, 16);
        ICoalition.QuorumEvidence memory second = _quorum(hub, _attestation(next, 0, 64, 2), 0xff, 16);
        vm.expectPartialRevert(ICoalition.LeavesMismatch.selector);
        hub.slashQuorums(first, second, _whole, _whole);
        vm.assertEq(hub.slashQuorums(first, second, _whole, _leaves(hub)), 8);
    }

    function _pair()
        private
        returns (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second)
    {
        first = _quorum(hub, _attestation(_set, 0, 64, 1), 0xff, 16);
        second = _quorum(hub, _attestation(_set, 0, 64, 2), 0xff, 16);
    }

    function _slashPair(uint256 firstSigners, uint256 secondSigners) private returns (uint256) {
        ICoalition.QuorumEvidence memory first = _quorum(hub, _attestation(_set, 0, 64, 1), firstSigners, 16);
        ICoalition.QuorumEvidence memory second = _quorum(hub, _attestation(_set, 0, 64, 2), secondSigners, 16);
        return hub.slashQuorums(first, second, _whole, _none());
    }

    function _expectRefusal(bytes memory why) private {
        (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
        vm.expectRevert(why);
        hub.slashQuorums(first, second, _whole, _none());
    }

    function _expectMismatch() private {
        (ICoalition.QuorumEvidence memory first, ICoalition.QuorumEvidence memory second) = _pair();
        vm.expectPartialRevert(ICoalition.LeavesMismatch.selector);
        hub.slashQuorums(first, second, _whole, _none());
    }

    function _swap(uint256 i, uint256 j) private {
        ICoalition.Leaf memory l = _whole[i];
        _whole[i] = _whole[j];
        _whole[j] = l;
    }

    function _none() private pure returns (ICoalition.Leaf[] memory) {
        return new ICoalition.Leaf[](0);
    }
}
