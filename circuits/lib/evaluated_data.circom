// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "sponge.circom";

/// EvaluatedData: words bound to two public numbers, so that a verifier who has the words hashes nothing in the
/// circuit.
/// tag         assumed: a constant, of this use and this count only (PoseidonSponge)
/// words       any field elements; bound by digest and evaluation
/// challenge   any field element: rho, which the verifier draws itself
/// digest      enforced: PoseidonSponge over the words [1]
/// evaluation  enforced: w_0 + w_1 rho + ... + w_(count-1) rho^(count-1) [2]
/// @param count  constant, at least 1
///
/// Why sound. A verifier has words v of its own, computes rho = keccak256(digest, v) mod r and the sum over v itself,
/// and takes the proof if all three public signals are those. Whoever makes it knows words w behind `digest` with the
/// same sum at rho. `digest` fixes them before rho is drawn, else two lists of words with one digest are at hand; v is
/// fixed by then, being hashed. If w differs from v, their difference is a polynomial below degree `count` and not
/// zero, and rho one of its at most count - 1 roots. keccak256 as a random function hits a given residue with
/// probability at most 6/2^256: below 6 count / 2^256 for each hash that a forger computes. That takes from the
/// verifier that
/// - each word is below r, else v with r added to one word has the same sum;
/// - v has `count` words, else zeros at the end or none have the same sum;
/// - digest is in the keccak, else w is chosen after rho, where one linear equation is all it has to fulfil;
/// - rho and the sum are the verifier's own, reduced modulo r;
/// - the public signals are below r, else digest + r is the same digest to the proof and another to the keccak, so one
///   claim has several names.
template EvaluatedData(count) {
    assert(count >= 1);
    signal input tag;
    signal input words[count];
    signal input challenge;
    signal output digest;
    signal output evaluation;

    component sponge = PoseidonSponge(count, 1);
    sponge.tag <== tag;
    sponge.in <== words;
    digest <== sponge.out[0];                                  // [1]

    // Horner's rule, from the last word.
    signal partial[count];
    partial[count - 1] <== words[count - 1];
    for (var k = count - 2; k >= 0; k--) { partial[k] <== partial[k + 1] * challenge + words[k]; }
    evaluation <== partial[0];                                 // [2]
}
