// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PhalanxTest} from "./base/PhalanxTest.sol";
import {Attestation, Checkpoint, SetRecord} from "../src/interfaces/Types.sol";
import {Attestations} from "../src/lib/Attestations.sol";
import {Domains} from "../src/lib/Domains.sol";
import {EpochDigests} from "../src/lib/EpochDigests.sol";

contract AttestationsTest is PhalanxTest {
    bytes31 private constant CHAIN = bytes31(uint248(0xc1));

    function _attestation(uint64 source, uint64 height) private pure returns (Attestation memory) {
        return Attestation(
            bytes32(uint256(7)), source, Checkpoint(CHAIN, height, bytes32(uint256(1)), bytes32(uint256(2)), 1000)
        );
    }

    /// Vectors computed outside of Solidity, with node:crypto, from the field list in the specification.
    function test_messageAndDomainsMatchVectorsComputedElsewhere() external pure {
        bytes31 hub = bytes31(uint248(0x0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f));
        address coalition = 0x1111111111111111111111111111111111111111;
        bytes31 domain = Domains.attestation(hub, coalition);
        vm.assertEq(bytes32(domain), bytes32(hex"3febd3f3b61cc639a3e6cbb7e5593e818c6be490aef003dd630dbdc03eb015"));
        vm.assertEq(
            bytes32(Domains.registration(hub, coalition)),
            bytes32(hex"21b8f3e06e128b537f0fae2f604a0a0b958a1e672955cb4c3db1a9547c041d")
        );
        Attestation memory a = Attestation(
            bytes32(uint256(0x22)),
            64,
            Checkpoint(bytes31(uint248(0x33)), 128, bytes32(uint256(0x44)), bytes32(uint256(0x55)), 0x0102030405060708)
        );
        vm.assertEq(Attestations.encode(domain, a).length, 182);
        vm.assertEq(Attestations.message(domain, a), 0xda142363b4688a5ec393d7e1f49e17a0e8a82a72ed1c9d76832c46a4c9620c);
    }

    function testFuzz_messageBindsEveryField(Attestation memory a, uint8 field, uint256 delta) external pure {
        bytes31 domain = Domains.attestation(CHAIN, address(1));
        uint256 before = Attestations.message(domain, a);
        vm.assertLt(before, 1 << 248);
        field = uint8(bound(field, 0, 7));
        uint64 d64 = uint64(bound(delta, 1, type(uint64).max));
        bytes32 d256 = bytes32(bound(delta, 1, type(uint256).max));
        bytes31 d248 = bytes31(uint248(bound(delta, 1, type(uint248).max)));
        if (field == 0) domain ^= d248;
        if (field == 1) a.setCommitment ^= d256;
        if (field == 2) a.sourceHeight ^= d64;
        if (field == 3) a.checkpoint.chainKey ^= d248;
        if (field == 4) a.checkpoint.height ^= d64;
        if (field == 5) a.checkpoint.blockHash ^= d256;
        if (field == 6) a.checkpoint.stateRoot ^= d256;
        if (field == 7) a.checkpoint.timestamp ^= d64;
        vm.assertNotEq(Attestations.message(domain, a), before);
    }

    function test_differentCheckpointAtOneHeightIsADoubleVote() external pure {
        Attestation memory a = _attestation(64, 128);
        Attestation memory b = _attestation(64, 128);
        b.checkpoint.stateRoot = bytes32(uint256(3));
        vm.assertTrue(Attestations.isDoubleVote(a, b));
        vm.assertTrue(Attestations.isDoubleVote(b, a));
        Attestation memory c = _attestation(0, 128);
        c.checkpoint.timestamp = 1001;
        vm.assertTrue(Attestations.isDoubleVote(a, c));
    }

    function test_sameCheckpointUnderAnotherSourceOrSetIsNoOffence() external pure {
        Attestation memory a = _attestation(64, 128);
        Attestation memory b = _attestation(0, 128);
        b.setCommitment = bytes32(uint256(8));
        vm.assertFalse(Attestations.isEquivocation(a, b));
        vm.assertFalse(Attestations.isEquivocation(a, a));
    }

    function test_surroundIsStrictOnBothSidesAndSymmetric() external pure {
        Attestation memory inner = _attestation(128, 192);
        vm.assertTrue(Attestations.isSurround(_attestation(64, 256), inner));
        vm.assertTrue(Attestations.isSurround(inner, _attestation(64, 256)));
        vm.assertFalse(Attestations.isSurround(_attestation(128, 256), inner), "equal sources");
        vm.assertFalse(Attestations.isSurround(_attestation(64, 192), inner), "equal targets");
        vm.assertFalse(Attestations.isSurround(_attestation(192, 256), inner), "one after the other");
    }

    function test_votesOnTwoChainsNeverContradict() external pure {
        Attestation memory a = _attestation(64, 256);
        Attestation memory b = _attestation(128, 192);
        b.checkpoint.chainKey = bytes31(uint248(0xc2));
        vm.assertFalse(Attestations.isEquivocation(a, b));
        b.checkpoint.height = 256;
        vm.assertFalse(Attestations.isEquivocation(a, b));
    }

    function testFuzz_equivocationIsSymmetricAndAgreesWithItsDefinition(
        uint64 s1,
        uint64 t1,
        uint64 s2,
        uint64 t2,
        bool sameBlock
    ) external pure {
        (s1, t1) = (uint64(bound(s1, 0, 6)), uint64(bound(t1, 0, 6)));
        (s2, t2) = (uint64(bound(s2, 0, 6)), uint64(bound(t2, 0, 6)));
        Attestation memory a = _attestation(s1, t1);
        Attestation memory b = _attestation(s2, t2);
        if (!sameBlock) b.checkpoint.blockHash = bytes32(uint256(9));
        bool expected = (t1 == t2 && !sameBlock) || (s1 < s2 && t2 < t1) || (s2 < s1 && t1 < t2);
        vm.assertEq(Attestations.isEquivocation(a, b), expected);
        vm.assertEq(Attestations.isEquivocation(b, a), expected);
    }

    function test_epochSlotIsTheErc7201SlotOfItsName() external pure {
        bytes32 slot =
            keccak256(abi.encode(uint256(keccak256("phalanx.coalition.epochs")) - 1)) & ~bytes32(uint256(255));
        vm.assertEq(EpochDigests.SLOT, slot);
        vm.assertEq(EpochDigests.slotOf(3), keccak256(abi.encode(uint256(3), slot)));
    }

    function test_epochDigestBindsCommitmentCapacityAndTime() external pure {
        bytes32 d = EpochDigests.digest(SetRecord(1, 2, 3, 16));
        vm.assertEq(d, keccak256(abi.encode(uint256(1), uint256(16), uint256(3))));
    }
}
