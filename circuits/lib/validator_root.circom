// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_hash.circom";

/// ValidatorRoot: root of the tree over all leaves: 4-ary, and binary at the top when capacity is twice a power of 4.
/// Leaf i's place in its node is i mod 4, its parent's index floor(i / 4), and so on.
/// leaves  any field elements; bound by out
/// @param capacity  constant: 4^k or 2 * 4^k, at least 4
template ValidatorRoot(capacity) {
    signal input leaves[capacity];
    signal output out;

    var levels = 0;                     // of arity 4
    var top = capacity;
    while (top % 4 == 0) { top = top \ 4; levels++; }
    assert(levels >= 1 && (top == 1 || top == 2));

    // Level k holds capacity / 4^k nodes, one after another.
    var count = 0;
    for (var k = 0, width = capacity; k <= levels; k++) { count += width; width = width \ 4; }
    signal nodes[count];
    for (var i = 0; i < capacity; i++) { nodes[i] <== leaves[i]; }
    var below = 0;
    for (var k = 1, width = capacity \ 4; k <= levels; k++) {
        var here = below + 4 * width;
        for (var i = 0; i < width; i++) {
            nodes[here + i] <== PoseidonHash(4)([
                nodes[below + 4 * i], nodes[below + 4 * i + 1], nodes[below + 4 * i + 2], nodes[below + 4 * i + 3]
            ]);
        }
        below = here;
        width = width \ 4;
    }
    if (top == 2) {
        out <== PoseidonHash(2)([nodes[below], nodes[below + 1]]);
    } else {
        out <== nodes[below];
    }
}
