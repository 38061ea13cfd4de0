// SPDX-License-Identifier: GPL-3.0-or-later
import { open } from 'node:fs/promises';
import { FR } from '../../protocol/field.ts';
import { KeyError } from './errors.ts';

/** What the header of an iden3 r1cs file (version 1) says, and where its constraints lie in the file. */
export interface R1csFile {
  readonly path: string;
  /** wires, the constant one (wire 0) included */
  readonly wires: number;
  /** public outputs and inputs: wires 1 to publicSignals */
  readonly publicSignals: number;
  readonly constraints: number;
  /** bytes from the start of the file */
  readonly constraintsOffset: number;
  readonly constraintsLength: number;
}

const HEADER_SECTION = 1;
const CONSTRAINTS_SECTION = 2;
const CUSTOM_GATES_SECTION = 5;
const FIELD_BYTES = 32;

/**
 * Read the header of an r1cs file.
 * Format: iden3/r1csfile, doc/r1cs_bin_format.md.
 * @throws KeyError on another format, another field than BN254's scalar field, or custom gates (Groth16 has none)
 */
export async function readR1csFile(path: string): Promise<R1csFile> {
  const file = await open(path, 'r');
  try {
    const read = async (position: number, length: number): Promise<DataView> => {
      const bytes = new Uint8Array(length);
      const { bytesRead } = await file.read(bytes, 0, length, position);
      if (bytesRead !== length) throw new KeyError(`${path} ends too early`, { path });
      return new DataView(bytes.buffer);
    };
    const start = await read(0, 12);
    if (start.getUint32(0, false) !== 0x72316373 || start.getUint32(4, true) !== 1) {
      throw new KeyError(`${path} is no r1cs file of version 1`, { path });
    }
    const sections = new Map<number, { offset: number; length: number }>();
    let position = 12;
    for (let index = 0; index < start.getUint32(8, true); index++) {
      const head = await read(position, 12);
      const length = Number(head.getBigUint64(4, true));
      sections.set(head.getUint32(0, true), { offset: position + 12, length });
      position += 12 + length;
    }
    const header = sections.get(HEADER_SECTION);
    const constraints = sections.get(CONSTRAINTS_SECTION);
    if (!header || !constraints) throw new KeyError(`${path} lacks its header or its constraints`, { path });
    if (sections.get(CUSTOM_GATES_SECTION)?.length) throw new KeyError(`${path} uses custom gates`, { path });

    const fields = await read(header.offset, 4 + FIELD_BYTES + 28);
    if (fields.getUint32(0, true) !== FIELD_BYTES || readPrime(fields) !== FR) {
      throw new KeyError(`${path} is not over the scalar field of BN254`, { path });
    }
    const after = 4 + FIELD_BYTES;
    return {
      path,
      wires: fields.getUint32(after, true),
      publicSignals: fields.getUint32(after + 4, true) + fields.getUint32(after + 8, true),
      constraints: fields.getUint32(after + 24, true),
      constraintsOffset: constraints.offset,
      constraintsLength: constraints.length,
    };
  } finally {
    await file.close();
  }
}

function readPrime(fields: DataView): bigint {
  let value = 0n;
  for (let word = 3; word >= 0; word--) value = (value << 64n) | fields.getBigUint64(4 + 8 * word, true);
  return value;
}
