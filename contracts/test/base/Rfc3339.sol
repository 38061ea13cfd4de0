// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Times as nodes write them, in UTC: 2021-12-08T01:51:39.428531525Z.
library Rfc3339 {
    function parse(string memory text) internal pure returns (int64 secs, uint32 nanos) {
        bytes memory t = bytes(text);
        require(t.length >= 20 && t[10] == "T" && t[t.length - 1] == "Z", "time");
        secs = _days(_number(t, 0, 4), _number(t, 5, 7), _number(t, 8, 10)) * 86_400
            + int64(uint64(_number(t, 11, 13) * 3600 + _number(t, 14, 16) * 60 + _number(t, 17, 19)));
        if (t.length > 21) nanos = uint32(_number(t, 20, t.length - 1) * 10 ** (9 - (t.length - 21)));
    }

    /// Days since 1970-01-01 in the Gregorian calendar; the year begins in March so that leap days end it.
    function _days(uint256 year, uint256 month, uint256 day) private pure returns (int64) {
        if (month <= 2) --year;
        uint256 ofYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        return int64(uint64(365 * year + year / 4 - year / 100 + year / 400 + ofYear)) - 719_468;
    }

    function _number(bytes memory t, uint256 from, uint256 to) private pure returns (uint256 n) {
        for (uint256 i = from; i < to; ++i) {
            require(t[i] >= "0" && t[i] <= "9", "digit");
            n = 10 * n + uint8(t[i]) - 48;
        }
    }
}
