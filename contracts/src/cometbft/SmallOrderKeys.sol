// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Ed25519 keys by which anybody can sign. [8]A is the identity for the eight points A whose order divides 8, so that
/// under the cofactored rule, ZIP-215's, R = [s]B makes a valid signature over every message.
library SmallOrderKeys {
    /// The points have y = 0 (order 4), 1 (order 1), -1 (order 2) and two opposite values (order 8). An encoding is y
    /// in 255 bits, lowest byte first, and a sign. ZIP-215 takes y up to 2^255, so that 0 and 1 have a second encoding,
    /// p and p + 1, and takes either sign, also where x is 0: fourteen encodings in all.
    bytes32 private constant ZERO = 0;
    bytes32 private constant P = 0xedffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f;
    bytes32 private constant ONE = 0x0100000000000000000000000000000000000000000000000000000000000000;
    bytes32 private constant P_PLUS_1 = 0xeeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f;
    bytes32 private constant MINUS_1 = 0xecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f;
    bytes32 private constant ORDER_8 = 0x26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05;
    bytes32 private constant ORDER_8_OPPOSITE = 0xc7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a;
    bytes32 private constant SIGN = bytes32(uint256(0x80));

    function contains(bytes32 key) internal pure returns (bool) {
        bytes32 y = key & ~SIGN;
        return y == ZERO || y == P || y == ONE || y == P_PLUS_1 || y == MINUS_1 || y == ORDER_8
            || y == ORDER_8_OPPOSITE;
    }
}
