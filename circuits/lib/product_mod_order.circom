// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "baby_jub.circom";

/// HINT: an odd e in [-l, l] with e = x * y modulo l. Right for |x| < 2^120 and any y, both as circom orders field
/// elements: those above p / 2 are negative.
function productModOrder(x, y) {
    var l = SubgroupOrder();
    var negative = 0;
    if (x < 0) { x = 0 - x; negative = 1 - negative; }
    if (y < 0) { y = 0 - y; negative = 1 - negative; }
    // The quotient from the leading bits is off by one at most, so that x * y - quotient * l, of which we see no more
    // than its residue modulo p, is itself within (-l, 2 l).
    var quotient = (x * (y >> 124)) \ (l >> 124);
    var e = x * y - quotient * l;
    if (e < 0) { e = e + l; }
    if (e >= l) { e = e - l; }
    if ((e & 1) == 0) { e = e - l; }
    return negative == 1 ? 0 - e : e;
}
