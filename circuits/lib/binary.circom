// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Binary: enforces in to be 0 or 1, and says so by the tag.
/// in   any field element
/// out  the same, enforced [1]
template Binary() {
    signal input in;
    signal output {binary} out;
    in * (in - 1) === 0;        // [1]
    out <== in;
}
