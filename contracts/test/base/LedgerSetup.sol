// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PhalanxTest} from "./PhalanxTest.sol";
import {ProgrammedVerifier} from "./ProgrammedVerifier.sol";
import {CheckpointLedger} from "../../src/CheckpointLedger.sol";
import {VerifierRegistry} from "../../src/VerifierRegistry.sol";
import {ICheckpointLedger} from "../../src/interfaces/ICheckpointLedger.sol";
import {IStateReader} from "../../src/interfaces/IStateReader.sol";
import {Attestation, Checkpoint, Proof, SetRecord} from "../../src/interfaces/Types.sol";
import {Attestations} from "../../src/lib/Attestations.sol";
import {EpochDigests} from "../../src/lib/EpochDigests.sol";
import {StatementKinds} from "../../src/lib/StatementKinds.sol";

/// Stands in for the hub's Coalition where a ledger asks for nothing but sealed epochs.
contract SealedEpochs {
    function sealEpoch(SetRecord memory set) external {
        EpochDigests.epochs().digests[set.epoch] = EpochDigests.digest(set);
    }

    function epochDigest(uint64 epoch) external view returns (bytes32) {
        return EpochDigests.epochs().digests[epoch];
    }
}

/// A ledger off the hub that trusts one set and follows the hub and one more chain.
abstract contract LedgerSetup is PhalanxTest {
    bytes31 internal constant HUB = bytes31(uint248(0xa));
    bytes31 internal constant LOCAL = bytes31(uint248(0xb));
    bytes31 internal constant OTHER = bytes31(uint248(0xc));
    bytes32 internal constant KEY = keccak256("quorum-16 key");
    address internal constant OWNER = address(0x0e);
    address internal constant GUARDIAN = address(0x6a);
    uint32 internal constant INTERVAL = 64;
    uint48 internal constant TRUSTING = 7 days;
    uint48 internal constant EVIDENCE = 5 days;
    uint48 internal constant UNBONDING = 14 days;
    uint48 internal constant DRIFT = 30;
    uint48 internal constant FREEZE = 3 days;
    uint48 internal constant COOLDOWN = 10 days;
    uint256 internal constant START = 1_800_000_000;

    ProgrammedVerifier internal verifier;
    VerifierRegistry internal registry;
    SealedEpochs internal coalition;
    CheckpointLedger internal ledger;

    function setUp() public virtual {
        vm.warp(START);
        verifier = new ProgrammedVerifier();
        registry = new VerifierRegistry(OWNER, new VerifierRegistry.Initial[](0));
        vm.prank(OWNER);
        registry.addVerifier(KEY, StatementKinds.QUORUM, 16, 4, address(verifier));
        coalition = new SealedEpochs();
        ledger = new CheckpointLedger(config(LOCAL, anchor()));
    }

    /// By its compiled code: importing the source would compile the tests the slow way, too.
    function newReader(ICheckpointLedger for_) internal returns (IStateReader reader) {
        bytes memory code = abi.encodePacked(vm.getCode("StateReader.sol:StateReader"), abi.encode(for_));
        assembly ("memory-safe") {
            reader := create(0, add(code, 0x20), mload(code))
        }
        vm.assertNotEq(uint256(uint160(address(reader))), 0);
    }

    function config(bytes31 localChainKey, SetRecord memory first)
        internal
        view
        returns (CheckpointLedger.Config memory c)
    {
        c.owner = OWNER;
        c.guardian = GUARDIAN;
        c.verifiers = registry;
        c.hubChainKey = HUB;
        c.localChainKey = localChainKey;
        c.hubCoalition = address(coalition);
        c.unbondingDelay = UNBONDING;
        c.policy = ICheckpointLedger.Policy(20_000, TRUSTING, EVIDENCE, DRIFT, FREEZE, COOLDOWN);
        c.anchor = first;
        c.sources = new CheckpointLedger.SourceConfig[](2);
        c.sources[0] = CheckpointLedger.SourceConfig(HUB, INTERVAL);
        c.sources[1] = CheckpointLedger.SourceConfig(OTHER, INTERVAL);
    }

    function anchor() internal pure returns (SetRecord memory) {
        return SetRecord(0x5e71, 1, uint64(START), 16);
    }

    /// A set as the hub would seal it, told apart by its epoch.
    function setOf(uint64 epoch, uint64 sealedAt) internal pure returns (SetRecord memory) {
        return SetRecord(uint256(keccak256(abi.encode("set", epoch, sealedAt))) >> 8, epoch, sealedAt, 16);
    }

    function checkpointAt(bytes31 chainKey, uint64 height) internal view returns (Checkpoint memory) {
        return Checkpoint(
            chainKey,
            height,
            keccak256(abi.encode("block", chainKey, height)),
            keccak256(abi.encode("state", chainKey, height)),
            uint64(block.timestamp)
        );
    }

    function attest(Checkpoint memory c) internal pure returns (Attestation memory) {
        return Attestation(bytes32(anchor().commitment), c.height < INTERVAL ? 0 : c.height - INTERVAL, c);
    }

    /// Tells the verifier that this attestation has a quorum.
    function makeQuorum(CheckpointLedger on, Attestation memory a, uint256 signers) internal {
        uint256[] memory s = new uint256[](4);
        s[0] = uint256(a.setCommitment);
        s[1] = Attestations.message(on.domain(), a);
        s[2] = signers;
        s[3] = on.policy().share;
        verifier.accept(s);
    }

    function goodProof() internal pure returns (Proof memory p) {
        p.a[0] = 1;
    }

    function badProof() internal pure returns (Proof memory p) {
        p.a[0] = 0xbad;
    }

    /// Submits with a proof the verifier accepts.
    function submit(Attestation memory a) internal returns (ICheckpointLedger.Outcome) {
        makeQuorum(ledger, a, 7);
        return ledger.submitCheckpoint(a, 7, KEY, goodProof());
    }

    /// Submits with a proof the verifier accepts, and the ledger refuses all the same.
    function expectRefused(Attestation memory a, bytes memory reason) internal {
        makeQuorum(ledger, a, 7);
        vm.expectRevert(reason);
        ledger.submitCheckpoint(a, 7, KEY, goodProof());
    }

    /// Holds one more checkpoint of a chain, a second later.
    function advance(bytes31 chainKey) internal returns (Checkpoint memory c) {
        vm.warp(block.timestamp + 1);
        c = checkpointAt(chainKey, ledger.chain(chainKey).headHeight + INTERVAL);
        assertOutcome(submit(attest(c)), ICheckpointLedger.Outcome.Updated);
    }

    /// Submits a checkpoint that contradicts the chain's head, with a valid proof.
    function contradict(bytes31 chainKey) internal returns (ICheckpointLedger.Outcome) {
        Checkpoint memory c = checkpointAt(chainKey, ledger.chain(chainKey).headHeight);
        c.stateRoot = keccak256("another state");
        return submit(attest(c));
    }

    function assertOutcome(ICheckpointLedger.Outcome actual, ICheckpointLedger.Outcome expected) internal pure {
        vm.assertEq(uint256(actual), uint256(expected), "outcome");
    }

    function assertFreeze(bytes31 chainKey, ICheckpointLedger.Freeze expected) internal view {
        vm.assertEq(uint256(ledger.chain(chainKey).freeze), uint256(expected), "freeze");
    }
}
