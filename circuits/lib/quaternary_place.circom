// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_hash.circom";

/// QuaternaryPlace: the node over `child` at place lowBit + 2 * highBit among four, its siblings in order beside it.
/// child, siblings  any field elements; bound by out
/// lowBit, highBit  binary, enforced by the caller (tag)
template QuaternaryPlace() {
    signal input child;
    signal input siblings[3];
    signal input {binary} lowBit;
    signal input {binary} highBit;
    signal output out;

    // One of four: at[p] is 1 where the child goes.
    signal both <== lowBit * highBit;
    signal at[4];
    at[0] <== 1 - lowBit - highBit + both;
    at[1] <== lowBit - both;
    at[2] <== highBit - both;
    at[3] <== both;

    // Place p holds the child, else sibling p (child further up) or p - 1 (child before).
    signal first <== at[0] * (child - siblings[0]) + siblings[0];
    signal secondUnlessFirst <== at[1] * (child - siblings[1]) + siblings[1];
    signal second <== at[0] * (siblings[0] - siblings[1]) + secondUnlessFirst;
    signal thirdUnlessFourth <== at[2] * (child - siblings[1]) + siblings[1];
    signal third <== at[3] * (siblings[2] - siblings[1]) + thirdUnlessFourth;
    signal fourth <== at[3] * (child - siblings[2]) + siblings[2];
    out <== PoseidonHash(4)([first, second, third, fourth]);
}
