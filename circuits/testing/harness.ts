// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { WitnessError } from '../circuit-error.ts';
import { compileInstance, type CompiledCircuit, type Instance } from '../compile.ts';
import { firstUnsatisfied, readR1cs, type R1cs } from '../r1cs.ts';
import { instanceOf } from '../registry.ts';
import type { CircuitInput } from '../statement-kind.ts';
import { calculateWitness, witnessValues } from '../witness.ts';

/** A compiled circuit under test. */
export class CircuitUnderTest {
  private constructor(
    readonly instance: Instance,
    readonly files: CompiledCircuit,
    readonly r1cs: R1cs,
  ) {}

  static async of(what: string | Instance): Promise<CircuitUnderTest> {
    const instance = typeof what === 'string' ? instanceOf(what) : what;
    const files = await compileInstance(instance);
    return new CircuitUnderTest(instance, files, await readR1cs(files.r1csPath));
  }

  async witness(input: CircuitInput): Promise<bigint[]> {
    return witnessValues(await calculateWitness(this.files.wasmPath, input));
  }

  /** The program finds a witness, and it satisfies the constraints as they stand in the r1cs. */
  async expectPass(input: CircuitInput): Promise<bigint[]> {
    const witness = await this.witness(input);
    assert.equal(firstUnsatisfied(this.r1cs, witness), -1, `${this.instance.id}: unsatisfied constraint`);
    return witness;
  }

  /** The program stops at a failing constraint; `where` must be among the templates it names, innermost first. */
  async expectFail(input: CircuitInput, where: string): Promise<void> {
    await assert.rejects(this.witness(input), (error: unknown) => {
      assert.ok(error instanceof WitnessError, String(error));
      assert.match(error.message, /^constraint fails/);
      assert.match(error.message, new RegExp(`template ${where}_`), `${error.message}: expected to fail in ${where}`);
      return true;
    });
  }

  /** Wire of a signal by its full name, e.g. `main.keyX`; undefined when the optimiser removed it. */
  async wireOf(name: string): Promise<number | undefined> {
    this.#wires ??= readFile(this.files.symPath, 'utf8').then((text) => {
      const wires = new Map<string, number>();
      for (const line of text.split('\n')) {
        const [, wire, , signal] = line.split(',');
        if (signal !== undefined && wire !== '-1') wires.set(signal, Number(wire));
      }
      return wires;
    });
    return (await this.#wires).get(name);
  }

  #wires: Promise<ReadonlyMap<string, number>> | undefined;
}
