// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_hash.circom";

/// SetCommitment: Poseidon(root, capacity, epoch), what HubCoalition seals. The capacity in it keeps trees of different
/// shapes apart: a root of one is never read as a root of another.
/// root, capacity, epoch  any field elements; bound by out
template SetCommitment() {
    signal input root;
    signal input capacity;
    signal input epoch;
    signal output out <== PoseidonHash(3)([root, capacity, epoch]);
}
