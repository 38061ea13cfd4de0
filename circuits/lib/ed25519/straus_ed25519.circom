// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "curve25519.circom";
include "odd_multiples.circom";
include "select_multiple.circom";

/// Windows of a key's scalar: signed odd digits in base 16. Not 64: |d| < 2^252 < L, so that a residue modulo L has one
/// odd representative at most.
function KeyWindows() { return 63; }

/// Windows of a weight: its 120 bits.
function WeightWindows() { return 30; }

/// Windows after whose additions u is a hint again: those that this divides. v needs none, its bound grows slowly.
function FreshUPeriod() { return 4; }

/// Hints, and relations, of StrausEd25519.
function StrausHints(n) {
    var additions = KeyWindows() * n + WeightWindows() * (n - 1) + 1;
    return 4 * (KeyWindows() - 1) + additions + (KeyWindows() - 1) \ FreshUPeriod() + 1;
}

/// Bounds of StrausEd25519: [u, v, sum of the relations'], from those of its start.
function StrausBounds(n, startU, startV) {
    var E = ElementBound();
    var table[3] = OddMultiplesBounds();
    var u = startU;
    var v = startV;
    var relations = 0;
    for (var w = KeyWindows() - 1; w >= 0; w--) {
        if (w < KeyWindows() - 1) {
            for (var k = 0; k < 4; k++) {
                relations += DoubleRelationBound(u, v);
                var next = SumUBound(u, u);
                v = SumVBound(u, v, next);
                u = next;
            }
        }
        var additions = w < WeightWindows() ? 2 * n - 1 : n;
        if (w == 0) { additions++; }
        for (var i = 0; i < additions; i++) {
            relations += AddRelationBound(u, v, table[0], table[1]);
            var next = SumUBound(u, table[0]);
            v = SumVBound(u, v, next);
            u = next;
        }
        if (w % FreshUPeriod() == 0) {
            relations += u + E;
            u = E;
        }
    }
    return [u, v, relations];
}

/// StrausEd25519: 16^62 start + sum of d_i A_i + R_0 + sum of z_i R_i (i > 0), with the doublings shared by all
/// (Straus, 1964).
/// start     assumed on the curve; random, and drawn after all points and digits are bound: no addition then meets two
///           points of one u but with negligible chance (Ed25519Batch counts it)
/// keys      assumed: OddMultiples' u and v of A_0 to A_(n-1)
/// nonces    assumed: the same of R_1 to R_(n-1)
/// single    R_0, assumed on the curve
/// keyBits   assumed 0 or 1 (by their tag): d_i's digits, lowest first, SelectMultiple's four bits each
/// nonceBits assumed 0 or 1 (by their tag): z_i's, the same
/// hints     slopes, and u of the sum afresh where FreshUPeriod has it; bound by the relations being zero modulo p
/// keyDigits, nonceDigits  enforced: what the bits say
/// point, relations        enforced
/// @param n  constant, at least 1
template StrausEd25519(n) {
    assert(n >= 1);
    signal input start[2];
    signal input keyU[n][8];
    signal input keyV[n][8];
    signal input nonceU[n - 1][8];
    signal input nonceV[n - 1][8];
    signal input single[2];
    signal input {binary} keyBits[n][252];
    signal input {binary} nonceBits[n - 1][120];
    signal input hints[StrausHints(n)];
    signal output keyDigits[n][63];
    signal output nonceDigits[n - 1][30];
    signal output point[2];
    signal output relations[StrausHints(n)];

    component double[KeyWindows() - 1][4];
    component keyChoice[n][KeyWindows()];
    component keyAdd[n][KeyWindows()];
    component nonceChoice[n - 1][WeightWindows()];
    component nonceAdd[n - 1][WeightWindows()];
    // Sum after each hint. Where u is afresh v stays what it was.
    signal u[StrausHints(n) + 1];
    signal v[StrausHints(n) + 1];
    u[0] <== start[0];
    v[0] <== start[1];
    var at = 0;
    for (var w = KeyWindows() - 1; w >= 0; w--) {
        if (w < KeyWindows() - 1) {
            for (var k = 0; k < 4; k++) {
                double[w][k] = CurveDouble();
                double[w][k].u <== u[at];
                double[w][k].v <== v[at];
                double[w][k].slope <== hints[at];
                relations[at] <== double[w][k].relation;
                u[at + 1] <== double[w][k].u3;
                v[at + 1] <== double[w][k].v3;
                at++;
            }
        }
        for (var i = 0; i < n; i++) {
            keyChoice[i][w] = SelectMultiple();
            for (var b = 0; b < 4; b++) { keyChoice[i][w].bits[b] <== keyBits[i][4 * w + b]; }
            keyChoice[i][w].u <== keyU[i];
            keyChoice[i][w].v <== keyV[i];
            keyDigits[i][w] <== keyChoice[i][w].digit;
            keyAdd[i][w] = CurveAdd();
            keyAdd[i][w].u1 <== u[at];
            keyAdd[i][w].v1 <== v[at];
            keyAdd[i][w].u2 <== keyChoice[i][w].point[0];
            keyAdd[i][w].v2 <== keyChoice[i][w].point[1];
            keyAdd[i][w].slope <== hints[at];
            relations[at] <== keyAdd[i][w].relation;
            u[at + 1] <== keyAdd[i][w].u3;
            v[at + 1] <== keyAdd[i][w].v3;
            at++;
        }
        if (w < WeightWindows()) {
            for (var i = 0; i < n - 1; i++) {
                nonceChoice[i][w] = SelectMultiple();
                for (var b = 0; b < 4; b++) { nonceChoice[i][w].bits[b] <== nonceBits[i][4 * w + b]; }
                nonceChoice[i][w].u <== nonceU[i];
                nonceChoice[i][w].v <== nonceV[i];
                nonceDigits[i][w] <== nonceChoice[i][w].digit;
                nonceAdd[i][w] = CurveAdd();
                nonceAdd[i][w].u1 <== u[at];
                nonceAdd[i][w].v1 <== v[at];
                nonceAdd[i][w].u2 <== nonceChoice[i][w].point[0];
                nonceAdd[i][w].v2 <== nonceChoice[i][w].point[1];
                nonceAdd[i][w].slope <== hints[at];
                relations[at] <== nonceAdd[i][w].relation;
                u[at + 1] <== nonceAdd[i][w].u3;
                v[at + 1] <== nonceAdd[i][w].v3;
                at++;
            }
        }
        if (w == 0) {
            (u[at + 1], v[at + 1], relations[at]) <== CurveAdd()(u[at], v[at], single[0], single[1], hints[at]);
            at++;
        }
        if (w % FreshUPeriod() == 0) {
            relations[at] <== u[at] - hints[at];
            u[at + 1] <== hints[at];
            v[at + 1] <== v[at];
            at++;
        }
    }
    assert(at == StrausHints(n));
    point[0] <== u[at];
    point[1] <== v[at];
}
