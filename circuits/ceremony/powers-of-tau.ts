// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { withSnarkjs } from '../keys/snarkjs-session.ts';
import { CeremonyError } from './ceremony-error.ts';
import { ErrorLog } from './error-log.ts';

/**
 * A file of the first phase, prepared for the second (snarkjs `powersoftau prepare phase2`), that any circuit can start
 * from.
 */
export interface PowersOfTau {
  readonly path: string;
  /**
   * BLAKE2b-512 of the file in hex, as published by whoever ran that ceremony and as `b2sum` prints it. When given, the
   * file must have it, and its transcript is not verified anew: the caller vouches for the hash.
   */
  readonly blake2b?: string;
}

/**
 * Check a powers-of-tau file: against its published hash, or else its whole transcript (hours for the largest).
 * @throws CeremonyError
 */
export async function verifyPowersOfTau(file: PowersOfTau): Promise<void> {
  const { path } = file;
  if (file.blake2b !== undefined) {
    const hash = createHash('blake2b512');
    await pipeline(createReadStream(path), hash);
    const found = hash.digest('hex');
    if (found !== file.blake2b.toLowerCase().replace(/^0x/, '')) {
      throw new CeremonyError(`${path} has another BLAKE2b-512 hash than was given: ${found}`, { path });
    }
    return;
  }
  const log = new ErrorLog();
  const valid = await withSnarkjs((snarkjs) => snarkjs.powersOfTau.verify(path, log)).catch((error: unknown) => {
    throw new CeremonyError(`${path} is no powers-of-tau file: ${String(error)}`, { path }, error);
  });
  if (valid !== true) throw new CeremonyError(`${path} is no valid powers of tau: ${log.summary}`, { path });
}
