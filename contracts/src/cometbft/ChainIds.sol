// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// A CometBFT chain id in words that a contract can keep in its code.
library ChainIds {
    /// CometBFT's MaxChainIDLen.
    uint256 internal constant MAX_LENGTH = 50;

    struct Packed {
        bytes32 first;
        bytes32 second;
        uint256 length;
    }

    /// @param chainId  at most MAX_LENGTH bytes, which the caller has checked
    function packNoCheck(bytes memory chainId) internal pure returns (Packed memory p) {
        p.length = chainId.length;
        assembly ("memory-safe") {
            // Copied, since what lies behind the last byte need not be zero.
            mcopy(p, add(chainId, 32), mload(chainId))
        }
    }

    function unpack(bytes32 first, bytes32 second, uint256 length) internal pure returns (bytes memory chainId) {
        chainId = abi.encodePacked(first, second);
        assembly ("memory-safe") {
            mstore(chainId, length)
        }
    }

    /// ICS-07's revision number: n of an id `name-n` with a name that does not end in a dash and n a number from 1
    /// without leading zero, below 2^64; 0 for any other.
    function revision(bytes memory chainId) internal pure returns (uint64) {
        uint256 n;
        uint256 unit = 1;
        uint256 i = chainId.length;
        for (; i > 0 && chainId[i - 1] >= "0" && chainId[i - 1] <= "9"; --i) {
            n += unit * (uint8(chainId[i - 1]) - 48);
            unit *= 10; // at most 10^50
        }
        bool noNumber = i == chainId.length || chainId[i] == "0" || n > type(uint64).max;
        if (noNumber || i < 2 || chainId[i - 1] != "-" || chainId[i - 2] == "-" || chainId[i - 2] == "\n") return 0;
        return uint64(n);
    }
}
