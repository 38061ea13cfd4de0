// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {LedgerSetup} from "./base/LedgerSetup.sol";
import {StateModel} from "./base/StateModel.sol";
import {TrieBuilder} from "./base/TrieBuilder.sol";
import {CheckpointLedger} from "../src/CheckpointLedger.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {Attestation, Checkpoint, SetRecord} from "../src/interfaces/Types.sol";
import {EpochDigests} from "../src/lib/EpochDigests.sol";
import {TrieWalk} from "../src/lib/TrieWalk.sol";
import {TrustedSets} from "../src/ledger/TrustedSets.sol";

/// How a ledger comes to trust the next set.
contract LedgerRotationTest is LedgerSetup {
    using TrieBuilder for TrieBuilder.Trie;
    using StateModel for TrieBuilder.Trie;

    /// A hub checkpoint whose state holds the epochs given, and what proves one of them.
    struct Shown {
        Checkpoint block_;
        bytes[] accountProof;
        bytes[] storageProof;
    }

    function _show(SetRecord[] memory sealed_, uint64 epoch, bool accept) private returns (Shown memory s) {
        bytes32[] memory slots = new bytes32[](sealed_.length);
        uint256[] memory words = new uint256[](sealed_.length);
        for (uint256 i = 0; i < sealed_.length; ++i) {
            slots[i] = EpochDigests.slotOf(sealed_[i].epoch);
            words[i] = uint256(EpochDigests.digest(sealed_[i]));
        }
        (TrieBuilder.Trie memory state, TrieBuilder.Trie memory storage_) =
            StateModel.build(address(coalition), slots, words, 3);
        vm.warp(block.timestamp + 1);
        s.block_ = checkpointAt(HUB, ledger.chain(HUB).headHeight + INTERVAL);
        s.block_.stateRoot = state.root();
        s.accountProof = state.proveAccount(address(coalition));
        s.storageProof = storage_.proveSlot(EpochDigests.slotOf(epoch));
        if (accept) assertOutcome(submit(attest(s.block_)), ICheckpointLedger.Outcome.Updated);
    }

    function _one(SetRecord memory a) private pure returns (SetRecord[] memory list) {
        list = new SetRecord[](1);
        list[0] = a;
    }

    function _upTo(uint64 epoch) private pure returns (SetRecord[] memory list) {
        list = new SetRecord[](epoch);
        for (uint64 i = 1; i <= epoch; ++i) {
            list[i - 1] = setOf(i, uint64(START) + i);
        }
    }

    function _rotate(Shown memory s, SetRecord memory set) private {
        ledger.rotate(s.block_, set, s.accountProof, s.storageProof);
    }

    function test_trustsTheNextSetShownByStorageProof() external {
        SetRecord memory set = setOf(2, uint64(START) + 5);
        Shown memory s = _show(_one(set), 2, true);
        vm.expectEmit(true, true, true, true);
        emit ICheckpointLedger.SetTrusted(set.commitment, 2, set.sealedAt, 16);
        _rotate(s, set);
        vm.assertTrue(ledger.isTrusted(set.commitment));
        vm.assertTrue(ledger.isTrusted(anchor().commitment), "the old set lives out its trusting period");
        vm.assertEq(ledger.lastRotationHeight(), s.block_.height);
        SetRecord memory r = ledger.setRecord(set.commitment);
        vm.assertEq(keccak256(abi.encode(r)), keccak256(abi.encode(set)));
    }

    function test_anyOtherFieldIsRefused() external {
        SetRecord memory set = setOf(2, uint64(START) + 5);
        Shown memory s = _show(_one(set), 2, true);
        bytes32 sealedDigest = EpochDigests.digest(set);
        for (uint256 i = 0; i < 3; ++i) {
            SetRecord memory other = setOf(2, uint64(START) + 5);
            if (i == 0) other.commitment ^= 1;
            if (i == 1) other.capacity = 64;
            if (i == 2) other.sealedAt += 1;
            vm.expectRevert(
                abi.encodeWithSelector(
                    ICheckpointLedger.EpochDigestMismatch.selector, sealedDigest, EpochDigests.digest(other)
                )
            );
            _rotate(s, other);
        }
    }

    function test_aProofOfOneEpochShowsNoOther() external {
        SetRecord[] memory list = _upTo(3);
        Shown memory s = _show(list, 2, true);
        vm.expectRevert();
        _rotate(s, list[2]);
    }

    function test_anEpochProvedAbsentIsRefused() external {
        Shown memory s = _show(_upTo(2), 3, true);
        SetRecord memory forged = setOf(3, uint64(START));
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpointLedger.EpochDigestMismatch.selector, bytes32(0), EpochDigests.digest(forged)
            )
        );
        _rotate(s, forged);
    }

    function test_theCheckpointMustBeHeld() external {
        SetRecord memory set = setOf(2, uint64(START));
        Shown memory s = _show(_one(set), 2, false);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.CheckpointNotHeld.selector, HUB, s.block_.height));
        _rotate(s, set);
    }

    function test_theCheckpointMustBeTheHubs() external {
        SetRecord memory set = setOf(2, uint64(START));
        Shown memory s = _show(_one(set), 2, false);
        s.block_.chainKey = OTHER;
        submit(attest(s.block_));
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.NotTheHub.selector, OTHER));
        _rotate(s, set);
    }

    function test_aFrozenHubRotatesNothing() external {
        SetRecord memory set = setOf(2, uint64(START));
        Shown memory s = _show(_one(set), 2, true);
        vm.prank(GUARDIAN);
        ledger.freeze(HUB);
        vm.expectPartialRevert(ICheckpointLedger.ChainIsFrozen.selector);
        _rotate(s, set);
    }

    function test_epochsRiseStrictly() external {
        SetRecord memory set = setOf(1, uint64(START) + 1);
        Shown memory s = _show(_one(set), 1, true);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.EpochNotRising.selector, 1, 1));
        _rotate(s, set);
    }

    function test_eachRotationReadsANewerHubCheckpoint() external {
        SetRecord[] memory list = _upTo(3);
        Shown memory older = _show(list, 3, true);
        Shown memory newer = _show(list, 2, true);
        _rotate(newer, list[1]);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpointLedger.HubCheckpointNotNewer.selector, older.block_.height, newer.block_.height
            )
        );
        _rotate(older, list[2]);
        newer.storageProof = _show(list, 3, false).storageProof;
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpointLedger.HubCheckpointNotNewer.selector, newer.block_.height, newer.block_.height
            )
        );
        _rotate(newer, list[2]);
        _rotate(_show(list, 3, true), list[2]);
        (, uint64 epoch) = ledger.latestSet();
        vm.assertEq(epoch, 3);
    }

    function test_anotherContractsStorageIsRefused() external {
        SetRecord memory set = setOf(2, uint64(START));
        bytes32[] memory slots = new bytes32[](1);
        uint256[] memory words = new uint256[](1);
        (slots[0], words[0]) = (EpochDigests.slotOf(2), uint256(EpochDigests.digest(set)));
        (TrieBuilder.Trie memory state, TrieBuilder.Trie memory storage_) =
            StateModel.build(address(0xbad), slots, words, 3);
        Checkpoint memory c = checkpointAt(HUB, 64);
        c.stateRoot = state.root();
        submit(attest(c));
        bytes[] memory accountProof = state.proveAccount(address(0xbad));
        bytes[] memory storageProof = storage_.proveSlot(slots[0]);
        vm.expectRevert();
        ledger.rotate(c, set, accountProof, storageProof);
        accountProof = state.proveAccount(address(coalition)); // proved absent: its storage is empty
        vm.expectPartialRevert(TrieWalk.TrieNodeHashMismatch.selector);
        ledger.rotate(c, set, accountProof, storageProof);
    }

    function test_rotateIsForOtherChainsAndRotateLocalForTheHub() external {
        SetRecord memory set = setOf(2, uint64(START));
        Shown memory s = _show(_one(set), 2, true);
        CheckpointLedger onHub = new CheckpointLedger(config(HUB, anchor()));
        vm.expectRevert(ICheckpointLedger.OnlyOffTheHub.selector);
        onHub.rotate(s.block_, set, s.accountProof, s.storageProof);
        vm.expectRevert(ICheckpointLedger.OnlyOffTheHub.selector);
        onHub.learnSet(s.block_, set, s.accountProof, s.storageProof);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.NotTheHub.selector, LOCAL));
        ledger.rotateLocal(set);
    }

    function test_theHubsLedgerReadsTheCoalitionItself() external {
        CheckpointLedger onHub = new CheckpointLedger(config(HUB, SetRecord(0, 0, 0, 0)));
        SetRecord memory set = setOf(1, uint64(START));
        vm.expectPartialRevert(ICheckpointLedger.EpochDigestMismatch.selector);
        onHub.rotateLocal(set);
        coalition.sealEpoch(set);
        onHub.rotateLocal(set);
        vm.assertTrue(onHub.isTrusted(set.commitment));
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.EpochNotRising.selector, 1, 1));
        onHub.rotateLocal(set);
    }

    function test_onTheHubTheOwnerNamesOnlySealedSets() external {
        CheckpointLedger onHub = new CheckpointLedger(config(HUB, SetRecord(0, 0, 0, 0)));
        SetRecord memory set = setOf(1, uint64(START));
        Checkpoint memory c = checkpointAt(OTHER, 64);
        vm.startPrank(OWNER);
        onHub.confirmFreeze(OTHER);
        vm.expectPartialRevert(ICheckpointLedger.EpochDigestMismatch.selector);
        onHub.unfreeze(OTHER, c, set);
        coalition.sealEpoch(set);
        onHub.unfreeze(OTHER, c, set);
        vm.stopPrank();
        vm.assertTrue(onHub.isTrusted(set.commitment));
    }

    function test_afterTheHubsRecoveryTheNextSetComesFromANewerBlock() external {
        SetRecord[] memory list = _upTo(3);
        Shown memory stands = _show(list, 3, true);
        vm.startPrank(OWNER);
        ledger.confirmFreeze(HUB);
        ledger.unfreeze(HUB, stands.block_, list[1]);
        vm.stopPrank();
        vm.expectPartialRevert(ICheckpointLedger.HubCheckpointNotNewer.selector);
        _rotate(stands, list[2]);
    }

    function test_aRevokedSetHasNoWayBackByRotation() external {
        SetRecord[] memory list = _upTo(3);
        Shown memory s = _show(list, 3, true);
        _rotate(s, list[2]);
        // The owner recovers on an older set; the hub's new blocks still show the revoked one.
        vm.startPrank(OWNER);
        ledger.confirmFreeze(OTHER);
        ledger.unfreeze(OTHER, checkpointAt(OTHER, 64), anchor());
        vm.stopPrank();
        s = _show(list, 3, true);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.SetRevoked.selector, list[2].commitment));
        _rotate(s, list[2]);
    }

    /// What revoked sets signed about the hub names no new set, whichever chain was recovered: the hub may hold a
    /// checkpoint that they forged and that nobody contradicted yet.
    function test_afterAnyRecoveryTheNextSetComesFromAHubBlockThatTheNamedSetSigned() external {
        SetRecord[] memory list = _upTo(3);
        Shown memory before = _show(list, 3, true);
        vm.startPrank(OWNER);
        ledger.confirmFreeze(OTHER);
        ledger.unfreeze(OTHER, checkpointAt(OTHER, 64), list[1]);
        vm.stopPrank();
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpointLedger.HubCheckpointNotNewer.selector, before.block_.height, before.block_.height
            )
        );
        _rotate(before, list[2]);
        Shown memory later = _show(list, 3, false);
        Attestation memory a = attest(later.block_);
        a.setCommitment = bytes32(list[1].commitment);
        assertOutcome(submit(a), ICheckpointLedger.Outcome.Updated);
        _rotate(later, list[2]);
        vm.assertTrue(ledger.isTrusted(list[2].commitment));
    }

    function test_aSkippedEpochCanBeLearntForSlashingAndIsNeverTrusted() external {
        SetRecord[] memory list = _upTo(3);
        Shown memory s = _show(list, 3, true);
        _rotate(s, list[2]);
        vm.assertEq(ledger.setRecord(list[1].commitment).epoch, 0);
        s = _show(list, 2, true);
        ledger.learnSet(s.block_, list[1], s.accountProof, s.storageProof);
        vm.assertEq(keccak256(abi.encode(ledger.setRecord(list[1].commitment))), keccak256(abi.encode(list[1])));
        vm.assertFalse(ledger.isTrusted(list[1].commitment));
        (uint256 latest,) = ledger.latestSet();
        vm.assertEq(latest, list[2].commitment);
        vm.expectRevert(
            abi.encodeWithSelector(ICheckpointLedger.SetAlreadyKnown.selector, list[1].commitment)
        );
        ledger.learnSet(s.block_, list[1], s.accountProof, s.storageProof);
    }

    function test_onlyPastEpochsAreLearnt() external {
        SetRecord[] memory list = _upTo(3);
        Shown memory s = _show(list, 3, true);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.EpochNotPast.selector, 3, 1));
        ledger.learnSet(s.block_, list[2], s.accountProof, s.storageProof);
        s.storageProof = _show(list, 2, false).storageProof;
        SetRecord memory forged = setOf(2, uint64(START) + 3);
        vm.expectPartialRevert(ICheckpointLedger.EpochDigestMismatch.selector);
        ledger.learnSet(s.block_, forged, s.accountProof, s.storageProof);
    }

    function test_theAnchorMustBeWhole() external {
        CheckpointLedger.Config memory c = config(LOCAL, SetRecord(5, 0, 0, 16));
        vm.expectRevert(abi.encodeWithSelector(TrustedSets.SetMalformed.selector, 5, 0, 16));
        new CheckpointLedger(c);
        c.anchor = SetRecord(5, 1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(TrustedSets.SetMalformed.selector, 5, 1, 0));
        new CheckpointLedger(c);
    }
}
