// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "../../lib/ed25519/ed25519_batch.circom";
include "signed_slots.circom";

/// Ed25519: each of n keys made a signature of its message that is valid by ZIP-215.
///
/// Public, in the order of statement.ts:
/// digest      enforced: Poseidon sponge over the words of all slots [1] [3]
/// challenge   any field element. Assumed: keccak256 of digest and of the verifier's own slots, modulo r, which the
///             verifier computes itself
/// evaluation  enforced: of the words of all slots at challenge [1] [3]. Assumed: compared with that of the verifier's
///             own slots, as EvaluatedData says
/// Private:
/// key, nonce  encodings of A and R; enforced: bits [1], of points [2]
/// padded      the messages, each with a 0x80 and zeros after it; enforced [1]
/// all others  hints of Ed25519Batch, which enforces s < L and that the signatures are valid [2]
/// @param n  constant, 1 to 32
template Ed25519(n) {
    signal input digest;
    signal input challenge;
    signal input evaluation;
    signal input key[n][256];
    signal input nonce[n][256];
    signal input padded[n][SlotMessageBytes() + 1][8];
    signal input s[n][8];
    signal input keyDigits[n][252];
    signal input sumDigits[252];
    signal input exceptional[2 * n][2];
    signal input element[BatchElements(n)][8];
    signal input fieldCoefficient[35];
    signal input orderCoefficient[25];
    signal input fieldQuotient[QuotientLimbs(35, 32, 255)];
    signal input orderQuotient[QuotientLimbs(25, 32, 253)];

    component slots = SignedSlots(n);                          // [1]
    slots.key <== key;
    slots.nonce <== nonce;
    slots.padded <== padded;
    slots.challenge <== challenge;
    slots.digest === digest;                                   // [3]
    slots.evaluation === evaluation;                           // [3]

    component batch = Ed25519Batch(n);                         // [2]
    batch.a <== slots.keyBits;
    batch.r <== slots.nonceBits;
    batch.h <== slots.hash;
    batch.s <== s;
    batch.keyDigits <== keyDigits;
    batch.sumDigits <== sumDigits;
    batch.exceptional <== exceptional;
    batch.element <== element;
    batch.fieldCoefficient <== fieldCoefficient;
    batch.orderCoefficient <== orderCoefficient;
    batch.fieldQuotient <== fieldQuotient;
    batch.orderQuotient <== orderQuotient;
}
