// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {DeepTrie} from "./base/DeepTrie.sol";
import {PhalanxTest} from "./base/PhalanxTest.sol";
import {RandomTries} from "./base/RandomTries.sol";
import {TrieBuilder} from "./base/TrieBuilder.sol";
import {WalkCaller} from "./base/WalkCaller.sol";
import {TrieWalk} from "../src/lib/TrieWalk.sol";

/// The walk against the model that built the trie, and against OpenZeppelin's TrieProof, which was written by
/// others: on honest tries, on proofs damaged under an honest root, and under roots that commit to damaged nodes.
contract TrieDifferentialTest is PhalanxTest {
    using TrieBuilder for TrieBuilder.Trie;
    using Memory for bytes;
    using Memory for Memory.Slice;
    using RLP for Memory.Slice;

    WalkCaller private _caller = new WalkCaller();

    /// forge-config: default.fuzz.runs = 48
    function testFuzz_agreesWithTheTrieOnEveryKey(uint256 seed, uint8 size, uint8 letters, bool shortTails, bool inl)
        external
        view
    {
        uint256 alphabet = bound(letters, 2, 16);
        TrieBuilder.Trie memory trie = RandomTries.trie(seed, bound(size, 1, 12), alphabet, shortTails);
        bytes32 root = trie.root();
        for (uint256 i = 0; i < 24; ++i) {
            bytes32 key = RandomTries.key(seed, i, alphabet, shortTails);
            if (i % 5 == 4) key = bytes32(uint256(key) ^ (1 << (4 * (i % 8))));
            bytes[] memory proof = trie.prove(key, inl);
            (bool present, bytes memory value) = _caller.find(root, key, proof);
            (bool holds, bytes memory held) = RandomTries.valueOf(trie, key);
            vm.assertEq(present, holds);
            vm.assertEq(value, held);
            _agree(root, key, proof);
        }
    }

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_agreesOnDeepTries(bytes32 key, uint8 full, uint8 sparse, uint8 length, bool leaf) external view {
        DeepTrie.Shape memory shape = DeepTrie.Shape(bound(full, 0, 12), bound(sparse, 0, 6));
        bytes memory value = leaf ? bytes.concat(hex"07", new bytes(bound(length, 32, 110))) : bytes("");
        if (!leaf && shape.sparse == 0) shape.sparse = 1;
        (bytes32 root, bytes[] memory proof) =
            leaf ? DeepTrie.withLeaf(shape, key, value) : DeepTrie.withoutLeaf(shape, key);
        (bool present, bytes memory found) = _caller.find(root, key, proof);
        vm.assertEq(present, leaf);
        vm.assertEq(found, value);
        _agree(root, key, proof);
    }

    /// One bit anywhere in a proof: always a revert, never an answer.
    /// forge-config: default.fuzz.runs = 96
    function testFuzz_anyFlippedBitReverts(uint256 seed, uint256 which, uint8 node, uint256 bit, bool shortTails)
        external
    {
        TrieBuilder.Trie memory trie = RandomTries.trie(seed, 10, 4, shortTails);
        bytes32 key = RandomTries.key(seed, which % 20, 4, shortTails);
        bytes[] memory proof = trie.prove(key, false);
        bytes memory target = proof[node % proof.length];
        bit = bit % (8 * target.length);
        target[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        bytes32 root = trie.root();
        vm.expectRevert();
        _caller.find(root, key, proof);
    }

    /// forge-config: default.fuzz.runs = 48
    function testFuzz_shortenedOrLengthenedProofsRevert(uint256 seed, uint256 which, bool shortTails) external {
        TrieBuilder.Trie memory trie = RandomTries.trie(seed, 10, 4, shortTails);
        bytes32 key = RandomTries.key(seed, which % 20, 4, shortTails);
        bytes[] memory proof = trie.prove(key, false);
        bytes32 root = trie.root();

        bytes[] memory longer = new bytes[](proof.length + 1);
        bytes[] memory shorter = new bytes[](proof.length - 1);
        for (uint256 i = 0; i < proof.length; ++i) {
            longer[i] = proof[i];
            if (i < shorter.length) shorter[i] = proof[i];
        }
        longer[proof.length] = proof[proof.length - 1];
        vm.expectPartialRevert(TrieWalk.TrieProofTooLong.selector);
        _caller.find(root, key, longer);
        vm.expectPartialRevert(TrieWalk.TrieProofIncomplete.selector);
        _caller.find(root, key, shorter);
    }

    /// A proof made for one key says nothing false of another.
    /// forge-config: default.fuzz.runs = 48
    function testFuzz_anotherKeysProofIsRefusedOrTrue(uint256 seed, uint256 other, bool shortTails) external view {
        TrieBuilder.Trie memory trie = RandomTries.trie(seed, 10, 4, shortTails);
        bytes[] memory proof = trie.prove(RandomTries.key(other, other % 20, 4, shortTails), false);
        bytes32 root = trie.root();
        for (uint256 i = 0; i < 20; ++i) {
            bytes32 key = RandomTries.key(seed, i, 4, shortTails);
            (WalkCaller.Verdict verdict, bytes memory value) = _caller.ours(root, key, proof);
            if (verdict == WalkCaller.Verdict.Refused) continue;
            (bool holds, bytes memory held) = RandomTries.valueOf(trie, key);
            vm.assertEq(verdict == WalkCaller.Verdict.Present, holds);
            vm.assertEq(value, held);
            _agree(root, key, proof);
        }
    }

    /// Damage where a decoder looks, under a root that commits to it: the verdicts still agree.
    /// forge-config: default.fuzz.runs = 512
    function testFuzz_agreesOnNodesThatNoTrieHas(uint256 seed, uint8 node, uint256 where, uint8 kind, bytes1 with_)
        external
        view
    {
        bytes32 key;
        bytes[] memory proof;
        if (seed % 2 == 0) {
            TrieBuilder.Trie memory trie = RandomTries.trie(seed, 10, 4, seed % 4 == 0);
            key = RandomTries.key(seed, (seed >> 8) % 20, 4, seed % 4 == 0);
            proof = trie.prove(key, false);
        } else {
            key = keccak256(abi.encode(seed));
            (, proof) = DeepTrie.withLeaf(DeepTrie.Shape((seed >> 8) % 4, (seed >> 16) % 3), key, new bytes(33));
        }
        uint256 place = node % proof.length;
        bytes32 replaced = keccak256(proof[place]);
        proof[place] = _damage(proof[place], where, kind, with_);
        while (place > 0) {
            --place;
            bytes32 by = keccak256(proof[place + 1]);
            bytes32 old = keccak256(proof[place]);
            _replace(proof[place], replaced, by);
            replaced = old;
        }
        _agree(keccak256(proof[0]), key, proof);
    }

    /// What we find they find, and what they find we find, but for nodes that are in no trie over 32-byte keys.
    function _agree(bytes32 root, bytes32 key, bytes[] memory proof) private view {
        (WalkCaller.Verdict ours, bytes memory value) = _caller.ours(root, key, proof);
        (WalkCaller.Verdict theirs, bytes memory expected) = _caller.theirs(root, key, proof);
        if (ours == WalkCaller.Verdict.Present) {
            vm.assertEq(uint256(theirs), uint256(WalkCaller.Verdict.Present), "found by us alone");
            vm.assertEq(value, expected);
        } else if (theirs == WalkCaller.Verdict.Present) {
            vm.assertEq(uint256(ours), uint256(WalkCaller.Verdict.Refused), "absent to us, present to them");
            vm.assertTrue(_isLooserThere(proof), "found by them alone");
        }
    }

    /// What OpenZeppelin's reads that the Yellow Paper's encoding does not produce.
    function _isLooserThere(bytes[] memory proof) private pure returns (bool) {
        for (uint256 i = 0; i < proof.length; ++i) {
            if (_isLoose(proof[i].asSlice())) return true;
        }
        return false;
    }

    function _isLoose(Memory.Slice node) private pure returns (bool) {
        if (node.length() > 532) return true;
        Memory.Slice[] memory items = node.readList();
        if (items.length == 17) {
            if (items[16].length() != 1 || items[16].load(0)[0] != 0x80) return true; // value of a shorter key
            for (uint256 i = 0; i < 16; ++i) {
                uint256 prefix = uint8(items[i].load(0)[0]);
                if (items[i].length() == 32) return true; // neither hash nor embedded node, read as a hash
                if (prefix >= 0xc0 && items[i].length() < 32 && _isLoose(items[i])) return true;
            }
            return false;
        }
        bytes memory path = items[0].readBytes();
        uint256 flags = uint8(path[0]);
        if (flags & 0x10 == 0 && flags & 0x0f != 0) return true; // padding that is not zero
        if (flags >> 4 > 1) return false;
        if (items[1].length() == 32) return true;
        return uint8(items[1].load(0)[0]) >= 0xc0 && _isLoose(items[1]);
    }

    function _damage(bytes memory node, uint256 where, uint8 kind, bytes1 with_) private pure returns (bytes memory) {
        // The first bytes and the last hold what a decoder goes by; every second time, anywhere.
        uint256 place =
            where % 3 == 0 ? (where >> 2) % 6 : (where % 3 == 1 ? node.length - 1 : (where >> 2) % node.length);
        if (place >= node.length) place = 0;
        bytes memory front = _part(node, 0, place);
        bytes memory back = _part(node, place + 1, node.length);
        kind = kind % 6;
        if (kind == 0) return bytes.concat(front, with_, back);
        if (kind == 1) return bytes.concat(front, node[place] ^ bytes1(uint8(1 << (uint8(with_) % 8))), back);
        if (kind == 2) return bytes.concat(front, back);
        if (kind == 3) return bytes.concat(front, node[place], with_, back);
        if (kind == 4) return bytes.concat(node, with_);
        // A value in a branch, with the list's length put right.
        if (node.length < 59 || node[node.length - 1] != 0x80) return bytes.concat(front, back);
        bytes memory longer =
            bytes.concat(_part(node, 0, node.length - 1), with_ < 0x80 ? bytes.concat(with_) : bytes(hex"8180"));
        return _withLength(longer);
    }

    function _withLength(bytes memory list) private pure returns (bytes memory) {
        uint256 header = uint8(list[0]) - 0xf7 + 1;
        bytes memory content = _part(list, header, list.length);
        bytes[] memory whole = new bytes[](1);
        whole[0] = content;
        return RLP.encode(whole);
    }

    function _part(bytes memory all, uint256 from, uint256 to) private pure returns (bytes memory part) {
        part = new bytes(from < to ? to - from : 0);
        for (uint256 i = 0; i < part.length; ++i) {
            part[i] = all[from + i];
        }
    }

    function _replace(bytes memory node, bytes32 old, bytes32 by) private pure {
        for (uint256 i = 0; i + 32 <= node.length; ++i) {
            bytes32 word;
            assembly ("memory-safe") {
                word := mload(add(add(node, 0x20), i))
            }
            if (word != old) continue;
            assembly ("memory-safe") {
                mstore(add(add(node, 0x20), i), by)
            }
        }
    }
}
