// SPDX-License-Identifier: GPL-3.0-or-later
import { BASE8 } from '../../../protocol/eddsa.ts';
import type { CircuitInput } from '../../statement-kind.ts';
import { multiply, refOnCurve, refVerify, sameXY, scalar } from '../../testing/reference.ts';

/** Whether the circuit has to accept these inputs, signal by signal, said without its arithmetic. */
export function registrationAccepts(input: CircuitInput): boolean {
  const key = { x: scalar(input.keyX), y: scalar(input.keyY) };
  const eighth = { x: scalar(input.eighthX), y: scalar(input.eighthY) };
  return (
    refOnCurve(eighth) &&
    sameXY(multiply(eighth, 8n), key) &&
    !sameXY(key, { x: 0n, y: 1n }) &&
    !sameXY(key, BASE8) &&
    refVerify(key, scalar(input.digest), { x: scalar(input.r8x), y: scalar(input.r8y) }, scalar(input.s))
  );
}
