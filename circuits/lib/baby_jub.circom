// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/*
 * Constants of BabyJubJub (EIP-2494). Edwards form 168700 x^2 + y^2 = 1 + 168696 x^2 y^2, Montgomery form
 * v^2 = u^3 + A u^2 + u with u = (1 + y) / (1 - y), v = u / x: circomlib's, scaled so that v^2 has no factor.
 * 168700 = A + 2 is a square and 168696 = A - 2 is none, so the group is cyclic up to 8 * l, its 8-torsion cyclic.
 */

/// l, order of the subgroup that Base8 generates.
function SubgroupOrder() { return 2736030358979909402780800718157159386076813972158567259200215660948447373041; }

/// 1 / l in the circuit's field: for hints, in which circom would invert anew each time.
function SubgroupOrderInverse() { return 2552831207439202469868997452366701309874710066250060326143495298915818664576; }

/// 8 * l - p, below 2^126, where p is the order of the circuit's field: modulo l, a field element x at most p - 1 and
/// its negative x - p differ by this.
function OrderExcess() { return 66147376852503729903521101011770488711; }

/// x and y of Base8.
function Base8X() { return 5299619240641551281634865583518297030282874472190772894086521144482721001553; }
function Base8Y() { return 16950150798460657717958625567821834550301663161624707787222815936182638968203; }

/// A of the Montgomery form.
function MontgomeryA() { return 168698; }

/// u + 1/u for the four points of order 8, which are (u, +-v) and (1/u, +-v').
function Order8Sum() { return 7459682575629235178381992001217897770127131545982048723038166071476808551917; }
