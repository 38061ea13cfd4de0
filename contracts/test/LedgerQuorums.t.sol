// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {LedgerSetup} from "./base/LedgerSetup.sol";
import {ICheckpointLedger} from "../src/interfaces/ICheckpointLedger.sol";
import {IVerifierRegistry} from "../src/interfaces/IVerifierRegistry.sol";
import {Attestation, Checkpoint, Proof, SetRecord} from "../src/interfaces/Types.sol";
import {CheckpointLedger} from "../src/CheckpointLedger.sol";
import {Attestations} from "../src/lib/Attestations.sol";
import {StatementKinds} from "../src/lib/StatementKinds.sol";
import {ValidatorSets} from "../src/lib/ValidatorSets.sol";

/// Whose quorum a ledger believes, and that a proof stands for the one claim it was made for.
contract LedgerQuorumsTest is LedgerSetup {
    function test_aSetIsTrustedToItsLastSecondAndNotOneMore() external {
        vm.warp(START + TRUSTING);
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        vm.assertTrue(ledger.isTrusted(anchor().commitment));
        assertOutcome(submit(a), ICheckpointLedger.Outcome.Updated);
        vm.warp(START + TRUSTING + 1);
        vm.assertFalse(ledger.isTrusted(anchor().commitment));
        expectRefused(
            attest(checkpointAt(OTHER, 128)),
            abi.encodeWithSelector(
                ICheckpointLedger.SetExpired.selector, anchor().commitment, START + TRUSTING
            )
        );
    }

    function testFuzz_noQuorumOfAnExpiredSetIsBelieved(uint256 age) external {
        vm.warp(START + bound(age, TRUSTING + 1, 1000 days));
        expectRefused(
            attest(checkpointAt(OTHER, 64)),
            abi.encodeWithSelector(ICheckpointLedger.SetExpired.selector, anchor().commitment, START + TRUSTING)
        );
    }

    function test_anExpiredSetCannotFreezeEither() external {
        advance(OTHER);
        vm.warp(START + TRUSTING + 1);
        Checkpoint memory c = checkpointAt(OTHER, 64);
        expectRefused(
            attest(c),
            abi.encodeWithSelector(ICheckpointLedger.SetExpired.selector, anchor().commitment, START + TRUSTING)
        );
    }

    function test_refusesAnUnknownSet() external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        a.setCommitment = bytes32(uint256(99));
        expectRefused(a, abi.encodeWithSelector(ICheckpointLedger.SetUnknown.selector, 99));
    }

    /// M_replay_other_chain: M binds the source chain's key, so what was signed for one chain is nothing on another.
    function test_aProofForOneChainIsRefusedForAnother() external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        makeQuorum(ledger, a, 7);
        Attestation memory replayed = attest(checkpointAt(OTHER, 64));
        replayed.checkpoint.chainKey = HUB; // registered here as well
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        ledger.submitCheckpoint(replayed, 7, KEY, goodProof());
        assertOutcome(ledger.submitCheckpoint(a, 7, KEY, goodProof()), ICheckpointLedger.Outcome.Updated);
    }

    /// M_replay_other_chain: M binds the domain, so what was signed for one deployment is nothing on another, be it
    /// another coalition's or that of a hub's fork.
    function test_aProofForAnotherDeploymentIsRefused() external {
        CheckpointLedger.Config memory c = config(LOCAL, anchor());
        c.hubCoalition = address(0xc0a1);
        _expectNoReplayFrom(new CheckpointLedger(c));
        c = config(LOCAL, anchor());
        c.hubChainKey = bytes31(uint248(0xf));
        _expectNoReplayFrom(new CheckpointLedger(c));
    }

    /// M_replay_other_set: M binds the set, so neither can a proof by one trusted set be shown as another's, nor does
    /// what validators signed as members of one set count where they stand in another.
    function test_aProofByOneSetIsRefusedForAnother() external {
        CheckpointLedger onHub = new CheckpointLedger(config(HUB, anchor()));
        SetRecord memory next = setOf(2, uint64(START) + 1);
        coalition.sealEpoch(next);
        onHub.rotateLocal(next);
        vm.assertTrue(onHub.isTrusted(anchor().commitment));
        vm.assertTrue(onHub.isTrusted(next.commitment));

        Attestation memory first = attest(checkpointAt(OTHER, 64));
        Attestation memory second = attest(checkpointAt(OTHER, 64));
        second.setCommitment = bytes32(next.commitment);
        makeQuorum(onHub, first, 7);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        onHub.submitCheckpoint(second, 7, KEY, goodProof());

        // A quorum of the second set over the first one's message is a true claim, and none that a ledger asks for.
        verifier.accept(_claim(next.commitment, Attestations.message(onHub.domain(), first)));
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        onHub.submitCheckpoint(second, 7, KEY, goodProof());
        assertOutcome(onHub.submitCheckpoint(first, 7, KEY, goodProof()), ICheckpointLedger.Outcome.Updated);
    }

    /// M_and_root_ge_p_refused_onchain: another integer of the same residue would be another set for one proof. The
    /// ledger knows no such set; one that was deployed with it believes no quorum of it.
    function test_aSetBeyondTheFieldIsRefused() external {
        uint256 aliased = anchor().commitment + ValidatorSets.FR;
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        a.setCommitment = bytes32(aliased);
        expectRefused(a, abi.encodeWithSelector(ICheckpointLedger.SetUnknown.selector, aliased));

        SetRecord memory set = anchor();
        set.commitment = aliased;
        ledger = new CheckpointLedger(config(LOCAL, set));
        expectRefused(a, abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 0, aliased));
    }

    /// M_and_root_ge_p_refused_onchain: a ledger computes M itself, below 2^248; an M beyond the field has no proof.
    function testFuzz_aMessageBeyondTheFieldIsRefused(Attestation memory a) external {
        uint256 message = Attestations.message(ledger.domain(), a);
        vm.assertEq(message >> 248, 0);
        uint256[] memory claim = _claim(anchor().commitment, message);
        verifier.accept(claim);
        registry.verify(KEY, StatementKinds.QUORUM, 16, goodProof(), claim);
        claim[1] += ValidatorSets.FR;
        verifier.accept(claim);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 1, claim[1]));
        registry.verify(KEY, StatementKinds.QUORUM, 16, goodProof(), claim);
    }

    function test_otherSignersThanProvedAreRefused() external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        makeQuorum(ledger, a, 7);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        ledger.submitCheckpoint(a, 15, KEY, goodProof());
    }

    /// The bitmap's alias modulo the field's order would name other signers for one proof.
    function test_signersBeyondTheFieldAreRefused() external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        makeQuorum(ledger, a, 7);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.SignalNotCanonical.selector, 2, ValidatorSets.FR + 7));
        ledger.submitCheckpoint(a, ValidatorSets.FR + 7, KEY, goodProof());
    }

    function test_theShareIsTheLedgersOwn() external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        makeQuorum(ledger, a, 7); // proved for two thirds
        ICheckpointLedger.Policy memory p = ledger.policy();
        p.share = 22_500;
        vm.prank(OWNER);
        ledger.setPolicy(p);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        ledger.submitCheckpoint(a, 7, KEY, goodProof());
    }

    function test_aVerifierForAnotherCapacityIsRefused() external {
        bytes32 key64 = keccak256("quorum-64 key");
        vm.prank(OWNER);
        registry.addVerifier(key64, StatementKinds.QUORUM, 64, 4, address(verifier));
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        makeQuorum(ledger, a, 7);
        vm.expectRevert(abi.encodeWithSelector(IVerifierRegistry.WrongCapacity.selector, 16, 64));
        ledger.submitCheckpoint(a, 7, key64, goodProof());
    }

    function test_twoProofsOfOneClaimHaveOneEffect() external {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        assertOutcome(submit(a), ICheckpointLedger.Outcome.Updated);
        Proof memory rerandomised = goodProof();
        rerandomised.a[0] = 2;
        vm.recordLogs();
        assertOutcome(ledger.submitCheckpoint(a, 7, KEY, rerandomised), ICheckpointLedger.Outcome.Known);
        vm.assertEq(vm.getRecordedLogs().length, 0);
    }

    /// What has a quorum on `other` has none on `ledger`.
    function _expectNoReplayFrom(CheckpointLedger other) private {
        Attestation memory a = attest(checkpointAt(OTHER, 64));
        makeQuorum(other, a, 7);
        vm.expectRevert(IVerifierRegistry.InvalidProof.selector);
        ledger.submitCheckpoint(a, 7, KEY, goodProof());
        assertOutcome(other.submitCheckpoint(a, 7, KEY, goodProof()), ICheckpointLedger.Outcome.Updated);
    }

    function _claim(uint256 setCommitment, uint256 message) private view returns (uint256[] memory s) {
        s = new uint256[](4);
        (s[0], s[1], s[2], s[3]) = (setCommitment, message, 7, ledger.policy().share);
    }
}
