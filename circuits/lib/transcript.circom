// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "sponge.circom";

/// "phalanx batch 1" in ASCII, then n in 16 bits: a sponge of its own for each version and number of signatures.
function TranscriptTag(n) { return 0x7068616c616e7820626174636820310000 + n; }

/// Transcript: a sponge over what a batch of n signatures consists of; out come the weights' lanes.
/// h, s   any field elements. h binds nonce point, key and message; s the signature's scalar
/// lanes  enforced: PoseidonSponge over h[0] to h[n-1], s[0] to s[n-1]; as if random, each dependent on all
template Transcript(n, outputs) {
    assert(n >= 1 && n < (1 << 16));
    signal input h[n];
    signal input s[n];
    signal output lanes[outputs];

    component sponge = PoseidonSponge(2 * n, outputs);
    sponge.tag <== TranscriptTag(n);
    for (var i = 0; i < n; i++) {
        sponge.in[i] <== h[i];
        sponge.in[n + i] <== s[i];
    }
    lanes <== sponge.out;
}
