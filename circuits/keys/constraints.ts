// SPDX-License-Identifier: GPL-3.0-or-later
import { open } from 'node:fs/promises';
import { FIELD_BYTES, type Bn254Wasm } from './bn254-wasm.ts';
import { KeyError } from './errors.ts';
import type { R1csFile } from './r1cs-file.ts';

/** One coefficient of a constraint (A . w) * (B . w) = (C . w). */
export interface Coefficient {
  /** 0, 1, 2 for A, B, C */
  matrix: number;
  constraint: number;
  wire: number;
  /** address of the value in WebAssembly memory: an ordinary integer below r */
  value: number;
}

/** The constraints of an r1cs file inside WebAssembly memory, where field arithmetic can work on them in place. */
export class Constraints {
  private constructor(
    private readonly wasm: Bn254Wasm,
    private readonly r1cs: R1csFile,
    private readonly section: number,
  ) {}

  static async load(wasm: Bn254Wasm, r1cs: R1csFile): Promise<Constraints> {
    const section = wasm.allocate(r1cs.constraintsLength);
    const file = await open(r1cs.path, 'r');
    try {
      for (let done = 0; done < r1cs.constraintsLength;) {
        const length = Math.min(r1cs.constraintsLength - done, 1 << 28);
        const { bytesRead } = await file.read(wasm.bytes, section + done, length, r1cs.constraintsOffset + done);
        if (bytesRead === 0) throw new KeyError(`${r1cs.path} ends too early`, { path: r1cs.path });
        done += bytesRead;
      }
    } finally {
      await file.close();
    }
    return new Constraints(wasm, r1cs, section);
  }

  /**
   * Every coefficient in the file's order. One object is reused: read it before going on.
   * @throws KeyError when the section is not what the header promises
   */
  *coefficients(): Generator<Readonly<Coefficient>> {
    const { wasm, r1cs, section } = this;
    const words = wasm.words;
    const end = section + r1cs.constraintsLength;
    const malformed = (): KeyError => new KeyError(`${r1cs.path} has malformed constraints`, { path: r1cs.path });
    const entry: Coefficient = { matrix: 0, constraint: 0, wire: 0, value: 0 };
    let at = section;
    for (let constraint = 0; constraint < r1cs.constraints; constraint++) {
      entry.constraint = constraint;
      for (let matrix = 0; matrix < 3; matrix++) {
        entry.matrix = matrix;
        const terms = words[at >>> 2] ?? 0;
        at += 4;
        if (at + terms * (4 + FIELD_BYTES) > end) throw malformed();
        for (let term = 0; term < terms; term++) {
          entry.wire = words[at >>> 2] ?? 0;
          if (entry.wire >= r1cs.wires) throw malformed();
          entry.value = at + 4;
          yield entry;
          at += 4 + FIELD_BYTES;
        }
      }
    }
    if (at !== end) throw malformed();
  }
}
