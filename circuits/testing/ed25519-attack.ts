// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import type { Instance } from '../compile.ts';
import type { EncodedSignature } from '../hints/ed25519/batch.ts';
import { FIELD_PRIME } from '../hints/ed25519/curve25519.ts';
import { CurveRelations } from '../hints/ed25519/relations.ts';
import { polynomials, type Polynomial } from '../hints/nonnative/polynomial-ring.ts';
import { modulo } from '../hints/prime-field.ts';
import { attempt, encoded, signed, type Forgery } from './ed25519.ts';
import { CircuitUnderTest } from './harness.ts';
import { withMutant, type Change } from './mutant.ts';
import { templateInstance } from './template-instance.ts';

/*
 * What a prover may try against Ed25519Batch. Every forgery is computed to the end, transcript and combination included,
 * as somebody would who wants it to pass; it passes a mutant that lacks the guard, and not the circuit as it is.
 */

/** A template of the library, or of testing/, as a circuit of its own. */
export const instance = (template: string, source: string, ...parameters: number[]): Instance =>
  templateInstance(source, template, parameters, { flags: ['--O1'] });
/** One of testing/ed25519_cases.circom. */
export const caseOf = (template: string, ...parameters: number[]): Instance =>
  instance(template, 'testing/ed25519_cases.circom', ...parameters);
/** What mutants change. */
export const BATCH = 'lib/ed25519/ed25519_batch.circom';
/** A batch of one signature. */
export const single = caseOf('Ed25519BatchCase', 1);
/** A signature that holds. */
export const honest = encoded(signed(9, 'honest'));

/** Relation r stays out of the combination, modulo p and modulo L alike. */
export const without = (r: number): Change => ({
  file: 'lib/nonnative/combination.circom',
  from: 'term[r] <== multiplier[i] * relation[r];',
  to: `term[r] <== multiplier[i] * (r == ${r} ? 0 : relation[r]);`,
});
/** These relations as if they were zero, for the combination of a forger. */
export const drop =
  (...dropped: number[]): NonNullable<Forgery['relations']> =>
  (field, order) => {
    for (const r of dropped) {
      field[r] = [];
      if (r < order.length) order[r] = [];
    }
  };

/** The circuit without its last comparison: there, a hint that lies breaks one relation and no other. */
export const openEnded: readonly Change[] = [
  {
    file: BATCH,
    from: 'combined.relation[next] <== double[2].u3 - sum.point[0];',
    to: 'combined.relation[next] <== 0;',
  },
  {
    file: BATCH,
    from: 'combined.relation[next + 1] <== double[2].v3 - sum.point[1];',
    to: 'combined.relation[next + 1] <== 0;',
  },
];

/** The forgery is refused for relation r alone, and a circuit without that takes it. */
export async function passesOnly(
  changes: readonly Change[],
  signatures: readonly EncodedSignature[],
  forgery: Forgery,
  r: number,
): Promise<void> {
  const original = await CircuitUnderTest.of(single);
  const { inputs, isSatisfied } = attempt(signatures, forgery);
  assert.equal(isSatisfied, false);
  assert.equal(await original.accepts(inputs), false, 'the circuit refuses');
  const forged = attempt(signatures, { ...forgery, relations: drop(r) });
  assert.equal(forged.isSatisfied, true, 'nothing else is wrong');
  await withMutant(single, [...changes, without(r)], async (weak) => {
    assert.equal(await weak.accepts(forged.inputs), true, 'without the relation it passes');
  });
}

/** A hint in place of the honest one, and all that follows made from it. */
export class Lying extends CurveRelations<Polynomial> {
  constructor(
    private readonly at: number,
    private readonly by: bigint,
  ) {
    super(polynomials);
  }

  override element(value: bigint): Polynomial {
    return super.element(this.elements.length === this.at ? modulo(value + this.by, FIELD_PRIME) : value);
  }
}
