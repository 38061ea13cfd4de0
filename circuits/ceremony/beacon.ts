// SPDX-License-Identifier: GPL-3.0-or-later
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { readZkeyFile } from '../keys/zkey-file.ts';
import { withSnarkjs } from '../keys/snarkjs-session.ts';
import { CeremonyError } from './ceremony-error.ts';
import { requireName } from './contribute.ts';
import { ErrorLog } from './error-log.ts';
import { writeNewFile } from './new-file.ts';

export interface BeaconOptions {
  /** where the value is from, e.g. `ethereum block 21000000`; public, at most 64 bytes */
  readonly name: string;
  /** hex of 1 to 255 bytes that nobody could know or choose before the last contribution was public */
  readonly value: string;
  /** the value is hashed 2^this times, 10 to 63; default 16 */
  readonly iterationsExponent?: number;
}

/**
 * End a ceremony with public randomness, so that the last party could not choose the outcome.
 * @throws CeremonyError, KeyError
 */
export async function applyBeacon(from: string, to: string, options: BeaconOptions): Promise<Hex> {
  requireName(options.name);
  const value = options.value.replace(/^0x/, '').toLowerCase();
  const iterationsExponent = options.iterationsExponent ?? 16;
  if (!/^([0-9a-f]{2}){1,255}$/.test(value)) throw new CeremonyError('a beacon is hex of 1 to 255 whole bytes');
  if (!Number.isInteger(iterationsExponent) || iterationsExponent < 10 || iterationsExponent > 63) {
    throw new CeremonyError("a beacon's exponent of iterations is 10 to 63", { iterationsExponent });
  }
  const { contributions } = await readZkeyFile(from);
  if (contributions.some(({ kind }) => kind === 'beacon'))
    throw new CeremonyError(`${from} has its beacon already`, { path: from });
  return writeNewFile(to, async (temporary) => {
    const log = new ErrorLog();
    const hash = await withSnarkjs((snarkjs) =>
      snarkjs.zKey.beacon(from, temporary, options.name, value, iterationsExponent, log),
    );
    if (hash === false) throw new CeremonyError(`the beacon was refused: ${log.summary}`);
    return toHex(hash);
  });
}
