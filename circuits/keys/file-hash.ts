// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { toHex, type Hex } from '../../protocol/bytes.ts';

/** SHA-256 of a file's content. */
export async function fileHash(path: string): Promise<Hex> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return toHex(hash.digest());
}
