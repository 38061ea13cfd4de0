// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {PhalanxTest} from "./base/PhalanxTest.sol";
import {TrieBuilder} from "./base/TrieBuilder.sol";
import {TrieAbsence} from "../src/lib/TrieAbsence.sol";

/// The library behind an external call, so that a test can see it revert.
contract AbsenceCaller {
    function isAbsent(bytes32 root, bytes32 key, bytes[] memory proof) external pure returns (bool) {
        return TrieAbsence.isAbsent(root, key, proof);
    }
}

contract TrieAbsenceTest is PhalanxTest {
    using TrieBuilder for TrieBuilder.Trie;

    AbsenceCaller private _caller = new AbsenceCaller();

    /// Keys over few nibble values, so that branches, extensions and embedded nodes all come up.
    function _randomTrie(uint256 seed, uint256 size, uint256 alphabet, bool shortTails)
        private
        pure
        returns (TrieBuilder.Trie memory trie)
    {
        bytes32[] memory keys = new bytes32[](size);
        bytes[] memory values = new bytes[](size);
        uint256 n = 0;
        for (uint256 i = 0; i < size; ++i) {
            bytes32 key = _key(seed, i, alphabet, shortTails);
            bool fresh = true;
            for (uint256 j = 0; j < n; ++j) {
                if (keys[j] == key) fresh = false;
            }
            if (!fresh) continue;
            keys[n] = key;
            uint256 length = uint256(keccak256(abi.encode(seed, i, "length"))) % 3 == 0 ? 33 : 1;
            values[n] = new bytes(length);
            values[n][0] = bytes1(uint8(1 + i));
            ++n;
        }
        assembly ("memory-safe") {
            mstore(keys, n)
            mstore(values, n)
        }
        trie = TrieBuilder.Trie(keys, values);
    }

    /// With short tails all keys share 58 nibbles: what is left then fits into nodes below 32 bytes.
    function _key(uint256 seed, uint256 i, uint256 alphabet, bool shortTail) private pure returns (bytes32 key) {
        uint256 k = 0;
        for (uint256 d = 0; d < 64; ++d) {
            uint256 n = uint256(keccak256(abi.encode(seed, i, d))) % alphabet;
            if (shortTail && d < 58) n = d % 3;
            k = (k << 4) | n;
        }
        return bytes32(k);
    }

    function _holds(TrieBuilder.Trie memory trie, bytes32 key) private pure returns (bool) {
        for (uint256 i = 0; i < trie.keys.length; ++i) {
            if (trie.keys[i] == key) return true;
        }
        return false;
    }

    /// forge-config: default.fuzz.runs = 48
    function testFuzz_agreesWithTheTrieOnEveryKey(uint256 seed, uint8 size, uint8 letters, bool shortTails, bool inl)
        external
        pure
    {
        TrieBuilder.Trie memory trie = _randomTrie(seed, bound(size, 1, 12), bound(letters, 2, 16), shortTails);
        bytes32 root = trie.root();
        for (uint256 i = 0; i < 24; ++i) {
            bytes32 key = _key(seed, i, bound(letters, 2, 16), shortTails);
            if (i % 5 == 4) key = bytes32(uint256(key) ^ (1 << (4 * (i % 8))));
            bytes[] memory proof = trie.prove(key, inl);
            bool present = _holds(trie, key);
            vm.assertEq(TrieAbsence.isAbsent(root, key, proof), !present);
            if (present) TrieProof.traverse(root, abi.encodePacked(key), proof);
        }
    }

    /// One bit anywhere in an absence proof: always a revert, never an answer.
    /// forge-config: default.fuzz.runs = 96
    function testFuzz_anyFlippedBitReverts(uint256 seed, uint8 node, uint256 bit, bool shortTails) external {
        TrieBuilder.Trie memory trie = _randomTrie(seed, 10, 4, shortTails);
        bytes32 key = _key(seed, 1000, 4, shortTails);
        vm.assume(!_holds(trie, key));
        bytes[] memory proof = trie.prove(key, false);
        bytes memory target = proof[node % proof.length];
        bit = bit % (8 * target.length);
        target[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        bytes32 root = trie.root();
        vm.expectRevert();
        _caller.isAbsent(root, key, proof);
    }

    /// forge-config: default.fuzz.runs = 48
    function testFuzz_shortenedOrLengthenedProofsRevert(uint256 seed, bool shortTails) external {
        TrieBuilder.Trie memory trie = _randomTrie(seed, 10, 4, shortTails);
        bytes32 key = _key(seed, 1000, 4, shortTails);
        bytes[] memory proof = trie.prove(key, false);
        bytes32 root = trie.root();

        bytes[] memory longer = new bytes[](proof.length + 1);
        bytes[] memory shorter = new bytes[](proof.length - 1);
        for (uint256 i = 0; i < proof.length; ++i) {
            longer[i] = proof[i];
            if (i < shorter.length) shorter[i] = proof[i];
        }
        longer[proof.length] = proof[proof.length - 1];
        vm.expectPartialRevert(TrieAbsence.TrieProofTooLong.selector);
        _caller.isAbsent(root, key, longer);
        vm.expectPartialRevert(TrieAbsence.TrieProofIncomplete.selector);
        _caller.isAbsent(root, key, shorter);
    }

    /// A proof made for one absent key says nothing of a present one.
    /// forge-config: default.fuzz.runs = 48
    function testFuzz_noProofMakesAPresentKeyAbsent(uint256 seed, uint256 other, bool shortTails) external view {
        TrieBuilder.Trie memory trie = _randomTrie(seed, 10, 4, shortTails);
        bytes32 stranger = _key(other, 1000, 4, shortTails);
        bytes[] memory proof = trie.prove(stranger, false);
        bytes32 root = trie.root();
        for (uint256 i = 0; i < trie.keys.length; ++i) {
            try _caller.isAbsent(root, trie.keys[i], proof) returns (bool absent) {
                vm.assertFalse(absent);
            } catch {}
        }
    }

    function test_emptyTrieHasNoKeysWithOrWithoutItsNode() external pure {
        vm.assertEq(TrieAbsence.EMPTY_ROOT, keccak256(hex"80"));
        bytes[] memory proof = new bytes[](0);
        vm.assertTrue(TrieAbsence.isAbsent(TrieAbsence.EMPTY_ROOT, bytes32(uint256(1)), proof));
        proof = new bytes[](1);
        proof[0] = hex"80";
        vm.assertTrue(TrieAbsence.isAbsent(TrieAbsence.EMPTY_ROOT, bytes32(uint256(1)), proof));
    }

    function test_emptyTrieTakesNoOtherNode() external {
        bytes[] memory proof = new bytes[](1);
        proof[0] = hex"c0";
        vm.expectPartialRevert(TrieAbsence.TrieNodeHashMismatch.selector);
        _caller.isAbsent(TrieAbsence.EMPTY_ROOT, 0, proof);
        proof = new bytes[](2);
        proof[0] = proof[1] = hex"80";
        vm.expectPartialRevert(TrieAbsence.TrieProofTooLong.selector);
        _caller.isAbsent(TrieAbsence.EMPTY_ROOT, 0, proof);
    }

    function test_noNodesProveNothingOfAnotherTrie() external {
        vm.expectPartialRevert(TrieAbsence.TrieProofIncomplete.selector);
        _caller.isAbsent(bytes32(uint256(1)), 0, new bytes[](0));
    }

    function test_absentAtAnEmptyChildOfABranch() external pure {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(1) << 252), bytes32(uint256(2) << 252));
        bytes32 key = bytes32(uint256(3) << 252);
        vm.assertEq(trie.prove(key, false).length, 1);
        vm.assertTrue(TrieAbsence.isAbsent(trie.root(), key, trie.prove(key, false)));
    }

    function test_absentAtALeafWithAnotherPath() external pure {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(1) << 252), bytes32(uint256(2) << 252));
        bytes32 key = bytes32((uint256(2) << 252) | 1);
        vm.assertEq(trie.prove(key, false).length, 2);
        vm.assertTrue(TrieAbsence.isAbsent(trie.root(), key, trie.prove(key, false)));
    }

    function test_absentAtAnExtensionThatTurnsOff() external pure {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(0xab1) << 244), bytes32(uint256(0xab2) << 244));
        bytes32 key = bytes32(uint256(0xac1) << 244);
        vm.assertEq(trie.prove(key, false).length, 1);
        vm.assertTrue(TrieAbsence.isAbsent(trie.root(), key, trie.prove(key, false)));
    }

    function test_absentInsideAnEmbeddedNode() external pure {
        TrieBuilder.Trie memory trie = _two(bytes32(uint256(0x10)), bytes32(uint256(0x20)));
        trie.values[0] = hex"01";
        trie.values[1] = hex"02";
        bytes32 key = bytes32(uint256(0x21));
        vm.assertEq(trie.prove(key, false).length, 1, "branch and leaves lie inside the extension");
        vm.assertEq(trie.prove(key, true).length, 3);
        vm.assertTrue(TrieAbsence.isAbsent(trie.root(), key, trie.prove(key, false)));
        vm.assertTrue(TrieAbsence.isAbsent(trie.root(), key, trie.prove(key, true)));
        vm.assertFalse(TrieAbsence.isAbsent(trie.root(), trie.keys[1], trie.prove(trie.keys[1], false)));
    }

    /// Nodes that no 32-byte key can produce: not absence, even under a root that commits to them.
    function test_malformedNodesUnderTheirOwnRootRevert() external {
        _expectMalformed(_list2(hex"20", hex"01"), "leaf shorter than the key");
        _expectMalformed(_list2(bytes.concat(hex"20", bytes32(0), hex"00"), hex"01"), "leaf longer than the key");
        _expectMalformed(_list2(hex"00", hex"01"), "extension without a path");
        _expectMalformed(_list2(bytes.concat(hex"00", bytes32(uint256(1))), hex"01"), "extension to the key's end");
        _expectMalformed(_list2(bytes.concat(hex"40", bytes32(0)), hex"01"), "unknown flag");
        _expectMalformed(_list2(bytes.concat(hex"21", bytes32(0)), hex"01"), "padding that is not zero");
        _expectMalformed(_list2("", hex"01"), "no path at all");
        bytes[] memory three = new bytes[](3);
        three[0] = three[1] = three[2] = hex"80";
        _expectMalformed(RLP.encode(three), "three items");
        bytes[] memory branch = new bytes[](17);
        for (uint256 i = 0; i < 17; ++i) {
            branch[i] = RLP.encode(bytes(hex"0102"));
        }
        _expectMalformed(RLP.encode(branch), "child that is neither hash nor node");
    }

    function _expectMalformed(bytes memory node, string memory what) private {
        vm.label(address(_caller), what);
        bytes[] memory proof = new bytes[](1);
        proof[0] = node;
        vm.expectPartialRevert(TrieAbsence.TrieNodeMalformed.selector);
        _caller.isAbsent(keccak256(node), bytes32(0), proof);
    }

    function _list2(bytes memory a, bytes memory b) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](2);
        (items[0], items[1]) = (RLP.encode(a), RLP.encode(b));
        return RLP.encode(items);
    }

    function _two(bytes32 a, bytes32 b) private pure returns (TrieBuilder.Trie memory trie) {
        trie = TrieBuilder.Trie(new bytes32[](2), new bytes[](2));
        (trie.keys[0], trie.keys[1]) = (a, b);
        (trie.values[0], trie.values[1]) = (new bytes(33), new bytes(33));
    }
}
