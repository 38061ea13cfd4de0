// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../lib/eddsa_poseidon.circom";
include "../lib/fixed_base.circom";
include "../lib/fixed_base_tables.circom";
include "../lib/binary.circom";
include "../lib/ed25519/canonical_sign.circom";
include "../lib/mirrored_bits.circom";
include "../lib/quaternary_place.circom";

/*
 * Templates with parameters or tags that a main component can't have, with those filled in: for tests.
 */

template MirroredScalar() {
    signal input in;
    signal output mirrored;
    signal output low;
    (mirrored, low) <== MirroredBits(250, 125, SubgroupOrder())(in);
}

template FixedBase8(n, split) {
    signal input bits[3 * n];
    signal output point[2];
    signal output value;
    signal output low;
    component part = FixedBase(n, split, Base8Table());
    part.bits <== bits;
    point <== part.point;
    value <== part.value;
    low <== part.low;
}

template PlaceOfTwo() {
    signal input child;
    signal input siblings[3];
    signal input low;
    signal input high;
    signal output out;
    signal {binary} lowBit <== Binary()(low);
    signal {binary} highBit <== Binary()(high);
    out <== QuaternaryPlace()(child, siblings, lowBit, highBit);
}

template EnabledSignature() {
    signal input ax;
    signal input ay;
    signal input r8x;
    signal input r8y;
    signal input s;
    signal input message;
    signal {binary} enabled <== 1;
    EddsaPoseidonVerify()(enabled, ax, ay, r8x, r8y, s, message);
}

template CanonicalSignOfBit() {
    signal input limb[8];
    signal input sign;
    signal {binary} bit <== Binary()(sign);
    CanonicalSign()(limb, bit);
}
