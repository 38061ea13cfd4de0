// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../nonnative/native_bits.circom";

/// CanonicalSign: enforces x < p = 2^255 - 19, and that x is odd just where sign is 1.
/// limb  assumed: in [0, 2^32), the last in [0, 2^31) (by the transcript)
/// sign  assumed 0 or 1 (by its tag)
///
/// With limb[0] = 2 half + sign, half is an integer below 2^31 or, were the parity another, 2^-1 modulo the field's
/// order more than one: far from any number below 2^31 + 10. x is p or more just where all limbs above are full and
/// limb[0] > 2^32 - 20. If they are full, allFull is 1 by [1]; then half + 9 + sign < 2^31 by [3], so
/// limb[0] <= 2^32 - 20 - sign. Where they are not, it is 0 by [2], and [3] says no more than half < 2^31.
template CanonicalSign() {
    signal input limb[8];
    signal input {binary} sign;
    var missing = 6 * 0xffffffff + 0x7fffffff;
    for (var k = 1; k < 8; k++) { missing -= limb[k]; }
    signal inverse <-- missing != 0 ? 1 / missing : 0;         // HINT, pinned by [1]
    signal allFull <== 1 - missing * inverse;                  // [1]
    missing * allFull === 0;                                   // [2]
    signal shift <== allFull * (9 + sign);
    NativeBits(31)((limb[0] - sign) / 2 + shift);              // [3]
}
