// SPDX-License-Identifier: GPL-3.0-or-later

type Point = readonly [bigint, bigint];
type TwistPoint = readonly [Point, Point];

/**
 * `BatchVerifier.Key`: a Groth16 verification key of three signals, points as EIP-197 has them, imaginary parts first.
 */
export interface BatchKey {
  readonly alpha: Point;
  readonly beta: TwistPoint;
  readonly gamma: TwistPoint;
  readonly delta: TwistPoint;
  readonly ic: readonly [Point, Point, Point, Point];
}
