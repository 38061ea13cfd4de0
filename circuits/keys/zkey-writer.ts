// SPDX-License-Identifier: GPL-3.0-or-later
import { open, type FileHandle } from 'node:fs/promises';

/** Sections of a Groth16 `.zkey`, in the order in which snarkjs 0.7.6 writes them. */
export const ZKEY_SECTION = {
  protocol: 1,
  header: 2,
  coefficients: 4,
  ic: 3,
  h: 9,
  c: 8,
  a: 5,
  b1: 6,
  b2: 7,
  contributions: 10,
} as const;

/** Writes iden3's binary container, section after section, without holding the file in memory. */
export class ZkeyWriter {
  private position = 12;

  private constructor(private readonly file: FileHandle) {}

  /** @throws if the file exists: a key is never written over another */
  static async create(path: string): Promise<ZkeyWriter> {
    const file = await open(path, 'wx');
    const head = new DataView(new ArrayBuffer(12));
    head.setUint32(0, 0x7a6b6579, false); // "zkey"
    head.setUint32(4, 1, true);
    head.setUint32(8, Object.keys(ZKEY_SECTION).length, true);
    await file.write(new Uint8Array(head.buffer), 0, 12, 0);
    return new ZkeyWriter(file);
  }

  /** @param parts bytes, also produced one after the other; together they are the section */
  async section(id: number, parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    const start = this.position;
    this.position += 12;
    for await (const part of parts) await this.append(part);
    const head = new DataView(new ArrayBuffer(12));
    head.setUint32(0, id, true);
    head.setBigUint64(4, BigInt(this.position - start - 12), true);
    await this.file.write(new Uint8Array(head.buffer), 0, 12, start);
  }

  /** Flush to the disk, so that a later rename publishes a whole file. */
  async finish(): Promise<void> {
    await this.file.sync();
    await this.file.close();
  }

  async abandon(): Promise<void> {
    await this.file.close();
  }

  private async append(part: Uint8Array): Promise<void> {
    for (let written = 0; written < part.length;) {
      const length = Math.min(part.length - written, 1 << 28);
      const { bytesWritten } = await this.file.write(part, written, length, this.position);
      written += bytesWritten;
      this.position += bytesWritten;
    }
  }
}

/** A section made of little-endian words and byte strings. */
export function words(...parts: readonly (number | Uint8Array)[]): Uint8Array[] {
  return parts.map((part) => {
    if (typeof part !== 'number') return part;
    const word = new DataView(new ArrayBuffer(4));
    word.setUint32(0, part, true);
    return new Uint8Array(word.buffer);
  });
}
