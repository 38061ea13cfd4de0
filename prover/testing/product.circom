// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.0;

/// Product: two factors of a public number, neither of them one. A statement small enough to prove at once.
/// @assumes nothing; both factors are enforced to differ from one
template Product() {
    signal input product;
    signal input sum;
    signal input x;
    signal input y;
    signal inverseX;
    signal inverseY;
    product === x * y;
    sum === x + y;
    inverseX <-- x == 1 ? 0 : 1 / (x - 1); // HINT, pinned by [1]
    inverseY <-- y == 1 ? 0 : 1 / (y - 1); // HINT, pinned by [2]
    inverseX * (x - 1) === 1;              // [1]
    inverseY * (y - 1) === 1;              // [2]
}
