// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { SUBGROUP_ORDER, type Point, type Signature } from '../protocol/eddsa.ts';
import { FR, type Fr } from '../protocol/field.ts';

const decimal = z.string().regex(/^(0|[1-9]\d{0,77})$/, 'a canonical decimal string');

function below(bound: bigint, words: string): z.ZodType<bigint, string> {
  return decimal.transform(BigInt).refine((value) => value < bound, words);
}

/** Canonical decimal string of a scalar-field element. */
export const frSchema = below(FR, 'below the BN254 scalar field order').transform((value) => value as Fr);

/** Canonical decimal string below 2^64. */
export const u64Schema = below(1n << 64n, 'below 2^64');

/** A point's affine coordinates; says nothing about the curve. */
export const pointSchema: z.ZodType<Point, unknown> = z.strictObject({ x: frSchema, y: frSchema });

export const signatureSchema: z.ZodType<Signature, unknown> = z.strictObject({
  r8: pointSchema,
  s: below(SUBGROUP_ORDER, "below the subgroup's order"),
});

/** JSON text of an input, as `inputSchema` reads it back: big integers as decimal strings. */
export function inputJson(input: unknown): string {
  return JSON.stringify(input, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
