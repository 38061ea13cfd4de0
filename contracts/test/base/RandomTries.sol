// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TrieBuilder} from "./TrieBuilder.sol";

/// Small tries over keys of few nibble values, so that branches, extensions and embedded nodes all come up.
library RandomTries {
    function trie(uint256 seed, uint256 size, uint256 alphabet, bool shortTails)
        internal
        pure
        returns (TrieBuilder.Trie memory)
    {
        bytes32[] memory keys = new bytes32[](size);
        bytes[] memory values = new bytes[](size);
        uint256 n = 0;
        for (uint256 i = 0; i < size; ++i) {
            bytes32 k = key(seed, i, alphabet, shortTails);
            bool fresh = true;
            for (uint256 j = 0; j < n; ++j) {
                if (keys[j] == k) fresh = false;
            }
            if (!fresh) continue;
            keys[n] = k;
            uint256 length = uint256(keccak256(abi.encode(seed, i, "length"))) % 3 == 0 ? 33 : 1;
            values[n] = new bytes(length);
            values[n][0] = bytes1(uint8(1 + i));
            ++n;
        }
        assembly ("memory-safe") {
            mstore(keys, n)
            mstore(values, n)
        }
        return TrieBuilder.Trie(keys, values);
    }

    /// With short tails all keys share 58 nibbles: what is left then fits into nodes below 32 bytes.
    function key(uint256 seed, uint256 i, uint256 alphabet, bool shortTail) internal pure returns (bytes32) {
        uint256 k = 0;
        for (uint256 d = 0; d < 64; ++d) {
            uint256 n = uint256(keccak256(abi.encode(seed, i, d))) % alphabet;
            if (shortTail && d < 58) n = d % 3;
            k = (k << 4) | n;
        }
        return bytes32(k);
    }

    /// The value is empty if the trie does not hold the key.
    function valueOf(TrieBuilder.Trie memory trie_, bytes32 k) internal pure returns (bool holds, bytes memory value) {
        for (uint256 i = 0; i < trie_.keys.length; ++i) {
            if (trie_.keys[i] == k) return (true, trie_.values[i]);
        }
        return (false, "");
    }
}
