// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {VerifierRegistry} from "../src/VerifierRegistry.sol";
import {ICoalition} from "../src/interfaces/ICoalition.sol";
import {Attestation, Proof} from "../src/interfaces/Types.sol";
import {Attestations} from "../src/lib/Attestations.sol";
import {StatementKinds} from "../src/lib/StatementKinds.sol";
import {CoalitionFixture} from "./base/CoalitionFixture.sol";
import {TrapdoorVerifier} from "./base/TrapdoorVerifier.sol";

/// What whole transactions cost on the hub, intrinsic gas and calldata included, with a verifier that does the
/// real pairings. Every call is a transaction of its own, so storage is cold.
/// forge-config: default.isolate = true
contract CoalitionGasTest is CoalitionFixture {
    TrapdoorVerifier private _trapdoor;

    function setUp() public override {
        super.setUp();
        _trapdoor = new TrapdoorVerifier();
        VerifierRegistry.Initial[] memory keys = new VerifierRegistry.Initial[](5);
        keys[0] = VerifierRegistry.Initial(REGISTRATION_KEY, StatementKinds.REGISTRATION, 0, 3, address(_trapdoor));
        keys[1] = VerifierRegistry.Initial(EQUIVOCATION_KEY, StatementKinds.EQUIVOCATION, 0, 6, address(_trapdoor));
        keys[2] = VerifierRegistry.Initial(_quorumKey(16), StatementKinds.QUORUM, 16, 4, address(_trapdoor));
        keys[3] = VerifierRegistry.Initial(_quorumKey(64), StatementKinds.QUORUM, 64, 4, address(_trapdoor));
        keys[4] = VerifierRegistry.Initial(_quorumKey(128), StatementKinds.QUORUM, 128, 4, address(_trapdoor));
        registry = new VerifierRegistry(address(timelock), keys);
        hub = _deployHub(16);
    }

    function test_slashingAnEquivocationStaysBelow400k() external {
        _fill(8);
        uint256 set = _seal();
        uint256 first = _slashForReal(0, set, "slashEquivocation: first of all");
        uint256 next = _slashForReal(1, set, "slashEquivocation: later");
        uint256 unregistered = _slashForReal(100, set, "slashEquivocation: key not registered");
        uint256 again = _slashForReal(0, set, "slashEquivocation: already tombstoned");
        vm.assertLt(first, 400_000);
        vm.assertLt(next, 400_000);
        vm.assertLt(unregistered, 400_000);
        vm.assertLt(again, 60_000);
    }

    function test_slashingWhatIsPartlyUnbondingStaysBelow400k() external {
        _fill(8);
        uint256 set = _seal();
        vm.prank(address(timelock));
        hub.setPolicy(ICoalition.Policy(32 * ETHER, 5_000, TREASURY));
        uint256 used = _slashForReal(0, set, "slashEquivocation: half the stake");
        vm.assertLt(used, 400_000);
    }

    function test_registrationAndSealing() external {
        _fill(8);
        vm.snapshotGasLastCall("register");
        vm.warp(block.timestamp + EPOCH);
        hub.sealEpoch();
        vm.snapshotGasLastCall("sealEpoch: 8 new validators");
        vm.warp(block.timestamp + EPOCH);
        hub.sealEpoch();
        vm.snapshotGasLastCall("sealEpoch: nothing changed");
        _fundedPrank(0, ETHER);
        hub.addStake{value: 1 ether}();
        vm.snapshotGasLastCall("addStake");
        vm.prank(_operator(1));
        hub.unbond(32 * ETHER);
        vm.snapshotGasLastCall("unbond");
        vm.warp(block.timestamp + EPOCH);
        hub.sealEpoch();
        vm.snapshotGasLastCall("sealEpoch: 2 changed validators");
    }

    function test_sealingAFullSetOf128FitsATransaction() external {
        hub = _deployHub(128);
        _fill(128);
        hub.sealEpoch();
        uint256 used = vm.snapshotGasLastCall("sealEpoch: 128 new validators");
        vm.assertLt(used, 1 << 24); // EIP-7825's limit of one transaction
    }

    function test_slashingQuorumsOf16() external {
        vm.assertLt(_slashQuorums(16, 16), 1 << 24);
    }

    function test_slashingQuorumsOf128FitsATransaction() external {
        vm.assertLt(_slashQuorums(128, 128), 1 << 24);
    }

    /// The largest there can be: two full sets, in which everybody's stake has changed in between. Offenders
    /// could bring that about, so it must not be what saves them.
    function test_slashingQuorumsOfTwoSetsOf128FitsTransactions() external {
        hub = _deployHub(128);
        _fill(128);
        uint256 set = _seal();
        ICoalition.Leaf[] memory leaves = _leaves(hub);
        for (uint256 i = 0; i < 128; ++i) {
            _fundedPrank(i, ETHER);
            hub.addStake{value: 1 ether}();
        }
        uint256 next = _seal();
        hub.revealSet(set, leaves);
        vm.assertLt(vm.snapshotGasLastCall("revealSet: 128"), 1 << 24);
        uint256 all = type(uint128).max;
        ICoalition.QuorumEvidence memory first = _quorumForReal(_attestation(set, 0, 64, 1), all, 128);
        ICoalition.QuorumEvidence memory second = _quorumForReal(_attestation(next, 0, 64, 2), all, 128);
        hub.slashQuorums(first, second, leaves, _leaves(hub));
        vm.assertLt(vm.snapshotGasLastCall("slashQuorums: all of 128 in two sets, one revealed"), 1 << 24);
    }

    function _slashQuorums(uint8 capacity, uint256 validators) private returns (uint256) {
        hub = _deployHub(capacity);
        _fill(validators);
        uint256 set = _seal();
        ICoalition.Leaf[] memory leaves = _leaves(hub);
        uint256 signers = validators == 128 ? type(uint128).max : (1 << validators) - 1;
        ICoalition.QuorumEvidence memory first = _quorumForReal(_attestation(set, 0, 64, 1), signers, capacity);
        ICoalition.QuorumEvidence memory second = _quorumForReal(_attestation(set, 0, 64, 2), signers, capacity);
        hub.slashQuorums(first, second, leaves, new ICoalition.Leaf[](0));
        return vm.snapshotGasLastCall(string.concat("slashQuorums: all of ", vm.toString(validators)));
    }

    function _quorumForReal(Attestation memory a, uint256 signers, uint8 capacity)
        private
        returns (ICoalition.QuorumEvidence memory evidence)
    {
        evidence = _quorum(hub, a, signers, capacity);
        uint256[] memory s = new uint256[](4);
        (s[0], s[1]) = (uint256(a.setCommitment), Attestations.message(hub.domain(), a));
        (s[2], s[3]) = (signers, 20_000);
        evidence.proof = _trapdoor.prove(s);
    }

    function _fill(uint256 validators) private {
        for (uint256 i = 0; i < validators; ++i) {
            (uint256 x, uint256 y) = _key(i);
            Proof memory proof = _trapdoor.prove(_signals(x, y, hub.registrationDigest(_operator(i))));
            _fundedPrank(i, 32 * ETHER);
            hub.register{value: 32 ether}(x, y, REGISTRATION_KEY, proof);
        }
    }

    function _slashForReal(uint256 i, uint256 set, string memory name) private returns (uint256) {
        Attestation memory first = _realistic(set, 1);
        Attestation memory second = _realistic(set, 2);
        uint256[] memory s = new uint256[](6);
        (s[0], s[1]) = (set, i % 16);
        (s[2], s[3]) = _key(i);
        s[4] = Attestations.message(hub.domain(), first);
        s[5] = Attestations.message(hub.domain(), second);
        Proof memory proof = _trapdoor.prove(s);
        // Real proofs have full-width points; the generator's coordinates are cheap calldata.
        hub.slashEquivocation(first, second, s[0], s[1], s[2], s[3], EQUIVOCATION_KEY, proof);
        return vm.snapshotGasLastCall(name) + 62 * 12;
    }

    function _realistic(uint256 set, uint256 fork) private pure returns (Attestation memory a) {
        a = _attestation(set, 0, 64, fork);
        a.checkpoint.blockHash = keccak256(abi.encode("block", fork));
        a.checkpoint.stateRoot = keccak256(abi.encode("state", fork));
        a.checkpoint.chainKey = bytes31(keccak256("chain"));
    }
}
