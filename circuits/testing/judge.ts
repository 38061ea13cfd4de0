// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import type { Instance } from '../compile.ts';
import type { CircuitInput } from '../statement-kind.ts';
import { CircuitUnderTest } from './harness.ts';

/** A circuit beside its reference model: both are asked, and have to agree. */
export class Judge {
  private constructor(
    readonly circuit: CircuitUnderTest,
    readonly model: (input: CircuitInput) => boolean,
  ) {}

  static async of(what: string | Instance, model: (input: CircuitInput) => boolean): Promise<Judge> {
    return new Judge(await CircuitUnderTest.of(what), model);
  }

  async says(expected: boolean, { input }: { readonly input: CircuitInput }): Promise<void> {
    assert.equal(this.model(input), expected, 'model');
    assert.equal(await this.circuit.accepts(input), expected, 'circuit');
  }

  /** Model and circuit refuse, the circuit by a constraint of the template `where` or below. */
  async refuses({ input }: { readonly input: CircuitInput }, where: string): Promise<void> {
    assert.equal(this.model(input), false, 'model');
    await this.circuit.expectFail(input, where);
  }
}
