// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {Attestation, Proof} from "../src/interfaces/Types.sol";
import {ValidatorSets} from "../src/lib/ValidatorSets.sol";
import {SealedCoalition} from "./base/SealedCoalition.sol";

/// Which two votes are an offence, and who has shown it.
contract EquivocationTest is SealedCoalition {
    event Tombstoned(
        bytes32 indexed keyId, uint256 keyX, uint256 keyY, ICoalition.SlashOutcome outcome, uint64 penaltyGwei
    );

    function test_aDoubleVoteCostsEverythingAndTheSlot() external {
        (uint256 x, uint256 y) = _key(1);
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(hub, 1, _set, 1, first, second);
        vm.expectEmit(true, true, true, true, address(hub));
        emit Tombstoned(_keyId(1), x, y, ICoalition.SlashOutcome.Slashed, 100 * ETHER);
        _slash(hub, 1, _set, 1, first, second);
        ICoalition.Validator memory v = hub.validator(_keyId(1));
        vm.assertEq(uint256(v.status), uint256(ICoalition.Status.Tombstoned));
        vm.assertEq(v.stakeGwei, 0);
        vm.assertEq(v.unbondingGwei, 0);
        vm.assertEq(hub.leaf(1).keyX, 0);
        (uint64 stakeGwei, uint64 collateralGwei, uint128 penaltiesGwei) = hub.totals();
        vm.assertEq(stakeGwei, 300 * ETHER);
        vm.assertEq(collateralGwei, 300 * ETHER);
        vm.assertEq(penaltiesGwei, 100 * ETHER);
        hub.claimPenalties();
        vm.assertEq(TREASURY.balance, 100 ether);
        _assertBooks(hub);
    }

    function test_aSurroundVoteIsPunishedWhicheverVoteComesFirst() external {
        Attestation memory outer = _attestation(_set, 64, 512, 1);
        Attestation memory inner = _attestation(_set, 128, 256, 1);
        _signBoth(hub, 0, _set, 0, outer, inner);
        vm.assertEq(uint256(_slash(hub, 0, _set, 0, outer, inner)), uint256(ICoalition.SlashOutcome.Slashed));
        _signBoth(hub, 1, _set, 1, inner, outer);
        vm.assertEq(uint256(_slash(hub, 1, _set, 1, inner, outer)), uint256(ICoalition.SlashOutcome.Slashed));
    }

    function test_aSecondPairAndTheSamePairSwappedChangeNothing() external {
        _doubleVote(hub, 0, _set, 0);
        ICoalition.Validator memory before = hub.validator(_keyId(0));
        (uint64 s, uint64 c, uint128 p) = hub.totals();

        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(hub, 0, _set, 0, second, first);
        vm.assertEq(uint256(_slash(hub, 0, _set, 0, second, first)), uint256(ICoalition.SlashOutcome.Already));
        first = _attestation(_set, 64, 128, 1);
        second = _attestation(_set, 64, 128, 2);
        _signBoth(hub, 0, _set, 0, first, second);
        vm.assertEq(uint256(_slash(hub, 0, _set, 0, first, second)), uint256(ICoalition.SlashOutcome.Already));

        (uint64 s2, uint64 c2, uint128 p2) = hub.totals();
        vm.assertEq(s, s2);
        vm.assertEq(c, c2);
        vm.assertEq(p, p2);
        vm.assertEq(keccak256(abi.encode(before)), keccak256(abi.encode(hub.validator(_keyId(0)))));
    }

    /// A relayer that comes second pays for a look-up, not for a proof.
    function test_whoIsTombstonedIsAnsweredBeforeAnythingIsVerified() external {
        _doubleVote(hub, 0, _set, 0);
        Attestation memory vote = _attestation(0, 0, 64, 1);
        vm.assertEq(uint256(_slash(hub, 0, 0, 99, vote, vote)), uint256(ICoalition.SlashOutcome.Already));
    }

    function test_aProofOfOneOrderIsNoneOfTheOther() external {
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(hub, 0, _set, 0, first, second);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        this.slash(0, _set, 0, second, first);
    }

    function test_theSameCheckpointUnderAnotherSourceOrSetIsNoOffence() external {
        Attestation memory first = _attestation(_set, 0, 128, 1);
        Attestation memory source = _attestation(_set, 64, 128, 1);
        _register(hub, 9, 100 * ETHER);
        Attestation memory otherSet = _attestation(_seal(), 0, 128, 1);
        _signBoth(hub, 0, _set, 0, first, source);
        vm.expectRevert(ICoalition.NoConflict.selector);
        this.slash(0, _set, 0, first, source);
        _signBoth(hub, 0, _set, 0, first, otherSet);
        vm.expectRevert(ICoalition.NoConflict.selector);
        this.slash(0, _set, 0, first, otherSet);
        _signBoth(hub, 0, _set, 0, first, first);
        vm.expectRevert(ICoalition.NoConflict.selector);
        this.slash(0, _set, 0, first, first);
    }

    function test_votesInASequenceOrOnTwoChainsAreNoOffence() external {
        Attestation memory first = _attestation(_set, 64, 128, 1);
        Attestation memory next = _attestation(_set, 128, 192, 2);
        Attestation memory elsewhere = _attestation(_set, 64, 128, 2);
        elsewhere.checkpoint.chainKey = HUB;
        _signBoth(hub, 0, _set, 0, first, next);
        vm.expectRevert(ICoalition.NoConflict.selector);
        this.slash(0, _set, 0, first, next);
        _signBoth(hub, 0, _set, 0, first, elsewhere);
        vm.expectRevert(ICoalition.NoConflict.selector);
        this.slash(0, _set, 0, first, elsewhere);
    }

    function testFuzz_votesThatAnHonestAttesterSignsAreNeverAnOffence(uint8[8] memory steps) external {
        // Heights and sources never fall, and one checkpoint stands at each height.
        Attestation memory before = _attestation(_set, 0, 1, 7);
        for (uint256 i = 0; i < 8; ++i) {
            Attestation memory next = _attestation(
                _set,
                before.sourceHeight + uint64(bound(steps[i], 0, before.checkpoint.height - before.sourceHeight)),
                before.checkpoint.height + steps[i],
                7
            );
            _signBoth(hub, 0, _set, 0, before, next);
            vm.expectRevert(ICoalition.NoConflict.selector);
            this.slash(0, _set, 0, before, next);
            before = next;
        }
    }

    function test_anOffenceIsOneWhateverSetsTheVotesName() external {
        Attestation memory first = _attestation(123, 0, 64, 1);
        Attestation memory second = _attestation(456, 0, 64, 2);
        _signBoth(hub, 0, _set, 0, first, second);
        vm.assertEq(uint256(_slash(hub, 0, _set, 0, first, second)), uint256(ICoalition.SlashOutcome.Slashed));
    }

    function test_refusesASetThatThisHubNeverSealed() external {
        uint256 rogue = uint256(keccak256("rogue")) % ValidatorSets.FR;
        Attestation memory first = _attestation(rogue, 0, 64, 1);
        Attestation memory second = _attestation(rogue, 0, 64, 2);
        _signBoth(hub, 0, rogue, 0, first, second);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.SetUnknown.selector, rogue));
        this.slash(0, rogue, 0, first, second);
        _signBoth(hub, 0, 0, 0, first, second);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.SetUnknown.selector, 0));
        this.slash(0, 0, 0, first, second);
    }

    function test_evidenceEndsWithTheSetsWindow() external {
        uint256 until = hub.setRecord(_set).sealedAt + TRUSTING + EVIDENCE;
        vm.warp(until + 1);
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(hub, 0, _set, 0, first, second);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.EvidenceExpired.selector, _set, until));
        this.slash(0, _set, 0, first, second);
        vm.warp(until);
        vm.assertEq(uint256(_slash(hub, 0, _set, 0, first, second)), uint256(ICoalition.SlashOutcome.Slashed));
    }

    function test_refusesALeafOutsideTheSet() external {
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(hub, 0, _set, 16, first, second);
        vm.expectRevert(abi.encodeWithSelector(ICoalition.LeafIndexOutOfRange.selector, 16, 16));
        this.slash(0, _set, 16, first, second);
    }

    function test_refusesAFalseProofAndOneForAnotherKey() external {
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(hub, 0, _set, 0, first, second);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        this.slash(1, _set, 0, first, second);
        (uint256 x, uint256 y) = _key(0);
        Proof memory proof;
        proof.a[0] = verifier.BAD();
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        hub.slashEquivocation(first, second, _set, 0, x, y, EQUIVOCATION_KEY, proof);
        proof.a[0] = 0;
        vm.expectPartialRevert(IVerifierRegistry.WrongStatementKind.selector);
        hub.slashEquivocation(first, second, _set, 0, x, y, REGISTRATION_KEY, proof);
    }

    /// x + FR is the same field element under another id: were it taken, the key itself would go free.
    function test_refusesAnotherEncodingOfAKey() external {
        (uint256 x, uint256 y) = _key(0);
        Proof memory proof;
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 2, x + ValidatorSets.FR));
        hub.slashEquivocation(first, second, _set, 0, x + ValidatorSets.FR, y, EQUIVOCATION_KEY, proof);
    }

    function test_messagesOfAnotherDomainProveNothingHere() external {
        ICoalition other = _deployHub(16);
        Attestation memory first = _attestation(_set, 0, 64, 1);
        Attestation memory second = _attestation(_set, 0, 64, 2);
        _signBoth(other, 0, _set, 0, first, second);
        vm.assertTrue(other.domain() != hub.domain());
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        this.slash(0, _set, 0, first, second);
    }

    function slash(uint256 i, uint256 set, uint256 leafIndex, Attestation memory first, Attestation memory second)
        external
    {
        _slash(hub, i, set, leafIndex, first, second);
    }
}
