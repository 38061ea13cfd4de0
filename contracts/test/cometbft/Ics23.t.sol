// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {CommitmentTree} from "../base/CommitmentTree.sol";
import {Ics23Caller} from "../base/Ics23Caller.sol";
import {NaiveCometBft} from "../base/NaiveCometBft.sol";
import {PhalanxTest} from "../base/PhalanxTest.sol";
import {AppState} from "../../src/cometbft/AppState.sol";
import {Ics23} from "../../src/cometbft/Ics23.sol";
import {Ics23Ops} from "../../src/cometbft/Ics23Ops.sol";
import {ProtoReader} from "../../src/cometbft/ProtoReader.sol";

/// Proofs of generated trees of both kinds, and attacks on them.
contract Ics23Test is PhalanxTest {
    using CommitmentTree for CommitmentTree.Tree;

    Ics23Caller private _caller = new Ics23Caller();

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_whatATreeHolds(bool iavl, uint8 size, uint256 seed) external view {
        CommitmentTree.Tree memory t = _tree(iavl, bound(size, 1, 24), seed);
        bytes32 root = t.root();
        for (uint256 i = 0; i < t.keys.length; ++i) {
            (bool exists, bytes memory value) = _caller.read(_kind(t), root, t.keys[i], t.present(i));
            vm.assertTrue(exists);
            vm.assertEq(value, t.values[i]);
        }
    }

    /// Before the first, after the last, and at each place between, right beside what is there.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_whatItDoesNotHold(bool iavl, uint8 size, uint256 seed) external view {
        CommitmentTree.Tree memory t = _tree(iavl, bound(size, 1, 24), seed);
        bytes32 root = t.root();
        for (uint256 i = 0; i <= t.keys.length; ++i) {
            if (i < t.keys.length) _assertAbsent(t, root, i, _shortened(t.keys[i]));
            if (i > 0) _assertAbsent(t, root, i, bytes.concat(t.keys[i - 1], hex"00"));
        }
    }

    function testFuzz_everyByteCounts(bool iavl, uint8 size, uint256 seed, uint16 at_, uint8 mask) external view {
        CommitmentTree.Tree memory t = _tree(iavl, bound(size, 2, 12), seed);
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
        CommitmentTree.Tree memory t = _tree(iavl, 9, seed);
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
        CommitmentTree.Tree memory t = _tree(true, 5, 1);
        bytes32 root = t.root();
        bytes memory proof = t.present(2);
        vm.expectRevert(abi.encodeWithSelector(Ics23.KeyMismatch.selector, t.keys[3], t.keys[2]));
        _caller.read(Ics23Ops.Tree.Iavl, root, t.keys[3], proof);
        vm.expectRevert(abi.encodeWithSelector(Ics23.RootMismatch.selector, bytes32(0), root));
        _caller.read(Ics23Ops.Tree.Iavl, 0, t.keys[2], proof);
    }

    function test_aProofOfTheOtherKindOfTree() external {
        CommitmentTree.Tree memory iavl = _tree(true, 5, 1);
        CommitmentTree.Tree memory simple = _tree(false, 5, 1);
        (bytes32 a, bytes32 b) = (iavl.root(), simple.root());
        bytes memory proof = iavl.present(2);
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        _caller.read(Ics23Ops.Tree.Simple, a, iavl.keys[2], proof);
        proof = simple.present(2);
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        _caller.read(Ics23Ops.Tree.Iavl, b, simple.keys[2], proof);
    }

    // Absence that is none.

    /// Two leaves that are not neighbours hide what lies between them.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_leavesThatAreNotNeighbours(bool iavl, uint256 seed, uint8 a, uint8 b) external {
        CommitmentTree.Tree memory t = _tree(iavl, 12, seed);
        uint256 left = a % 10;
        uint256 right = left + 2 + b % (10 - left);
        _expectNotNeighbours(t, t.keys[left + 1], _nonexistence(t.existence(left), t.existence(right)));
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_aLeafThatIsNotAtTheEnd(bool iavl, uint256 seed, uint8 i) external {
        CommitmentTree.Tree memory t = _tree(iavl, 12, seed);
        uint256 leaf = 1 + i % 11;
        _expectNotNeighbours(t, t.keys[leaf - 1], _nonexistence("", t.existence(leaf)));
        _expectNotNeighbours(t, t.keys[leaf], _nonexistence(t.existence(leaf - 1), ""));
    }

    function test_keysOutsideTheirNeighbours() external {
        CommitmentTree.Tree memory t = _tree(true, 6, 5);
        bytes32 root = t.root();
        bytes memory proof = t.absent(3, "");
        bytes[4] memory keys = [t.keys[2], t.keys[3], t.keys[1], t.keys[4]];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(abi.encodeWithSelector(Ics23.KeyNotBetween.selector, keys[i]));
            _caller.read(Ics23Ops.Tree.Iavl, root, keys[i], proof);
        }
    }

    function test_leftAndRightTheSameOrSwapped() external {
        CommitmentTree.Tree memory t = _tree(true, 6, 5);
        bytes32 root = t.root();
        bytes memory key = bytes.concat(t.keys[2], hex"00");
        bytes memory same = _nonexistence(t.existence(2), t.existence(2));
        vm.expectRevert(abi.encodeWithSelector(Ics23.KeyNotBetween.selector, key));
        _caller.read(Ics23Ops.Tree.Iavl, root, key, same);
        bytes memory swapped = _nonexistence(t.existence(3), t.existence(2));
        vm.expectRevert(abi.encodeWithSelector(Ics23.KeyNotBetween.selector, key));
        _caller.read(Ics23Ops.Tree.Iavl, root, key, swapped);
    }

    function test_noNeighbourAtAll() external {
        vm.expectRevert(Ics23.ProofOfNothing.selector);
        _caller.read(Ics23Ops.Tree.Iavl, 0, "key", _nonexistence("", ""));
    }

    function test_neighboursInDifferentTrees() external {
        CommitmentTree.Tree memory t = _tree(true, 6, 5);
        CommitmentTree.Tree memory u = _tree(true, 6, 6);
        bytes32 root = t.root();
        bytes memory proof = _nonexistence(t.existence(2), u.existence(3));
        vm.expectPartialRevert(Ics23.RootMismatch.selector);
        _caller.read(Ics23Ops.Tree.Iavl, root, bytes.concat(t.keys[2], hex"00"), proof);
    }

    // Preimages read otherwise than they were written.

    /// An inner node shown as a leaf: its content would be the value's hash. The prefix gives it away.
    function test_anInnerNodeIsNoLeaf() external {
        CommitmentTree.Tree memory t = _tree(false, 4, 1);
        bytes32 root = t.root();
        bytes memory leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, hex"01"));
        bytes memory proof = _existence("k", "v", leafOp, "");
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        _caller.read(Ics23Ops.Tree.Simple, root, "k", proof);
        bytes[5] memory prefixes =
            [bytes(hex"0402"), hex"000200ff", hex"0004", hex"000201", hex"00028080808080808080808000"];
        for (uint256 i = 0; i < 5; ++i) {
            leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, prefixes[i]));
            vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
            _caller.read(Ics23Ops.Tree.Iavl, root, "k", _existence("k", "v", leafOp, ""));
        }
    }

    /// A longer prefix of a leaf would take a part of its key: `00 05 "a" 01 "k"...` shown as the leaf of "k".
    function test_aLeafPrefixThatTakesPartOfTheKey() external {
        CommitmentTree.Tree memory t = _tree(false, 1, 1);
        t.keys[0] = hex"6103016b";
        bytes32 root = t.root();
        bytes memory leafOp = bytes.concat(hex"080118012001", NaiveCometBft.message(5, hex"00046103"));
        bytes memory proof = _existence("k", t.values[0], leafOp, "");
        vm.expectRevert(Ics23Ops.LeafPrefixMalformed.selector);
        _caller.read(Ics23Ops.Tree.Simple, root, "k", proof);
    }

    function test_otherHashesThanSha256() external {
        bytes[5] memory ops =
            [bytes(hex"080218012001"), hex"080118022001", hex"080118012002", hex"0801100118012001", hex"0801"];
        for (uint256 i = 0; i < 5; ++i) {
            bytes memory proof = _existence("k", "v", bytes.concat(ops[i], hex"2a0100"), "");
            vm.expectRevert(Ics23Ops.LeafOpUnsupported.selector);
            _caller.read(Ics23Ops.Tree.Simple, 0, "k", proof);
        }
        bytes memory step = NaiveCometBft.message(4, hex"0802120101");
        vm.expectRevert(abi.encodeWithSelector(Ics23Ops.InnerOpUnsupported.selector, 1));
        _caller.read(Ics23Ops.Tree.Simple, 0, "k", _existence("k", "v", hex"0801180120012a0100", step));
    }

    function test_innerOperationsOfTheSimpleTree() external {
        bytes memory h = abi.encodePacked(keccak256("sibling"));
        _refuseStep(false, hex"01", "", Ics23Ops.InnerPrefixMalformed.selector); // no sibling
        _refuseStep(false, hex"00", h, Ics23Ops.InnerPrefixMalformed.selector); // a leaf's
        _refuseStep(false, bytes.concat(hex"01", h), h, Ics23Ops.InnerPrefixMalformed.selector); // two siblings
        _refuseStep(false, bytes.concat(hex"0101", h), "", Ics23Ops.InnerPrefixMalformed.selector); // too long
        _refuseStep(false, hex"01", bytes.concat(h, h), Ics23Ops.InnerSuffixMalformed.selector);
        _refuseStep(false, hex"01", hex"ff", Ics23Ops.InnerSuffixMalformed.selector);
    }

    function test_innerOperationsOfTheIavlTree() external {
        bytes memory h = abi.encodePacked(hex"20", keccak256("sibling"));
        bytes4 prefix = Ics23Ops.InnerPrefixMalformed.selector;
        _refuseStep(true, hex"02040620", "", prefix); // no sibling
        _refuseStep(true, hex"00040620", h, prefix); // height 0
        _refuseStep(true, hex"01040620", h, prefix); // height -1
        _refuseStep(true, hex"82000406", h, prefix); // height in two bytes
        _refuseStep(true, hex"02030620", h, prefix); // size -2
        _refuseStep(true, hex"02040520", h, prefix); // version -3
        _refuseStep(true, hex"020406", h, prefix); // no length of the child
        _refuseStep(true, hex"02040621", h, prefix); // another length
        _refuseStep(true, hex"0204062020", h, prefix); // a byte too many
        _refuseStep(true, bytes.concat(hex"020406", h, hex"20"), h, prefix); // siblings on both sides
        _refuseStep(true, bytes.concat(hex"020406", h), "", prefix); // the child's length is missing
        _refuseStep(true, hex"02fffffffffffffffffe0f0620", h, prefix); // thirteen bytes
        _refuseStep(true, hex"02040620", hex"20", Ics23Ops.InnerSuffixMalformed.selector);
        _refuseStep(true, hex"02040620", bytes.concat(h, h), Ics23Ops.InnerSuffixMalformed.selector);
        h[0] = 0x21;
        _refuseStep(true, hex"02040620", h, Ics23Ops.InnerSuffixMalformed.selector);
    }

    function test_emptyKeysAndValues() external {
        bytes memory op = hex"0801180120012a0100";
        vm.expectRevert(Ics23Ops.KeyEmpty.selector);
        _caller.read(Ics23Ops.Tree.Simple, 0, "", _existence("", "v", op, ""));
        vm.expectRevert(Ics23Ops.ValueEmpty.selector);
        _caller.read(Ics23Ops.Tree.Simple, 0, "k", _existence("k", "", op, ""));
    }

    function test_depth() external {
        bytes memory path;
        bytes32 node = sha256(bytes.concat(hex"00016b20", sha256("v")));
        for (uint256 i = 0; i < 128; ++i) {
            path = bytes.concat(path, CommitmentTree.innerOp(hex"01", abi.encodePacked(i)));
            node = sha256(abi.encodePacked(hex"01", node, i));
        }
        bytes memory op = hex"0801180120012a0100";
        (bool exists,) = _caller.read(Ics23Ops.Tree.Simple, node, "k", _existence("k", "v", op, path));
        vm.assertTrue(exists);
        path = bytes.concat(path, CommitmentTree.innerOp(hex"01", abi.encodePacked(node)));
        vm.expectRevert(abi.encodeWithSelector(Ics23.ProofTooDeep.selector, 128));
        _caller.read(Ics23Ops.Tree.Simple, node, "k", _existence("k", "v", op, path));
    }

    function test_batchesAndCompressedProofsAreRefused() external {
        bytes[4] memory proofs = [bytes(""), hex"1a00", hex"2200", hex"ff"];
        for (uint256 i = 0; i < 4; ++i) {
            vm.expectRevert(Ics23.ProofUnsupported.selector);
            _caller.read(Ics23Ops.Tree.Simple, 0, "k", proofs[i]);
        }
        vm.expectRevert(abi.encodeWithSelector(ProtoReader.LengthOutOfRange.selector, 0x0a));
        _caller.read(Ics23Ops.Tree.Simple, 0, "k", hex"0a8080808001");
    }

    // A store under an app hash.

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_storesUnderAnAppHash(uint256 seed, uint8 size, uint8 stores) external view {
        CommitmentTree.Tree memory store = _tree(true, bound(size, 1, 12), seed);
        CommitmentTree.Tree memory multi = _tree(false, bound(stores, 1, 30), ~seed);
        uint256 place = seed % multi.keys.length;
        multi.values[place] = abi.encodePacked(store.root());
        bytes memory rootProof = multi.present(place);
        _readBoth(store, multi.root(), multi.keys[place], rootProof, seed % store.keys.length);
    }

    function _readBoth(
        CommitmentTree.Tree memory store,
        bytes32 appHash,
        bytes memory name,
        bytes memory rootProof,
        uint256 i
    ) private view {
        (bool exists, bytes memory value) =
            _caller.readStore(appHash, name, store.keys[i], store.present(i), rootProof);
        vm.assertTrue(exists);
        vm.assertEq(value, store.values[i]);
        bytes memory key = bytes.concat(store.keys[i], hex"00");
        (exists, value) = _caller.readStore(appHash, name, key, store.absent(i + 1, key), rootProof);
        vm.assertFalse(exists);
        vm.assertEq(value.length, 0);
    }

    function test_anotherStoresRootOrNone() external {
        CommitmentTree.Tree memory store = _tree(true, 5, 1);
        CommitmentTree.Tree memory multi = _tree(false, 5, 2);
        multi.values[1] = abi.encodePacked(store.root());
        multi.values[2] = abi.encodePacked(keccak256("another root"));
        bytes32 appHash = multi.root();
        bytes memory proof = store.present(0);
        bytes memory rootProof = multi.present(2);
        vm.expectPartialRevert(Ics23.RootMismatch.selector);
        _caller.readStore(appHash, multi.keys[2], store.keys[0], proof, rootProof);
        vm.expectPartialRevert(Ics23.KeyMismatch.selector);
        _caller.readStore(appHash, multi.keys[1], store.keys[0], proof, rootProof);
        rootProof = multi.present(3);
        vm.expectPartialRevert(AppState.StoreRootMalformed.selector);
        _caller.readStore(appHash, multi.keys[3], store.keys[0], proof, rootProof);
        bytes memory name = bytes.concat(multi.keys[3], hex"00");
        rootProof = multi.absent(4, name);
        vm.expectRevert(abi.encodeWithSelector(AppState.StoreAbsent.selector, name));
        _caller.readStore(appHash, name, store.keys[0], proof, rootProof);
    }

    /// Keys of two to about fifty bytes, each ten after the one before in its first two.
    function _tree(bool iavl, uint256 size, uint256 seed) private pure returns (CommitmentTree.Tree memory t) {
        (t.iavl, t.seed) = (iavl, seed);
        (t.keys, t.values) = (new bytes[](size), new bytes[](size));
        for (uint256 i = 0; i < size; ++i) {
            bytes32 r = keccak256(abi.encode("key", seed, i));
            t.keys[i] = abi.encodePacked(uint16(10 * i + 5), r, r);
            t.values[i] = abi.encodePacked(r, r, r, r, r);
            (bytes memory key, bytes memory value) = (t.keys[i], t.values[i]);
            assembly ("memory-safe") {
                mstore(key, add(2, mod(byte(0, r), 50)))
                mstore(value, add(1, mod(byte(1, r), 150)))
            }
            if (value.length == 32) {
                assembly ("memory-safe") {
                    mstore(value, 33)
                }
            }
        }
    }

    function _kind(CommitmentTree.Tree memory t) private pure returns (Ics23Ops.Tree) {
        return t.iavl ? Ics23Ops.Tree.Iavl : Ics23Ops.Tree.Simple;
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
        (bool exists, bytes memory value) = _caller.read(_kind(t), root, key, t.absent(i, key));
        vm.assertFalse(exists);
        vm.assertEq(value.length, 0);
    }

    function _assertRefused(CommitmentTree.Tree memory t, bytes memory key, bytes memory proof) private view {
        try _caller.read(_kind(t), t.root(), key, proof) {
            vm.assertTrue(false, "accepted");
        } catch {}
    }

    function _expectNotNeighbours(CommitmentTree.Tree memory t, bytes memory key, bytes memory proof) private {
        bytes32 root = t.root();
        vm.expectRevert(Ics23.NotNeighbours.selector);
        _caller.read(_kind(t), root, key, proof);
    }

    function _refuseStep(bool iavl, bytes memory prefix, bytes memory suffix, bytes4 why) private {
        bytes memory op = iavl ? bytes(hex"0801180120012a03000202") : bytes(hex"0801180120012a0100");
        bytes memory proof = _existence("k", "v", op, CommitmentTree.innerOp(prefix, suffix));
        vm.expectRevert(abi.encodeWithSelector(why, 1));
        _caller.read(iavl ? Ics23Ops.Tree.Iavl : Ics23Ops.Tree.Simple, 0, "k", proof);
    }

    function _existence(bytes memory key, bytes memory value, bytes memory leafOp, bytes memory path)
        private
        pure
        returns (bytes memory)
    {
        return NaiveCometBft.message(
            1,
            bytes.concat(
                NaiveCometBft.message(1, key), NaiveCometBft.message(2, value), NaiveCometBft.message(3, leafOp), path
            )
        );
    }

    function _nonexistence(bytes memory left, bytes memory right) private pure returns (bytes memory) {
        bytes memory proof = NaiveCometBft.message(1, "any");
        if (left.length != 0) proof = bytes.concat(proof, NaiveCometBft.message(2, left));
        if (right.length != 0) proof = bytes.concat(proof, NaiveCometBft.message(3, right));
        return NaiveCometBft.message(2, proof);
    }
}
