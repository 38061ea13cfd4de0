// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { readZkeyFile } from '../keys/zkey-file.ts';
import { withSnarkjs } from '../keys/snarkjs-session.ts';
import { CeremonyError } from './ceremony-error.ts';
import { writeNewFile } from './new-file.ts';

export interface ContributionOptions {
  /** who contributes; public, at most 64 bytes */
  readonly name: string;
  /** anything, mixed with the system's random source, which suffices without it */
  readonly extraEntropy?: string;
}

/**
 * Mix a secret of one's own into a key and forget it. The key is sound if a single party did so.
 * @param from the previous party's file
 * @param to path of the new file, for the next party
 * @returns the contribution's hash: publish it, and compare it with what `verifyCeremony` lists at the end
 * @throws CeremonyError, KeyError
 */
export async function contribute(from: string, to: string, options: ContributionOptions): Promise<Hex> {
  requireName(options.name);
  const { contributions } = await readZkeyFile(from);
  if (contributions.some(({ kind }) => kind === 'beacon')) {
    throw new CeremonyError(`${from} has its beacon already: the ceremony is over`, { path: from });
  }
  // snarkjs hashes 64 random bytes of its own with this text, and would ask on the terminal for an empty one.
  const entropy = `${randomBytes(64).toString('hex')} ${options.extraEntropy ?? ''}`;
  return writeNewFile(to, async (temporary) =>
    toHex(await withSnarkjs((snarkjs) => snarkjs.zKey.contribute(from, temporary, options.name, entropy))),
  );
}

/** @throws CeremonyError on a name that the file cannot hold whole */
export function requireName(name: string): void {
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > 64) throw new CeremonyError('a name has 1 to 64 bytes', { bytes });
}
