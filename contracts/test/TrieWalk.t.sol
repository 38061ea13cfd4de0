// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {DeepTrie} from "./base/DeepTrie.sol";
import {PhalanxTest} from "./base/PhalanxTest.sol";
import {TrieBuilder} from "./base/TrieBuilder.sol";
import {WalkCaller} from "./base/WalkCaller.sol";
import {TrieWalk} from "../src/lib/TrieWalk.sol";

contract TrieWalkTest is PhalanxTest {
    using TrieBuilder for TrieBuilder.Trie;

    /// Ends in nibble 15.
    bytes32 private constant KEY = keccak256("key 1");

    WalkCaller private _caller = new WalkCaller();

    function test_emptyTrieHasNoKeysWithOrWithoutItsNode() external view {
        vm.assertEq(TrieWalk.EMPTY_ROOT, keccak256(hex"80"));
        bytes[] memory proof = new bytes[](0);
        _assertAbsent(TrieWalk.EMPTY_ROOT, bytes32(uint256(1)), proof);
        proof = new bytes[](1);
        proof[0] = hex"80";
        _assertAbsent(TrieWalk.EMPTY_ROOT, bytes32(uint256(1)), proof);
    }

    function test_emptyTrieTakesNoOtherNode() external {
        bytes[] memory proof = new bytes[](1);
        proof[0] = hex"c0";
        vm.expectPartialRevert(TrieWalk.TrieNodeHashMismatch.selector);
        _caller.find(TrieWalk.EMPTY_ROOT, 0, proof);
        proof = new bytes[](2);
        proof[0] = proof[1] = hex"80";
        vm.expectPartialRevert(TrieWalk.TrieProofTooLong.selector);
        _caller.find(TrieWalk.EMPTY_ROOT, 0, proof);
    }

    function test_noNodesProveNothingOfAnotherTrie() external {
        vm.expectPartialRevert(TrieWalk.TrieProofIncomplete.selector);
        _caller.find(bytes32(uint256(1)), 0, new bytes[](0));
    }

    function test_absentAtAnEmptyChildOfABranch() external view {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(1) << 252), bytes32(uint256(2) << 252));
        bytes32 key = bytes32(uint256(3) << 252);
        vm.assertEq(trie.prove(key, false).length, 1);
        _assertAbsent(trie.root(), key, trie.prove(key, false));
    }

    function test_absentAtALeafWithAnotherPath() external view {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(1) << 252), bytes32(uint256(2) << 252));
        bytes32 key = bytes32((uint256(2) << 252) | 1);
        vm.assertEq(trie.prove(key, false).length, 2);
        _assertAbsent(trie.root(), key, trie.prove(key, false));
    }

    function test_absentAtAnExtensionThatTurnsOff() external view {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(0xab1) << 244), bytes32(uint256(0xab2) << 244));
        bytes32 key = bytes32(uint256(0xac1) << 244);
        vm.assertEq(trie.prove(key, false).length, 1);
        _assertAbsent(trie.root(), key, trie.prove(key, false));
    }

    function test_absentInsideAnEmbeddedNode() external view {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(0x10)), bytes32(uint256(0x20)));
        trie.values[0] = hex"01";
        trie.values[1] = hex"02";
        bytes32 key = bytes32(uint256(0x21));
        vm.assertEq(trie.prove(key, false).length, 1, "branch and leaves lie inside the extension");
        vm.assertEq(trie.prove(key, true).length, 3);
        _assertAbsent(trie.root(), key, trie.prove(key, false));
        _assertAbsent(trie.root(), key, trie.prove(key, true));
        _assertFound(trie.root(), trie.keys[1], trie.prove(trie.keys[1], false), hex"02");
    }

    function test_presentAtALeaf() external view {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(1) << 252), bytes32(uint256(2) << 252));
        trie.values[1][32] = 0x07;
        _assertFound(trie.root(), trie.keys[1], trie.prove(trie.keys[1], false), trie.values[1]);
    }

    function test_presentInARootShorterThanAHash() external view {
        TrieBuilder.Trie memory trie = TrieBuilder.Trie(new bytes32[](1), new bytes[](1));
        (trie.keys[0], trie.values[0]) = (bytes32(uint256(5)), hex"07");
        _assertFound(trie.root(), trie.keys[0], trie.prove(trie.keys[0], false), hex"07");
    }

    function test_presentAtTheKeysLastNibble() external view {
        DeepTrie.Shape memory all = DeepTrie.Shape(40, 24);
        (bytes32 root, bytes[] memory proof) = DeepTrie.withLeaf(all, KEY, new bytes(33));
        vm.assertEq(proof.length, 65);
        _assertFound(root, KEY, proof, new bytes(33));
        all = DeepTrie.Shape(64, 0);
        (root, proof) = DeepTrie.withLeaf(all, KEY, new bytes(33));
        _assertFound(root, KEY, proof, new bytes(33));
    }

    function test_aBranchBelowTheKeysEndIsMalformed() external {
        (bytes32 root, bytes[] memory proof) = DeepTrie.withoutLeaf(DeepTrie.Shape(66, 0), KEY);
        vm.expectRevert(abi.encodeWithSelector(TrieWalk.TrieNodeMalformed.selector, 64));
        _caller.find(root, KEY, proof);
        (root, proof) = DeepTrie.withoutLeaf(DeepTrie.Shape(64, 1), KEY);
        vm.expectRevert(abi.encodeWithSelector(TrieWalk.TrieNodeMalformed.selector, 64));
        _caller.find(root, KEY, proof);
    }

    /// A node below 32 bytes has no hash but as a root: its parent holds it whole.
    function test_aShortNodeBehindAHashIsMalformed() external {
        (bytes32 root, bytes[] memory proof) = DeepTrie.withLeaf(DeepTrie.Shape(63, 0), KEY, hex"01");
        vm.assertLt(proof[63].length, 32);
        vm.expectRevert(abi.encodeWithSelector(TrieWalk.TrieNodeMalformed.selector, 63));
        _caller.find(root, KEY, proof);
        // Of 32 bytes it has one.
        (root, proof) = DeepTrie.withLeaf(DeepTrie.Shape(63, 0), KEY, new bytes(29));
        vm.assertEq(proof[63].length, 32);
        _assertFound(root, KEY, proof, new bytes(29));
    }

    function test_aNodeOf32BytesInsideItsParentIsMalformed() external {
        _expectEmbedded(28, true);
        _expectEmbedded(29, false);
    }

    function _expectEmbedded(uint256 valueLength, bool fits) private {
        bytes[] memory items = new bytes[](17);
        for (uint256 i = 0; i < 17; ++i) {
            items[i] = hex"80";
        }
        items[15] = _list2(hex"20", new bytes(valueLength)); // in KEY's last branch
        vm.assertEq(items[15].length, valueLength + 3);
        items[3] = RLP.encode(bytes32(uint256(1)));
        bytes memory branch = RLP.encode(items);
        bytes[] memory extension = new bytes[](2);
        extension[0] = RLP.encode(TrieBuilder.hexPrefix(KEY, 0, 63, false));
        extension[1] = RLP.encode(keccak256(branch));
        bytes[] memory proof = new bytes[](2);
        (proof[0], proof[1]) = (RLP.encode(extension), branch);
        if (fits) return _assertFound(keccak256(proof[0]), KEY, proof, new bytes(valueLength));
        vm.expectRevert(abi.encodeWithSelector(TrieWalk.TrieNodeMalformed.selector, 1));
        _caller.find(keccak256(proof[0]), KEY, proof);
    }

    /// Nodes that no trie over 32-byte keys has: neither value nor absence, even under a root that commits to them.
    function test_malformedPathsRevert() external {
        bytes memory key = abi.encodePacked(KEY);
        _assertFoundAlone(_list2(bytes.concat(hex"20", key), hex"01"), hex"01");
        _expectMalformed(_list2(hex"20", hex"01"), "leaf shorter than the key");
        _expectMalformed(_list2(bytes.concat(hex"20", key, hex"00"), hex"01"), "leaf longer than the key");
        _expectMalformed(_list2(bytes.concat(hex"30", key), hex"01"), "leaf a nibble longer than the key");
        _expectMalformed(_list2(hex"00", hex"01"), "extension without a path");
        _expectMalformed(_list2(bytes.concat(hex"00", key), hex"01"), "extension to the key's end");
        _expectMalformed(_list2(bytes.concat(hex"00", key), key), "extension to a node at the key's end");
        _expectMalformed(_list2(bytes.concat(hex"10", key), hex"01"), "extension beyond the key's end");
        for (uint256 flag = 4; flag < 16; ++flag) {
            _expectMalformed(_list2(bytes.concat(bytes1(uint8(flag << 4)), key), hex"01"), "unknown flag");
        }
        _expectMalformed(_list2(bytes.concat(hex"21", key), hex"01"), "padding that is not zero");
        _expectMalformed(_list2("", hex"01"), "no path at all");
        _expectMalformed(_list2("", hex"20"), "no path before what looks like one");
        _expectMalformed(RLP.encode(_items(hex"c0", hex"01")), "path that is an empty list");
        _expectMalformed(RLP.encode(_items(bytes.concat(hex"e120", key), hex"01")), "path that is a list");
    }

    function test_malformedValuesRevert() external {
        bytes memory path = abi.encodePacked(hex"a120", KEY);
        _expectMalformed(RLP.encode(_items(path, hex"80")), "empty value");
        _expectMalformed(RLP.encode(_items(path, hex"c0")), "value that is an empty list");
        _expectMalformed(RLP.encode(_items(path, hex"c101")), "value that is a list");
        _expectMalformed(RLP.encode(_items(path, hex"8101")), "single byte with a length");
        _expectMalformed(RLP.encode(_items(path, hex"b80101")), "short value with a long length");
        bytes memory value = new bytes(56);
        _assertFoundAlone(RLP.encode(_items(path, bytes.concat(hex"b838", value))), value);
        _expectMalformed(RLP.encode(_items(path, bytes.concat(hex"b90038", value))), "length with a leading zero");
        _expectMalformed(RLP.encode(_items(path, bytes.concat(hex"b839", value))), "value beyond its node");
        _expectMalformed(
            RLP.encode(_items(path, bytes.concat(hex"bfffffffffffffffff", value))), "value of 2^64 - 1 bytes"
        );
        // 532 bytes at most: 3 and 34 of them are the list's and the path's, 3 the value's own.
        value = new bytes(492);
        _assertFoundAlone(RLP.encode(_items(path, RLP.encode(value))), value);
        _expectMalformed(RLP.encode(_items(path, RLP.encode(new bytes(493)))), "longer than any node");
        // The other leaf, which proves KEY absent, is held to the same.
        path = abi.encodePacked(hex"a120", ~KEY);
        _expectMalformed(RLP.encode(_items(path, hex"80")), "empty value of another key");
        _expectMalformed(RLP.encode(_items(path, hex"c0")), "list as another key's value");
    }

    function test_malformedListsRevert() external {
        bytes memory content = bytes.concat(abi.encodePacked(hex"a120", KEY), hex"01");
        _assertFoundAlone(bytes.concat(hex"e3", content), hex"01");
        _expectMalformed(bytes.concat(hex"e3", content, hex"00"), "a byte behind the list");
        _expectMalformed(bytes.concat(hex"e3", content, hex"80"), "an item behind the list");
        _expectMalformed(bytes.concat(hex"e4", content), "list longer than the node");
        _expectMalformed(bytes.concat(hex"e2", content), "list shorter than the node");
        _expectMalformed(bytes.concat(hex"f823", content), "short list with a long length");
        _expectMalformed(bytes.concat(hex"a3", content), "string in place of a list");
        _expectMalformed(content, "no list");
        _expectMalformed(hex"c0", "no items");
        _expectMalformed(hex"c180", "one item");
        _expectMalformed(hex"c3808080", "three items");
        _expectMalformed(hex"c28082", "item beyond the list");
        _expectMalformed("", "nothing");
        _expectMalformed(_branchOf(16, hex"80", hex""), "sixteen items");
        _expectMalformed(_branchOf(16, hex"80", hex"8080"), "eighteen items");
    }

    function test_malformedBranchesRevert() external {
        bytes memory hash = bytes.concat(hex"a0", keccak256("sibling"));
        bytes[] memory proof = new bytes[](1);
        proof[0] = _branchOf(16, hex"80", hex"80");
        _assertAbsent(keccak256(proof[0]), KEY, proof);
        _expectMalformed(_branchOf(16, hex"80", hex"01"), "value of a short key");
        _expectMalformed(_branchOf(16, hash, hex"01"), "value of a short key under a full branch");
        _expectMalformed(_branchOf(16, hash, hash), "value of a short key, a word");
        _expectMalformed(_branchOf(16, hex"01", hex"80"), "child that is a byte");
        _expectMalformed(_branchOf(16, hex"820102", hex"80"), "child that is neither hash nor node");
        _expectMalformed(_branchOf(16, bytes.concat(hex"9f", bytes31(0)), hex"80"), "hash of 31 bytes");
        _expectMalformed(_branchOf(16, bytes.concat(hex"a1", bytes32(0), hex"00"), hex"80"), "hash of 33 bytes");
        _expectMalformed(_branchOf(16, hex"b800", hex"80"), "child with a length for nothing");
        // A full branch in all but one prefix, at each place in turn.
        for (uint256 i = 0; i < 16; ++i) {
            bytes memory branch = _branchOf(16, hash, hex"80");
            vm.assertEq(branch.length, 532);
            branch[3 + 33 * i] = 0xa1;
            _expectMalformed(branch, "full branch with a longer child");
            branch[3 + 33 * i] = 0x20;
            _expectMalformed(branch, "full branch with a shorter child");
        }
    }

    function _branchOf(uint256 children, bytes memory child, bytes memory last) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](children + 1);
        for (uint256 i = 0; i < children; ++i) {
            items[i] = child;
        }
        items[children] = last;
        return RLP.encode(items);
    }

    function _items(bytes memory a, bytes memory b) private pure returns (bytes[] memory items) {
        items = new bytes[](2);
        (items[0], items[1]) = (a, b);
    }

    function _assertAbsent(bytes32 root, bytes32 key, bytes[] memory proof) private view {
        (bool present, bytes memory value) = _caller.find(root, key, proof);
        vm.assertFalse(present);
        vm.assertEq(value.length, 0);
    }

    function _assertFound(bytes32 root, bytes32 key, bytes[] memory proof, bytes memory expected) private view {
        (bool present, bytes memory value) = _caller.find(root, key, proof);
        vm.assertTrue(present);
        vm.assertEq(value, expected);
    }

    function _assertFoundAlone(bytes memory node, bytes memory expected) private view {
        bytes[] memory proof = new bytes[](1);
        proof[0] = node;
        _assertFound(keccak256(node), KEY, proof, expected);
    }

    function _expectMalformed(bytes memory node, string memory what) private {
        vm.label(address(_caller), what);
        bytes[] memory proof = new bytes[](1);
        proof[0] = node;
        vm.expectPartialRevert(TrieWalk.TrieNodeMalformed.selector);
        _caller.find(keccak256(node), KEY, proof);
    }

    function _list2(bytes memory a, bytes memory b) private pure returns (bytes memory) {
        return RLP.encode(_items(RLP.encode(a), RLP.encode(b)));
    }

    function _two(bytes32 a, bytes32 b) private pure returns (TrieBuilder.Trie memory trie) {
        trie = TrieBuilder.Trie(new bytes32[](2), new bytes[](2));
        (trie.keys[0], trie.keys[1]) = (a, b);
        (trie.values[0], trie.values[1]) = (new bytes(33), new bytes(33));
    }
}
