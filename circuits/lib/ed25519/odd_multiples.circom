// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

include "curve25519.circom";

/// Bounds of OddMultiples: [largest of the u, largest of the v, sum of the relations'].
function OddMultiplesBounds() {
    var E = ElementBound();
    var du = SumUBound(E, E);
    var dv = SumVBound(E, E, du);
    var u = E;
    var v = E;
    var relations = DoubleRelationBound(E, E);
    for (var m = 1; m < 8; m++) {
        relations += AddRelationBound(u, v, du, dv);
        var next = SumUBound(u, du);
        v = SumVBound(u, v, next);
        u = next;
    }
    return [u, v, relations];
}

/// OddMultiples: P, 3P, ..., 15P.
/// point   assumed on the curve, of order 4, 8, or the group order L times 1, 2, 4 or 8: no odd multiple is then 2P or
///         -2P, and none of the additions meets two points of one u. Of order 1 or 2 there is no proof
/// slopes  hints, bound by the relations being zero modulo p
/// u, v    enforced, where the relations are zero modulo p
template OddMultiples() {
    signal input point[2];
    signal input slopes[8];
    signal output u[8];
    signal output v[8];
    signal output relations[8];
    component double = CurveDouble();
    double.u <== point[0];
    double.v <== point[1];
    double.slope <== slopes[0];
    relations[0] <== double.relation;
    u[0] <== point[0];
    v[0] <== point[1];
    component add[7];
    for (var m = 1; m < 8; m++) {
        add[m - 1] = CurveAdd();
        add[m - 1].u1 <== u[m - 1];
        add[m - 1].v1 <== v[m - 1];
        add[m - 1].u2 <== double.u3;
        add[m - 1].v2 <== double.v3;
        add[m - 1].slope <== slopes[m];
        u[m] <== add[m - 1].u3;
        v[m] <== add[m - 1].v3;
        relations[m] <== add[m - 1].relation;
    }
}
