// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CommitmentTree} from "../base/CommitmentTree.sol";
import {Ics23Fixture} from "../base/Ics23Fixture.sol";
import {Ics23} from "../../src/cometbft/Ics23.sol";
import {Ics23Ops} from "../../src/cometbft/Ics23Ops.sol";
import {ProtoReader} from "../../src/cometbft/ProtoReader.sol";

/// Proofs of generated trees of both kinds, and of absence that is none.
contract Ics23Test is Ics23Fixture {
    using CommitmentTree for CommitmentTree.Tree;

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_whatATreeHolds(bool iavl, uint8 size, uint256 seed) external view {
        CommitmentTree.Tree memory t = tree(iavl, bound(size, 1, 24), seed);
        bytes32 root = t.root();
        for (uint256 i = 0; i < t.keys.length; ++i) {
            (bool exists, bytes memory value) = caller.read(kind(t), root, t.keys[i], t.present(i));
            vm.assertTrue(exists);
            vm.assertEq(value, t.values[i]);
        }
    }

    /// Before the first, after the last, and at each place between, right beside what is there.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_whatItDoesNotHold(bool iavl, uint8 size, uint256 seed) external view {
        CommitmentTree.Tree memory t = tree(iavl, bound(size, 1, 24), seed);
        bytes32 root = t.root();
        for (uint256 i = 0; i <= t.keys.length; ++i) {
            if (i < t.keys.length) _assertAbsent(t, root, i, _shortened(t.keys[i]));
            if (i > 0) _assertAbsent(t, root, i, bytes.concat(t.keys[i - 1], hex"00"));
        }
    }

    function testFuzz_everyByteCounts(bool iavl, uint8 size, uint256 seed, uint16 at_, uint8 mask) external view {
        CommitmentTree.Tree memory t = tree(iavl, bound(size, 2, 12), seed);
        uint256 i = seed % t.keys.length;
        bytes memory key = bytes.concat(t.keys[i], hex"00");
        for (uint256 absence = 0; absence < 2; ++absence) {
            bytes memory proof = absence == 0 ? t.present(i) : t.absent(i + 1, key);
            // But for the key in a proof of absence, which shows nothing.
            uint256 skip = absence == 0 ? 0 : 8 + key.length;
            uint256 place = skip + at_ % (proof.length - skip);
            proof[place] ^= bytes1(uint8(bound(mask, 1, 255)));
            _assertRefused(t, absence == 0 ? t.keys[i] : key, proof);
        }
    }

    function testFuzz_truncatedOrExtended(bool iavl, uint256 seed, uint16 to) external view {
        CommitmentTree.Tree memory t = tree(iavl, 9, seed);
        bytes memory proof = t.present(4);
        _assertRefused(t, t.keys[4], bytes.concat(proof, hex"00"));
        _assertRefused(t, t.keys[4], bytes.concat(proof, proof));
        uint256 length = to % proof.length;
        assembly ("memory-safe") {
            mstore(proof, length)
        }
        _assertRefused(t, t.keys[4], proof);
    }

    function test_anotherKeyOrRoot() external {
        CommitmentTree.Tree memory t = tree(true, 5, 1);
        bytes32 root = t.root();
        bytes memory proof = t.present(2);
        vm.expectRevert(abi.encodeWithSelector(Ics23.KeyMismatch.selector, t.keys[3], t.keys[2]));
        caller.read(Ics23Ops.Tree.Iavl, root, t.keys[3], proof);
        vm.expectRevert(abi.encodeWithSelector(Ics23.RootMismatch.selector, bytes32(0), root));
        caller.read(Ics23Ops.Tree.Iavl, 0, t.keys[2], proof);
    }

    function test_aProofOfTheOtherKindOfTree() external {
        CommitmentTree.Tree memory iavl = tree(true, 5, 1);
        CommitmentTree.Tree memory simple = tree(false, 5, 1);
        (bytes32 a, bytes32 b) = (iavl.root(), simple.root());
        bytes memory proof = iavl.present(2);
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        caller.read(Ics23Ops.Tree.Simple, a, iavl.keys[2], proof);
        proof = simple.present(2);
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        caller.read(Ics23Ops.Tree.Iavl, b, simple.keys[2], proof);
    }

    // Absence that is none.

    /// Two leaves that are not neighbours hide what lies between them.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_leavesThatAreNotNeighbours(bool iavl, uint256 seed, uint8 a, uint8 b) external {
        CommitmentTree.Tree memory t = tree(iavl, 12, seed);
        uint256 left = a % 10;
        uint256 right = left + 2 + b % (10 - left);
        _expectNotNeighbours(t, t.keys[left + 1], nonexistence(t.existence(left), t.existence(right)));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_aLeafThatIsNotAtTheEnd(bool iavl, uint256 seed, uint8 i) external {
        CommitmentTree.Tree memory t = tree(iavl, 12, seed);
        uint256 leaf = 1 + i % 11;
        _expectNotNeighbours(t, t.keys[leaf - 1], nonexistence("", t.existence(leaf)));
        _expectNotNeighbours(t, t.keys[leaf], nonexistence(t.existence(leaf - 1), ""));
    }

    function test_keysOutsideTheirNeighbours() external {
        CommitmentTree.Tree memory t = tree(true, 6, 5);
        bytes32 root = t.root();
        bytes memory proof = t.absent(3, "");
        bytes[4] memory keys = [t.keys[2], t.keys[3], t.keys[1], t.keys[4]];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Ics23.KeyNotBetween.selector, keys[i]));
            caller.read(Ics23Ops.Tree.Iavl, root, keys[i], proof);
        }
    }

    function test_leftAndRightTheSameOrSwapped() external {
        CommitmentTree.Tree memory t = tree(true, 6, 5);
        bytes32 root = t.root();
        bytes memory key = bytes.concat(t.keys[2], hex"00");
        bytes memory same = nonexistence(t.existence(2), t.existence(2));
        vm.expectRevert(abi.encodeWithSelector(Ics23.KeyNotBetween.selector, key));
        caller.read(Ics23Ops.Tree.Iavl, root, key, same);
        bytes memory swapped = nonexistence(t.existence(3), t.existence(2));
        vm.expectRevert(abi.encodeWithSelector(Ics23.KeyNotBetween.selector, key));
        caller.read(Ics23Ops.Tree.Iavl, root, key, swapped);
    }

    function test_noNeighbourAtAll() external {
        vm.expectRevert(Ics23.ProofOfNothing.selector);
        caller.read(Ics23Ops.Tree.Iavl, 0, "key", nonexistence("", ""));
    }

    function test_neighboursInDifferentTrees() external {
        CommitmentTree.Tree memory t = tree(true, 6, 5);
        CommitmentTree.Tree memory u = tree(true, 6, 6);
        bytes32 root = t.root();
        bytes memory proof = nonexistence(t.existence(2), u.existence(3));
        vm.expectPartialRevert(Ics23.RootMismatch.selector);
        caller.read(Ics23Ops.Tree.Iavl, root, bytes.concat(t.keys[2], hex"00"), proof);
    }

    function test_depth() external {
        bytes memory path;
        bytes32 node = sha256(bytes.concat(hex"00016b20", sha256("v")));
        for (uint256 i = 0; i < 128; ++i) {
            path = bytes.concat(path, CommitmentTree.innerOp(hex"01", abi.encodePacked(i)));
            node = sha256(abi.encodePacked(hex"01", node, i));
        }
        bytes memory op = hex"0801180120012a0100";
        (bool exists,) = caller.read(Ics23Ops.Tree.Simple, node, "k", existence("k", "v", op, path));
        vm.assertTrue(exists);
        path = bytes.concat(path, CommitmentTree.innerOp(hex"01", abi.encodePacked(node)));
        vm.expectRevert(abi.encodeWithSelector(Ics23.ProofTooDeep.selector, 128));
        caller.read(Ics23Ops.Tree.Simple, node, "k", existence("k", "v", op, path));
    }

    function test_batchesAndCompressedProofsAreRefused() external {
        bytes[4] memory proofs = [bytes(""), hex"1a00", hex"2200", hex"ff"];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(Ics23.ProofUnsupported.selector);
            caller.read(Ics23Ops.Tree.Simple, 0, "k", proofs[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(ProtoReader.LengthOutOfRange.selector, 0x0a));
        caller.read(Ics23Ops.Tree.Simple, 0, "k", hex"0a8080808001");
    }

    function _shortened(bytes memory key) private pure returns (bytes memory shorter) {
        shorter = new bytes(key.length - 1);
        for (uint256 i = 0; i < shorter.length; ++i) {
            shorter[i] = key[i];
        }
        // Of two bytes one is left, which may come before other keys, too.
        if (key.length == 2) {
            shorter = bytes.concat(key);
            shorter[1] = bytes1(uint8(shorter[1]) - 1);
        }
    }

    function _assertAbsent(CommitmentTree.Tree memory t, bytes32 root, uint256 i, bytes memory key) private view {
        (bool exists, bytes memory value) = caller.read(kind(t), root, key, t.absent(i, key));
        vm.assertFalse(exists);
        vm.assertEq(value.length, 0);
    }

    function _assertRefused(CommitmentTree.Tree memory t, bytes memory key, bytes memory proof) private view {
        try caller.read(kind(t), t.root(), key, proof) {
            vm.assertTrue(false, "accepted");
        } catch {}
    }

    function _expectNotNeighbours(CommitmentTree.Tree memory t, bytes memory key, bytes memory proof) private {
        bytes32 root = t.root();
        vm.expectRevert(Ics23.NotNeighbours.selector);
        caller.read(kind(t), root, key, proof);
    }
}
