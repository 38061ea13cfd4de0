// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RlpItem} from "./RlpItem.sol";
import {TrieWalk} from "./TrieWalk.sol";

/// Accounts and storage words under a state root, present or absent; a proof that shows neither reverts.
library StateProofs {
    /// @param storageRoot  TrieWalk.EMPTY_ROOT for an absent account, so that its storage reads as empty
    struct AccountState {
        bool exists;
        uint64 nonce;
        uint256 balance;
        bytes32 storageRoot;
        bytes32 codeHash;
    }

    error AccountMalformed(address account);
    error StorageValueMalformed(bytes32 slot);

    function readAccount(bytes32 stateRoot, address account, bytes[] calldata proof)
        internal
        pure
        returns (AccountState memory state)
    {
        (uint256 from, uint256 to) = TrieWalk.find(stateRoot, keccak256(abi.encodePacked(account)), proof);
        if (from == 0) {
            state.storageRoot = TrieWalk.EMPTY_ROOT;
            return state;
        }
        // A list of four (Yellow Paper, 4.1), each in its one encoding.
        (uint256 next, uint256 end) = RlpItem.bounds(from, to);
        if (end != to || RlpItem.byteAt(from) < RlpItem.LIST) revert AccountMalformed(account);
        uint256 nonce;
        (nonce, next) = RlpItem.scalar(next, to, 8); // EIP-2681
        (state.balance, next) = RlpItem.scalar(next, to, 32);
        (state.storageRoot, next) = RlpItem.word(next, to);
        (state.codeHash, next) = RlpItem.word(next, to);
        if (next != to) revert AccountMalformed(account);
        (state.exists, state.nonce) = (true, uint64(nonce));
    }

    /// @return exists  false if the word is proved absent, which is how the trie stores a zero
    function readWord(bytes32 storageRoot, bytes32 slot, bytes[] calldata proof)
        internal
        pure
        returns (bool exists, uint256 value)
    {
        (uint256 from, uint256 to) = TrieWalk.find(storageRoot, keccak256(abi.encodePacked(slot)), proof);
        if (from == 0) return (false, 0);
        uint256 end;
        (value, end) = RlpItem.scalar(from, to, 32);
        // A zero is never stored, and nothing lies behind the item.
        if (end != to || value == 0) revert StorageValueMalformed(slot);
        return (true, value);
    }
}
