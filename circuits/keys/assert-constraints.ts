// SPDX-License-Identifier: GPL-3.0-or-later
import { CompileError } from '../circuit-error.ts';
import type { CompiledCircuit } from '../compile.ts';
import { readR1csHeader } from '../r1cs.ts';
import type { CircuitDefinition } from '../statement-kind.ts';

/**
 * A circuit has as many constraints as its definition says: no key is made for another than was reviewed.
 * @throws CompileError
 */
export async function assertConstraints(
  { id, constraints }: Pick<CircuitDefinition, 'id' | 'constraints'>,
  { r1csPath }: Pick<CompiledCircuit, 'r1csPath'>,
): Promise<void> {
  const header = await readR1csHeader(r1csPath);
  if (header.constraints === constraints) return;
  throw new CompileError(`${id} compiles to ${header.constraints} constraints, its definition says ${constraints}`, {
    circuit: id,
  });
}
