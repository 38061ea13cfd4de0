// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/*
 * Curve25519 in Montgomery form, v^2 = u^3 + A u^2 + u modulo p = 2^255 - 19, birationally edwards25519 by
 * u = (1 + y) / (1 - y), v = sqrt(-A - 2) u / x with the odd root (RFC 7748, section 4.1).
 *
 * The templates work on values at one point of polynomials with integer coefficients, whose value at 2^32 is the
 * coordinate modulo p. A slope is a hint; coordinates are never reduced, they are what the slopes make of them. Each
 * gives a `relation`: the value of a polynomial that the caller shows to be a multiple of p at 2^32. Beside each stands
 * how large the coefficients get at most, in the largest norm; a product of an element (8 limbs) has at most 8 terms.
 */

/// A of Curve25519.
function CurveA() { return 486662; }

/// Bound of an element's limbs.
function ElementBound() { return 1 << 32; }

/// Bound of u after an operation on points with these bounds of u.
function SumUBound(u1, u2) {
    assert(u1 < (1 << 100) && u2 < (1 << 100));
    return 8 * ElementBound() * ElementBound() + CurveA() + u1 + u2;
}

/// Bound of v after an operation that led to `u3`.
function SumVBound(u1, v1, u3) {
    assert(v1 < (1 << 150));
    return 8 * ElementBound() * (u1 + u3) + v1;
}

/// Bound of CurveAdd's relation.
function AddRelationBound(u1, v1, u2, v2) { return 8 * ElementBound() * (u1 + u2) + v1 + v2; }

/// Bound of CurveDouble's relation; u has at most 15 coefficients.
function DoubleRelationBound(u, v) {
    assert(u < (1 << 100) && v < (1 << 150));
    return 16 * ElementBound() * v + 45 * u * u + 2 * CurveA() * u + 1;
}

/// CurveAdd: (u3, v3) = (u1, v1) + (u2, v2), in three constraints.
/// u1, v1, u2, v2  assumed on the curve and not of the same u (by the caller: at equal points the slope would be free,
///                 at opposite ones there is none)
/// slope           a hint; bound by relation being zero modulo p
/// u3, v3          enforced, where relation is zero modulo p
template CurveAdd() {
    signal input u1;
    signal input v1;
    signal input u2;
    signal input v2;
    signal input slope;
    signal output u3;
    signal output v3;
    signal output relation;
    relation <== slope * (u2 - u1) - v2 + v1;
    u3 <== slope * slope - CurveA() - u1 - u2;
    v3 <== slope * (u1 - u3) - v1;
}

/// CurveDouble: (u3, v3) = 2 (u, v), in four constraints.
/// u, v   assumed on the curve; of order 2, v = 0, there is no slope and so no proof
/// slope  a hint; bound by relation being zero modulo p
/// u3, v3 enforced, where relation is zero modulo p
template CurveDouble() {
    signal input u;
    signal input v;
    signal input slope;
    signal output u3;
    signal output v3;
    signal output relation;
    signal square <== u * u;
    relation <== 2 * slope * v - 3 * square - 2 * CurveA() * u - 1;
    u3 <== slope * slope - CurveA() - 2 * u;
    v3 <== slope * (u - u3) - v;
}
