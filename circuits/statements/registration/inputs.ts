// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { buildBabyjub } from 'circomlibjs';
import { isSubgroupKey, type Point, type Signature } from '../../../protocol/eddsa.ts';
import { InvalidFieldError } from '../../../protocol/errors.ts';
import type { Fr } from '../../../protocol/field.ts';
import { frSchema, pointSchema, signatureSchema } from '../../input-schema.ts';
import type { CircuitDefinition, CircuitInput } from '../../statement-kind.ts';

export interface RegistrationInput {
  readonly key: Point;
  /** protocol/registration.ts */
  readonly digest: Fr;
  /** by the key over the digest */
  readonly signature: Signature;
}

export const registrationInputSchema: z.ZodType<RegistrationInput> = z.strictObject({
  key: pointSchema,
  digest: frSchema,
  signature: signatureSchema,
});

const babyJub = await buildBabyjub();

/** The point of the subgroup whose eightfold is `key`. */
function eighth(key: Point): Point {
  const { F, subOrder } = babyJub;
  // l = 1 mod 8, hence 8 * (7l + 1)/8 = 1 mod l.
  const [x, y] = babyJub.mulPointEscalar([F.e(key.x), F.e(key.y)], (7n * subOrder + 1n) / 8n);
  return { x: F.toObject(x), y: F.toObject(y) };
}

/** @throws InvalidFieldError for a key outside the prime-order subgroup, of which there is no eighth to show */
export function buildRegistrationInputs(_: CircuitDefinition, input: RegistrationInput): CircuitInput {
  if (!isSubgroupKey(input.key)) throw new InvalidFieldError('key', 'a point of the prime-order subgroup');
  const { x: eighthX, y: eighthY } = eighth(input.key);
  return {
    keyX: input.key.x,
    keyY: input.key.y,
    digest: input.digest,
    eighthX,
    eighthY,
    r8x: input.signature.r8.x,
    r8y: input.signature.r8.y,
    s: input.signature.s,
  };
}
