// SPDX-License-Identifier: GPL-3.0-or-later
import type { Change } from './mutant.ts';

/**
 * MontgomerySum's hint in the hands of an attacker: this slope where an addition meets equal points, else the honest
 * one.
 */
export function chosenSlope(slope: bigint): Change {
  const honest = '(points[i][1] - sums[i][1]) / (points[i][0] - sums[i][0])';
  return {
    file: 'lib/montgomery_sum.circom',
    from: 'slope[k] <-- slopes[k];',
    to: `slope[k] <-- points[i][0] == sums[i][0] ? ${slope} : ${honest};`,
  };
}
