// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// RFC 4648, section 4, for recorded answers of nodes.
library Base64 {
    function decode(string memory text) internal pure returns (bytes memory data) {
        bytes memory t = bytes(text);
        require(t.length % 4 == 0, "base64 length");
        uint256 padding;
        while (padding < 2 && t.length > 0 && t[t.length - 1 - padding] == "=") ++padding;
        data = new bytes(t.length / 4 * 3 - padding);
        uint256 bits;
        uint256 held;
        uint256 n;
        for (uint256 i = 0; i < t.length - padding; ++i) {
            bits = bits << 6 | _value(uint8(t[i]));
            held += 6;
            if (held >= 8) {
                held -= 8;
                data[n++] = bytes1(uint8(bits >> held));
            }
        }
    }

    function _value(uint8 c) private pure returns (uint256) {
        if (c >= 65 && c <= 90) return c - 65;
        if (c >= 97 && c <= 122) return c - 71;
        if (c >= 48 && c <= 57) return c + 4;
        if (c == 43) return 62;
        require(c == 47, "base64 letter");
        return 63;
    }
}
