// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { WitnessError } from '../circuit-error.ts';
import { compileInstance, symbolsPath, type CompiledCircuit, type CompileOptions, type Instance } from '../compile.ts';
import { firstUnsatisfied, inputWires, readR1cs, type R1cs } from '../r1cs.ts';
import { instanceOf } from '../registry.ts';
import type { CircuitInput } from '../statement-kind.ts';
import { calculateWitness, witnessValues } from '../witness.ts';
import { jacobian } from './jacobian.ts';
import { unnoticedEdits } from './single-edits.ts';

/** A compiled circuit under test. */
export class CircuitUnderTest {
  private constructor(
    readonly instance: Instance,
    readonly files: CompiledCircuit,
    readonly r1cs: R1cs,
    private readonly options: CompileOptions,
  ) {}

  /** @param options of a mutant: where its sources lie and where to put what is compiled */
  static async of(what: string | Instance, options: CompileOptions = {}): Promise<CircuitUnderTest> {
    const instance = typeof what === 'string' ? instanceOf(what) : what;
    const files = await compileInstance(instance, options);
    return new CircuitUnderTest(instance, files, await readR1cs(files.r1csPath), options);
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

  /** Whether the circuit takes the input: its program finds a witness, and that satisfies the r1cs. */
  async accepts(input: CircuitInput): Promise<boolean> {
    try {
      return firstUnsatisfied(this.r1cs, await this.witness(input)) === -1;
    } catch (error) {
      if (error instanceof WitnessError && error.message.startsWith('constraint fails')) return false;
      throw error;
    }
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

  /** Names of wires, for messages. Compiles once more, with symbols, when there are any. */
  async names(wires: Iterable<number>): Promise<string[]> {
    const wanted = new Set(wires);
    if (wanted.size === 0) return [];
    const path = symbolsPath(await compileInstance(this.instance, { ...this.options, symbols: true }));
    return (await readFile(path, 'utf8')).split('\n').flatMap((line) => {
      const [, wire, , name] = line.split(',');
      return name !== undefined && wanted.has(Number(wire)) ? [name] : [];
    });
  }

  /**
   * What every template's smallest instance has to pass at an honest witness: no wire that the prover computes can be
   * edited alone to any other value, and none can move with the others while the inputs stand still. Nor can a public
   * signal be edited alone: each occurs in the constraints.
   */
  async expectDetermined(input: CircuitInput): Promise<void> {
    const witness = await this.expectPass(input);
    const edits = unnoticedEdits(this.r1cs, witness);
    const inputs = inputWires(this.r1cs);
    const { publicOutputs, publicInputs } = this.r1cs;
    // Private inputs are free by nature: an empty slot's filling, say.
    const isPrivateInput = (wire: number): boolean => inputs.has(wire) && wire > publicOutputs + publicInputs;
    const wires = [...edits.keys()].filter((wire) => !isPrivateInput(wire));
    assert.deepEqual(await this.names(wires), [], 'wires that can be edited alone');
    const { unknowns, rank, free } = jacobian(this.r1cs, witness, inputs);
    assert.deepEqual(await this.names(free), [], 'wires that the constraints leave free');
    assert.equal(rank, this.r1cs.wires - 1 - inputs.size);
    assert.equal(unknowns, rank, 'every wire occurs in a constraint');
  }
}
