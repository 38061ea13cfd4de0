// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_hash.circom";

/// ValidatorLeaf: Poseidon(keyX, keyY, stake), a validator's leaf: as in protocol/validator-set.ts and HubCoalition.
/// keyX, keyY, stake  any field elements; bound by out
template ValidatorLeaf() {
    signal input keyX;
    signal input keyY;
    signal input stake;
    signal output out <== PoseidonHash(3)([keyX, keyY, stake]);
}
