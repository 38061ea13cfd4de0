// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "poseidon_permutation.circom";

/// "phalanx batch 1" in ASCII, then n in 16 bits: a sponge of its own for each version and number of signatures.
function TranscriptTag(n) { return 0x7068616c616e7820626174636820310000 + n; }

/// Transcript: a sponge over what a batch of n signatures consists of; out come the weights' lanes.
/// h, s   any field elements. h binds nonce point, key and message; s the signature's scalar
/// lanes  enforced: as if random in the field, each dependent on all of h and s
///
/// Poseidon at its greatest width, 17 lanes, as an overwriting sponge of rate 16 (Bertoni et al., Duplexing the sponge,
/// section 6.2): lane 0, the capacity, starts with the tag and passes from one permutation to the next; the others are
/// overwritten by the next 16 elements: h[0] to h[n-1], s[0] to s[n-1], then zeros. The output continues over blocks that
/// hold nothing but their number. n fixes the length, so no padding is needed.
template Transcript(n, outputs) {
    assert(n >= 1 && n < (1 << 16));
    signal input h[n];
    signal input s[n];
    signal output lanes[outputs];

    var absorbing = (2 * n + 15) \ 16;
    var blocks = absorbing - 1 + (outputs + 15) \ 16;
    signal state[blocks][17];
    component permutation[blocks];
    for (var b = 0; b < blocks; b++) {
        permutation[b] = PoseidonPermutation(16, 17);
        if (b == 0) { permutation[b].initialState <== TranscriptTag(n); }
        else { permutation[b].initialState <== state[b - 1][0]; }
        for (var k = 0; k < 16; k++) {
            var at = 16 * b + k;
            if (at < n) { permutation[b].inputs[k] <== h[at]; }
            else if (at < 2 * n) { permutation[b].inputs[k] <== s[at - n]; }
            else if (b >= absorbing && k == 0) { permutation[b].inputs[k] <== b; }
            else { permutation[b].inputs[k] <== 0; }
        }
        state[b] <== permutation[b].out;
        for (var k = 0; k < 16; k++) {
            var lane = 16 * (b - absorbing + 1) + k;
            if (lane >= 0 && lane < outputs) { lanes[lane] <== state[b][k + 1]; }
        }
    }
}
