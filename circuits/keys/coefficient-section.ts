// SPDX-License-Identifier: GPL-3.0-or-later
import { FIELD_BYTES, type Bn254Wasm } from './bn254-wasm.ts';
import type { Constraints } from './constraints.ts';
import type { R1csFile } from './r1cs-file.ts';
import { words } from './zkey-writer.ts';

/** matrix, constraint, wire (4 bytes each), value */
const ENTRY_BYTES = 12 + FIELD_BYTES;
const BATCH = 8192;

/** WebAssembly memory that `coefficientSection` takes. */
export const COEFFICIENT_SECTION_MEMORY = BATCH * ENTRY_BYTES + 4 * FIELD_BYTES + 1024;

/**
 * Section 4 of a zkey: the entries of A and B, then one dummy constraint (A = wire) for the constant and each public
 * signal. A value v is stored as v * R^2 with R = 2^256, in Montgomery form twice over, so that the prover's product
 * with an ordinary witness comes out in Montgomery form.
 */
export function* coefficientSection(wasm: Bn254Wasm, r1cs: R1csFile, constraints: Constraints): Generator<Uint8Array> {
  const { run } = wasm;
  const out = wasm.allocate(BATCH * ENTRY_BYTES);
  const rCubed = wasm.allocate(FIELD_BYTES);
  run.frm_one(rCubed);
  for (let time = 0; time < 2; time++) run.frm_toMontgomery(rCubed, rCubed);
  const one = wasm.allocate(FIELD_BYTES);
  wasm.words[one >>> 2] = 1;

  let count = r1cs.publicSignals + 1;
  for (const { matrix } of constraints.coefficients()) if (matrix < 2) count++;
  yield* words(count);

  let filled = 0;
  const put = (matrix: number, constraint: number, wire: number, value: number): void => {
    const at = out + filled++ * ENTRY_BYTES;
    wasm.words[at >>> 2] = matrix;
    wasm.words[(at >>> 2) + 1] = constraint;
    wasm.words[(at >>> 2) + 2] = wire;
    run.frm_mul(value, rCubed, at + 12);
  };
  const take = (): Uint8Array => {
    const bytes = wasm.bytes.slice(out, out + filled * ENTRY_BYTES);
    filled = 0;
    return bytes;
  };
  for (const entry of constraints.coefficients()) {
    if (entry.matrix > 1) continue;
    put(entry.matrix, entry.constraint, entry.wire, entry.value);
    if (filled === BATCH) yield take();
  }
  for (let wire = 0; wire <= r1cs.publicSignals; wire++) {
    put(0, r1cs.constraints + wire, wire, one);
    if (filled === BATCH) yield take();
  }
  yield take();
}
