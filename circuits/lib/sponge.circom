// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_permutation.circom";

/// PoseidonSponge: `outputs` elements, each as if random in the field and dependent on the tag and on all of `in`.
///
/// Poseidon at its greatest width, 17 lanes, as an overwriting sponge of rate 16 (Bertoni et al., Duplexing the sponge,
/// section 6.2): lane 0, the capacity, starts with the tag and passes from one permutation to the next; the others are
/// overwritten by the next 16 elements, then zeros. The output is lanes 1 to 16 after the last of them; it continues
/// over blocks that hold nothing but their number. Collisions are as hard as for a digest of 254 bits.
///
/// tag  assumed: a constant or bound by the caller; no two uses of different meaning, length or number of outputs share
///      one, so no padding is needed
/// in   any field elements; bound by out
/// out  enforced
/// @param length   constant, at least 1
/// @param outputs  constant, at least 1
template PoseidonSponge(length, outputs) {
    assert(length >= 1 && outputs >= 1);
    signal input tag;
    signal input in[length];
    signal output out[outputs];

    var absorbing = (length + 15) \ 16;
    var blocks = absorbing - 1 + (outputs + 15) \ 16;
    signal state[blocks][17];
    component permutation[blocks];
    for (var b = 0; b < blocks; b++) {
        permutation[b] = PoseidonPermutation(16, 17);
        if (b == 0) { permutation[b].initialState <== tag; }
        else { permutation[b].initialState <== state[b - 1][0]; }
        for (var k = 0; k < 16; k++) {
            if (16 * b + k < length) { permutation[b].inputs[k] <== in[16 * b + k]; }
            else if (b >= absorbing && k == 0) { permutation[b].inputs[k] <== b; }
            else { permutation[b].inputs[k] <== 0; }
        }
        state[b] <== permutation[b].out;
        for (var k = 0; k < 16; k++) {
            var lane = 16 * (b - absorbing + 1) + k;
            if (lane >= 0 && lane < outputs) { out[lane] <== state[b][k + 1]; }
        }
    }
}
