// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {TrieAbsence} from "./TrieAbsence.sol";

/// Accounts and storage words under a state root. Presence is what OpenZeppelin's TrieProof finds, absence what
/// TrieAbsence shows; a proof that is neither reverts.
library StateProofs {
    using Memory for Memory.Slice;
    using RLP for Memory.Slice;
    using RLP for bytes;

    /// @param storageRoot  TrieAbsence.EMPTY_ROOT for an absent account, so that its storage reads as empty
    struct AccountState {
        bool exists;
        uint256 nonce;
        uint256 balance;
        bytes32 storageRoot;
        bytes32 codeHash;
    }

    error AccountMalformed(address account);
    error StorageValueMalformed(bytes32 slot);

    function readAccount(bytes32 stateRoot, address account, bytes[] memory proof)
        internal
        pure
        returns (AccountState memory state)
    {
        bytes32 key = keccak256(abi.encodePacked(account));
        if (TrieAbsence.isAbsent(stateRoot, key, proof)) {
            state.storageRoot = TrieAbsence.EMPTY_ROOT;
            return state;
        }
        Memory.Slice[] memory fields = TrieProof.traverse(stateRoot, abi.encodePacked(key), proof).decodeList();
        if (fields.length != 4 || fields[2].length() != 33 || fields[3].length() != 33) {
            revert AccountMalformed(account);
        }
        state = AccountState(
            true, fields[0].readUint256(), fields[1].readUint256(), fields[2].readBytes32(), fields[3].readBytes32()
        );
    }

    /// @return exists  false if the word is proved absent, which is how the trie stores a zero
    function readWord(bytes32 storageRoot, bytes32 slot, bytes[] memory proof)
        internal
        pure
        returns (bool exists, uint256 value)
    {
        bytes32 key = keccak256(abi.encodePacked(slot));
        if (TrieAbsence.isAbsent(storageRoot, key, proof)) return (false, 0);
        bytes memory encoded = TrieProof.traverse(storageRoot, abi.encodePacked(key), proof);
        value = encoded.decodeUint256();
        // One encoding for each word: the shortest. It also leaves no bytes behind the item.
        if (value == 0 || keccak256(RLP.encode(value)) != keccak256(encoded)) revert StorageValueMalformed(slot);
        return (true, value);
    }
}
