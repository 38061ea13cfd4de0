// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {LedgerSetup} from "./base/LedgerSetup.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {Attestation, Checkpoint} from "../src/interfaces/Types.sol";

/// What happens to one submission: outcomes, and the bounds of heights and times. LedgerQuorums.t.sol is about quorums.
contract CheckpointLedgerTest is LedgerSetup {
    function test_acceptsACheckpointWithAQuorum() external {
        Checkpoint memory c = checkpointAt(OTHER, 64);
        Attestation memory a = attest(c);
        makeQuorum(ledger, a, 5);
        vm.expectEmit(true, true, true, true);
        emit ICheckpointLedger.CheckpointAccepted(OTHER, 64, 0, 20_000, a, 5, KEY, goodProof());
        assertOutcome(ledger.submitCheckpoint(a, 5, KEY, goodProof()), ICheckpointLedger.Outcome.Updated);

        vm.assertEq(ledger.acceptedAt(c), block.timestamp);
        (bytes32 digest, uint64 since) = ledger.held(OTHER, 64);
        vm.assertEq(digest, keccak256(abi.encode(c)));
        vm.assertEq(since, block.timestamp);
        ICheckpointLedger.Chain memory s = ledger.chain(OTHER);
        vm.assertEq(s.headHeight, 64);
        vm.assertEq(s.headTimestamp, c.timestamp);
        assertFreeze(OTHER, ICheckpointLedger.Freeze.None);
    }

    function test_knownIsAnsweredBeforeAnyVerification() external {
        Checkpoint memory c = advance(OTHER);
        Attestation memory a = attest(c);
        a.setCommitment = bytes32(uint256(0xdead)); // unknown set, unknown key, bad proof
        vm.warp(block.timestamp + 100);
        assertOutcome(ledger.submitCheckpoint(a, 0, 0, badProof()), ICheckpointLedger.Outcome.Known);
        (, uint64 since) = ledger.held(OTHER, 64);
        vm.assertEq(since, block.timestamp - 100, "known changes nothing");
    }

    function test_supersededIsAnsweredBeforeAnyVerification() external {
        Checkpoint memory skipped = checkpointAt(OTHER, 64);
        vm.warp(block.timestamp + 1);
        submit(attest(checkpointAt(OTHER, 128)));
        assertOutcome(
            ledger.submitCheckpoint(attest(skipped), 0, 0, badProof()), ICheckpointLedger.Outcome.Superseded
        );
        (bytes32 digest,) = ledger.held(OTHER, 64);
        vm.assertEq(digest, bytes32(0));
    }

    /// Whoever sees the events can slash, through whatever contract the proofs came.
    function test_aConflictTellsItsWholeProof() external {
        Checkpoint memory held = advance(OTHER);
        Checkpoint memory c = checkpointAt(OTHER, held.height);
        c.stateRoot = keccak256("another state");
        Attestation memory a = attest(c);
        makeQuorum(ledger, a, 6);
        vm.expectEmit(true, true, true, true);
        emit ICheckpointLedger.CheckpointConflict(
            OTHER, c.height, keccak256(abi.encode(held)), 20_000, a, 6, KEY, goodProof()
        );
        assertOutcome(ledger.submitCheckpoint(a, 6, KEY, goodProof()), ICheckpointLedger.Outcome.Conflict);
    }

    function test_conflictNeedsAValidProof() external {
        Checkpoint memory c = advance(OTHER);
        c.stateRoot = bytes32(uint256(1));
        Attestation memory a = attest(c);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        ledger.submitCheckpoint(a, 7, KEY, goodProof());
        assertFreeze(OTHER, ICheckpointLedger.Freeze.None);
    }

    function test_conflictFreezesTheChainAndNoOther() external {
        advance(HUB);
        Checkpoint memory c = advance(OTHER);
        assertOutcome(contradict(OTHER), ICheckpointLedger.Outcome.Conflict);
        assertFreeze(OTHER, ICheckpointLedger.Freeze.Conflict);
        assertFreeze(HUB, ICheckpointLedger.Freeze.None);
        vm.expectRevert(
            abi.encodeWithSelector(
                ICheckpointLedger.ChainIsFrozen.selector, OTHER, ICheckpointLedger.Freeze.Conflict
            )
        );
        ledger.acceptedAt(c);
        Attestation memory next = attest(checkpointAt(OTHER, 128));
        makeQuorum(ledger, next, 7);
        vm.expectPartialRevert(ICheckpointLedger.ChainIsFrozen.selector);
        ledger.submitCheckpoint(next, 7, KEY, goodProof());
        advance(HUB);
    }

    function test_anOlderHeldHeightStillConflicts() external {
        Checkpoint memory first = advance(OTHER);
        advance(OTHER);
        first.blockHash = bytes32(uint256(1));
        assertOutcome(submit(attest(first)), ICheckpointLedger.Outcome.Conflict);
    }

    /// A second quorum for a height is evidence even when its timestamp would refuse it as an update.
    function test_conflictCountsWhateverTimeItNames() external {
        Checkpoint memory c = advance(OTHER);
        c.timestamp = type(uint64).max;
        assertOutcome(submit(attest(c)), ICheckpointLedger.Outcome.Conflict);
    }

    /// Off chain such an attestation has no bytes, so a freeze by it could not be followed by anyone's slashing.
    function test_whatIsNoAttestationFreezesNothing() external {
        Checkpoint memory c = advance(OTHER);
        c.stateRoot = keccak256("another state");
        Attestation memory a = attest(c);
        a.sourceHeight = c.height;
        makeQuorum(ledger, a, 7);
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.SourceNotBelowTarget.selector, c.height, c.height));
        ledger.submitCheckpoint(a, 7, KEY, goodProof());
        assertFreeze(OTHER, ICheckpointLedger.Freeze.None);
    }

    function testFuzz_anyOtherFieldMakesAConflict(uint8 field, uint256 change) external {
        Checkpoint memory c = advance(OTHER);
        field = uint8(bound(field, 0, 2));
        bytes32 d = bytes32(bound(change, 1, type(uint256).max));
        if (field == 0) c.blockHash ^= d;
        if (field == 1) c.stateRoot ^= d;
        if (field == 2) c.timestamp ^= uint64(bound(change, 1, type(uint64).max));
        assertOutcome(submit(attest(c)), ICheckpointLedger.Outcome.Conflict);
    }

    function test_knownAndSupersededAreStillAnsweredWhileFrozen() external {
        vm.warp(block.timestamp + 1);
        Checkpoint memory c = checkpointAt(OTHER, 128);
        submit(attest(c));
        contradict(OTHER);
        assertOutcome(ledger.submitCheckpoint(attest(c), 0, 0, badProof()), ICheckpointLedger.Outcome.Known);
        assertOutcome(
            ledger.submitCheckpoint(attest(checkpointAt(OTHER, 64)), 0, 0, badProof()),
            ICheckpointLedger.Outcome.Superseded
        );
    }

    function test_refusesAnUnregisteredChain() external {
        bytes31 fork = bytes31(uint248(0xf)); // a fork of OTHER with its chain id has another genesis, so another key
        bytes memory unknown = abi.encodeWithSelector(ICheckpointLedger.ChainUnknown.selector, fork);
        expectRefused(attest(checkpointAt(fork, 64)), unknown);
    }

    function testFuzz_heightsAreMultiplesOfTheInterval(uint64 height) external {
        height = uint64(bound(height, 1, type(uint64).max - 64));
        Attestation memory a = attest(checkpointAt(OTHER, height));
        a.sourceHeight = 0;
        if (height % INTERVAL == 0) {
            assertOutcome(submit(a), ICheckpointLedger.Outcome.Updated);
        } else {
            expectRefused(
                a, abi.encodeWithSelector(ICheckpointLedger.HeightNotOnInterval.selector, height, INTERVAL)
            );
        }
    }

    function test_heightZeroIsNeverAccepted() external {
        Attestation memory a = attest(checkpointAt(OTHER, 0));
        assertOutcome(ledger.submitCheckpoint(a, 7, KEY, goodProof()), ICheckpointLedger.Outcome.Superseded);
    }

    function test_sourceJustBelowTargetPassesAndAtTargetDoesNot() external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        a.sourceHeight = 64;
        expectRefused(a, abi.encodeWithSelector(ICheckpointLedger.SourceNotBelowTarget.selector, 64, 64));
        a.sourceHeight = 63;
        assertOutcome(submit(a), ICheckpointLedger.Outcome.Updated);
    }

    function testFuzz_sourceIsBelowTarget(uint64 source) external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        a.sourceHeight = uint64(bound(source, 64, type(uint64).max));
        expectRefused(
            a, abi.encodeWithSelector(ICheckpointLedger.SourceNotBelowTarget.selector, a.sourceHeight, 64)
        );
    }

    function test_timestampRisesStrictly() external {
        Checkpoint memory head = advance(OTHER);
        Checkpoint memory next = checkpointAt(OTHER, 128);
        next.timestamp = head.timestamp;
        expectRefused(
            attest(next),
            abi.encodeWithSelector(
                ICheckpointLedger.TimestampNotRising.selector, head.timestamp, head.timestamp
            )
        );
        next.timestamp = head.timestamp + 1;
        assertOutcome(submit(attest(next)), ICheckpointLedger.Outcome.Updated);
    }

    function test_timestampAtTheDriftPassesAndOneSecondMoreDoesNot() external {
        Checkpoint memory c = checkpointAt(OTHER, 64);
        c.timestamp = uint64(block.timestamp + DRIFT + 1);
        expectRefused(
            attest(c),
            abi.encodeWithSelector(
                ICheckpointLedger.TimestampTooFarAhead.selector, c.timestamp, block.timestamp + DRIFT
            )
        );
        --c.timestamp;
        assertOutcome(submit(attest(c)), ICheckpointLedger.Outcome.Updated);
    }

    function testFuzz_timestampLiesAboveTheHeadAndWithinDrift(uint64 timestamp) external {
        Checkpoint memory head = advance(OTHER);
        Checkpoint memory c = checkpointAt(OTHER, 128);
        timestamp = uint64(bound(timestamp, head.timestamp - 20, head.timestamp + DRIFT + 20));
        c.timestamp = timestamp;
        Attestation memory a = attest(c);
        if (timestamp > head.timestamp && timestamp <= block.timestamp + DRIFT) {
            assertOutcome(submit(a), ICheckpointLedger.Outcome.Updated);
        } else {
            makeQuorum(ledger, a, 7);
            vm.expectRevert();
            ledger.submitCheckpoint(a, 7, KEY, goodProof());
        }
    }

    function test_aCheckpointThatDiffersInOneFieldIsNotHeld() external {
        Checkpoint memory c = advance(OTHER);
        c.timestamp += 1;
        vm.expectRevert(abi.encodeWithSelector(ICheckpointLedger.CheckpointNotHeld.selector, OTHER, 64));
        ledger.acceptedAt(c);
    }
}
