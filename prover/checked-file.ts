// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Hex } from '../protocol/bytes.ts';
import { KeyMismatchError } from './errors.ts';

const CHUNK = 2 ** 24;

/**
 * Read a whole file and check what was read: the file may change on the disk afterwards.
 * @param expected SHA-256
 * @param signal looked at between pieces
 * @returns bytes that nothing else shares memory with
 * @throws KeyMismatchError; `signal.reason`
 */
export async function readChecked(
  path: string,
  expected: Hex,
  circuit: string,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const file = await open(path, 'r');
  try {
    const bytes = new Uint8Array(new ArrayBuffer((await file.stat()).size));
    const hash = createHash('sha256');
    let length = 0;
    // In pieces: one call reads 2 GiB at most, and the event loop goes on in between.
    while (length < bytes.length) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(bytes, length, Math.min(CHUNK, bytes.length - length), length);
      if (bytesRead === 0) break;
      hash.update(bytes.subarray(length, length + bytesRead));
      length += bytesRead;
    }
    const actual: Hex = `0x${hash.digest('hex')}`;
    if (actual !== expected) {
      throw new KeyMismatchError(`${path} is not the file that the manifest of ${circuit} names`, {
        circuit,
        actual,
        expected,
      });
    }
    return bytes;
  } finally {
    await file.close();
  }
}
