// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// ThreeSignals: z = (x + secret) * y, for proofs with as many public signals as an `ed25519` statement has.
template ThreeSignals() {
    signal input x;
    signal input y;
    signal input z;
    signal input secret;
    z === (x + secret) * y;
}
