// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {LedgerSetup} from "./base/LedgerSetup.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {Attestation, Checkpoint, SetRecord} from "../src/interfaces/Types.sol";
import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";

/// Who may stop a chain, for how long, and how it is opened again.
contract LedgerFreezesTest is LedgerSetup {
    function _freeze() private {
        vm.prank(GUARDIAN);
        ledger.freeze(OTHER);
    }

    function _expectFrozen(ICheckpointLedger.Freeze why) private {
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.ChainIsFrozen.selector, OTHER, why));
    }

    function _newGeneration(Checkpoint memory stands, SetRecord memory set) private {
        vm.prank(OWNER);
        ledger.unfreeze(OTHER, stands, set);
    }

    function test_onlyTheGuardianFreezes() external {
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.NotGuardian.selector, address(this)));
        ledger.freeze(OTHER);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.NotGuardian.selector, OWNER));
        vm.prank(OWNER);
        ledger.freeze(OTHER);
    }

    function test_onlyTheOwnerDoesTheRest() external {
        bytes memory reason = abi.encodeWithSelector(Ownable.OwnableUnauthorizedAccount.selector, GUARDIAN);
        ICheckpointLedger.Policy memory p = ledger.policy();
        Checkpoint memory c = checkpointAt(OTHER, 64);
        vm.startPrank(GUARDIAN);
        vm.expectRevert(reason);
        ledger.confirmFreeze(OTHER);
        vm.expectRevert(reason);
        ledger.unfreeze(OTHER, c, anchor());
        vm.expectRevert(reason);
        ledger.registerChain(LOCAL, 1);
        vm.expectRevert(reason);
        ledger.setGuardian(GUARDIAN);
        vm.expectRevert(reason);
        ledger.setPolicy(p);
        vm.stopPrank();
    }

    function test_aGuardiansFreezeHoldsToItsLastSecondAndThenLapses() external {
        Checkpoint memory c = advance(OTHER);
        uint256 t = block.timestamp;
        _freeze();
        vm.warp(t + FREEZE - 1);
        _expectFrozen(ICheckpointLedger.Freeze.Guardian);
        ledger.acceptedAt(c);
        Attestation memory next = attest(checkpointAt(OTHER, 128));
        makeQuorum(ledger, next, 7);
        _expectFrozen(ICheckpointLedger.Freeze.Guardian);
        ledger.submitCheckpoint(next, 7, KEY, goodProof());
        vm.warp(t + FREEZE);
        assertFreeze(OTHER, ICheckpointLedger.Freeze.None);
        ledger.acceptedAt(c);
        assertOutcome(submit(next), ICheckpointLedger.Outcome.Updated);
    }

    function test_theCooldownRunsFromTheLapse() external {
        uint256 t = block.timestamp;
        _freeze();
        vm.warp(t + FREEZE + COOLDOWN - 1);
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpointLedger.GuardianCoolingDown.selector, t + FREEZE + COOLDOWN)
        );
        _freeze();
        vm.warp(t + FREEZE + COOLDOWN);
        _freeze();
        assertFreeze(OTHER, ICheckpointLedger.Freeze.Guardian);
    }

    function test_aGuardianCannotExtendItsFreeze() external {
        _freeze();
        _expectFrozen(ICheckpointLedger.Freeze.Guardian);
        _freeze();
    }

    function test_oneChainsCooldownLeavesOthersAlone() external {
        _freeze();
        vm.prank(GUARDIAN);
        ledger.freeze(HUB);
        assertFreeze(HUB, ICheckpointLedger.Freeze.Guardian);
    }

    function test_aConfirmedFreezeDoesNotLapse() external {
        _freeze();
        vm.prank(OWNER);
        ledger.confirmFreeze(OTHER);
        vm.warp(block.timestamp + FREEZE + 365 days);
        assertFreeze(OTHER, ICheckpointLedger.Freeze.Owner);
    }

    function test_theOwnersConfirmationMayComeAfterTheLapse() external {
        _freeze();
        vm.warp(block.timestamp + FREEZE + 1);
        vm.prank(OWNER);
        ledger.confirmFreeze(OTHER);
        assertFreeze(OTHER, ICheckpointLedger.Freeze.Owner);
    }

    function test_aConflictDuringAGuardiansFreezeMakesItLast() external {
        advance(OTHER);
        _freeze();
        assertOutcome(contradict(OTHER), ICheckpointLedger.Outcome.Conflict);
        vm.warp(block.timestamp + FREEZE + 1);
        assertFreeze(OTHER, ICheckpointLedger.Freeze.Conflict);
    }

    function test_unfreezeOpensANewGenerationWithOneCheckpoint() external {
        Checkpoint memory first = advance(OTHER);
        Checkpoint memory second = advance(OTHER);
        contradict(OTHER);
        vm.warp(block.timestamp + 100);
        _newGeneration(first, setOf(2, uint64(block.timestamp)));

        assertFreeze(OTHER, ICheckpointLedger.Freeze.None);
        vm.assertEq(ledger.acceptedAt(first), block.timestamp, "its age begins anew");
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.CheckpointNotHeld.selector, OTHER, 128));
        ledger.acceptedAt(second);
        ICheckpointLedger.Chain memory s = ledger.chain(OTHER);
        vm.assertEq(s.generation, 1);
        vm.assertEq(s.headHeight, 64);
        vm.assertEq(s.headTimestamp, first.timestamp);
    }

    function test_theOtherBranchCanBeAcceptedAfterTheOwnerNamedIt() external {
        Checkpoint memory mine = advance(OTHER);
        Checkpoint memory theirs = mine;
        theirs.stateRoot = bytes32(uint256(1));
        contradict(OTHER);
        SetRecord memory set = setOf(2, uint64(block.timestamp));
        _newGeneration(theirs, set);
        ledger.acceptedAt(theirs);
        vm.warp(block.timestamp + 1);
        Attestation memory a = attest(checkpointAt(OTHER, 128));
        a.setCommitment = bytes32(set.commitment);
        assertOutcome(submit(a), ICheckpointLedger.Outcome.Updated);
    }

    function test_unfreezeRevokesEveryOtherSetAndKeepsItKnown() external {
        advance(OTHER);
        contradict(OTHER);
        SetRecord memory set = setOf(2, uint64(block.timestamp));
        _newGeneration(checkpointAt(OTHER, 64), set);
        vm.assertFalse(ledger.isTrusted(anchor().commitment));
        vm.assertTrue(ledger.isTrusted(set.commitment));
        vm.assertEq(ledger.setRecord(anchor().commitment).epoch, 1, "still known, for slashing");
        (uint256 latest, uint64 epoch) = ledger.latestSet();
        vm.assertEq(latest, set.commitment);
        vm.assertEq(epoch, 2);
        vm.warp(block.timestamp + 1);
        Attestation memory a = attest(checkpointAt(OTHER, 128));
        makeQuorum(ledger, a, 7);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.SetRevoked.selector, anchor().commitment));
        ledger.submitCheckpoint(a, 7, KEY, goodProof());
    }

    function test_theOwnerMayNameTheSameSetAgain() external {
        advance(OTHER);
        contradict(OTHER);
        _newGeneration(checkpointAt(OTHER, 64), anchor());
        vm.assertTrue(ledger.isTrusted(anchor().commitment));
    }

    function test_unfreezeNeedsAFrozenChain() external {
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.ChainNotFrozen.selector, OTHER));
        _newGeneration(checkpointAt(OTHER, 64), anchor());
        _freeze();
        vm.warp(block.timestamp + FREEZE);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.ChainNotFrozen.selector, OTHER));
        _newGeneration(checkpointAt(OTHER, 64), anchor());
    }

    function test_unfreezeNamesACheckpointOfThatChainOnItsInterval() external {
        _freeze();
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.ChainUnknown.selector, HUB));
        _newGeneration(checkpointAt(HUB, 64), anchor());
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.HeightNotOnInterval.selector, 65, INTERVAL));
        _newGeneration(checkpointAt(OTHER, 65), anchor());
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.HeightNotOnInterval.selector, 0, INTERVAL));
        _newGeneration(checkpointAt(OTHER, 0), anchor());
    }

    function test_unfreezeRefusesAnEmptySet() external {
        _freeze();
        vm.expectRevert();
        _newGeneration(checkpointAt(OTHER, 64), SetRecord(0, 0, 0, 0));
    }

    function test_afterAnEarlyUnfreezeTheCooldownRunsFromIt() external {
        _freeze();
        vm.warp(block.timestamp + 1 days);
        _newGeneration(checkpointAt(OTHER, 64), anchor());
        uint256 t = block.timestamp;
        vm.warp(t + COOLDOWN - 1);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.GuardianCoolingDown.selector, t + COOLDOWN));
        _freeze();
        vm.warp(t + COOLDOWN);
        _freeze();
    }

    function test_confirmAndFreezeRefuseWhatLastsAlready() external {
        advance(OTHER);
        contradict(OTHER);
        _expectFrozen(ICheckpointLedger.Freeze.Conflict);
        _freeze();
        _expectFrozen(ICheckpointLedger.Freeze.Conflict);
        vm.prank(OWNER);
        ledger.confirmFreeze(OTHER);
    }

    function testFuzz_aGuardianAloneNeverStopsAChainForLongerThanAllowed(uint32 gap1, uint32 gap2) external {
        uint256 t0 = block.timestamp;
        _freeze();
        vm.warp(t0 + bound(gap1, 0, 40 days));
        vm.prank(GUARDIAN);
        try ledger.freeze(OTHER) {
            vm.assertGe(block.timestamp, t0 + FREEZE + COOLDOWN);
        } catch {
            vm.assertLt(block.timestamp, t0 + FREEZE + COOLDOWN);
        }
        uint256 endsAt = ledger.chain(OTHER).freezeEndsAt;
        vm.warp(endsAt + bound(gap2, 0, COOLDOWN));
        assertFreeze(OTHER, ICheckpointLedger.Freeze.None);
    }
}
