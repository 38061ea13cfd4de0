// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieBuilder} from "./TrieBuilder.sol";

/// A small Ethereum state: one account of interest with its storage, among a few bystanders.
library StateModel {
    using TrieBuilder for TrieBuilder.Trie;

    bytes32 internal constant CODE_HASH = keccak256("code");
    uint64 internal constant NONCE = 3;
    uint256 internal constant BALANCE = 10 ether;

    /// @param slots  of `account`; words that are zero are left out, as Ethereum does
    function build(address account, bytes32[] memory slots, uint256[] memory words, uint256 bystanders)
        internal
        pure
        returns (TrieBuilder.Trie memory state, TrieBuilder.Trie memory words_)
    {
        uint256 n = 0;
        words_ = TrieBuilder.Trie(new bytes32[](slots.length), new bytes[](slots.length));
        for (uint256 i = 0; i < slots.length; ++i) {
            if (words[i] == 0) continue;
            words_.keys[n] = keccak256(abi.encode(slots[i]));
            words_.values[n] = RLP.encode(words[i]);
            ++n;
        }
        (bytes32[] memory keys, bytes[] memory values) = (words_.keys, words_.values);
        assembly ("memory-safe") {
            mstore(keys, n)
            mstore(values, n)
        }

        state = TrieBuilder.Trie(new bytes32[](bystanders + 1), new bytes[](bystanders + 1));
        for (uint256 i = 0; i < bystanders; ++i) {
            state.keys[i] = keccak256(abi.encodePacked(address(uint160(0xb000 + i))));
            state.values[i] = encodeAccount(0, i + 1, keccak256(hex"80"), keccak256(""));
        }
        state.keys[bystanders] = keccak256(abi.encodePacked(account));
        state.values[bystanders] = encodeAccount(NONCE, BALANCE, words_.root(), CODE_HASH);
    }

    function proveAccount(TrieBuilder.Trie memory state, address account) internal pure returns (bytes[] memory) {
        return state.prove(keccak256(abi.encodePacked(account)), false);
    }

    function proveSlot(TrieBuilder.Trie memory words, bytes32 slot) internal pure returns (bytes[] memory) {
        return words.prove(keccak256(abi.encode(slot)), false);
    }

    function encodeAccount(uint64 nonce, uint256 balance, bytes32 storageRoot, bytes32 codeHash)
        internal
        pure
        returns (bytes memory)
    {
        bytes[] memory fields = new bytes[](4);
        fields[0] = RLP.encode(uint256(nonce));
        fields[1] = RLP.encode(balance);
        fields[2] = RLP.encode(storageRoot);
        fields[3] = RLP.encode(codeHash);
        return RLP.encode(fields);
    }
}
