// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import type { Instance } from '../compile.ts';
import type { CircuitInput } from '../statement-kind.ts';
import { CircuitUnderTest } from './harness.ts';
import { withMutant, type Change } from './mutant.ts';

/**
 * The circuit refuses an attack, also from a prover whose hints lie, and its guards are why: without them the attack
 * succeeds.
 * @param lies hints of the attacker's, where the honest ones lead nowhere even without the guards
 */
export async function expectGuarded(
  instance: Instance,
  guards: readonly Change[],
  attack: CircuitInput,
  lies: readonly Change[] = [],
): Promise<void> {
  const circuit = await CircuitUnderTest.of(instance);
  assert.equal(await circuit.accepts(attack), false, 'refused with honest hints');
  if (lies.length > 0) {
    await withMutant(instance, lies, async (liar) => {
      assert.equal(await liar.accepts(attack), false, 'refused with lying hints');
    });
  }
  await withMutant(instance, [...lies, ...guards], async (unguarded) => {
    assert.equal(await unguarded.accepts(attack), true, 'without the guards it must forge');
  });
}
