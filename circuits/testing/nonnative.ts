// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { FR } from '../../protocol/field.ts';
import type { Instance } from '../compile.ts';
import { modulo } from '../hints/prime-field.ts';
import type { CircuitInput } from '../statement-kind.ts';
import { CircuitUnderTest } from './harness.ts';
import { withMutant, type Change } from './mutant.ts';
import { templateInstance } from './template-instance.ts';

/** Prime of secp256k1's base field. */
export const SECP256K1 = (1n << 256n) - (1n << 32n) - 977n;
/** One of testing/nonnative_cases.circom. */
export const part = (template: string, ...parameters: number[]): Instance =>
  templateInstance('testing/nonnative_cases.circom', template, parameters, { flags: ['--O1'] });
/** Integers of either sign as field elements. */
export const canonical = (values: readonly bigint[]): bigint[] => values.map((value) => modulo(value, FR));

/** Refused by the circuit, taken by a mutant. */
export async function onlyGuard(instance: Instance, changes: readonly Change[], attack: CircuitInput): Promise<void> {
  const original = await CircuitUnderTest.of(instance);
  assert.equal(await original.accepts(attack), false, 'the circuit refuses the attack');
  await withMutant(instance, changes, async (weak) => {
    assert.equal(await weak.accepts(attack), true, 'without the guard the attack succeeds');
  });
}
