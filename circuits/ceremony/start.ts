// SPDX-License-Identifier: GPL-3.0-or-later
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { withSnarkjs } from '../keys/snarkjs-session.ts';
import { CeremonyError } from './ceremony-error.ts';
import { ErrorLog } from './error-log.ts';
import { writeNewFile } from './new-file.ts';
import { verifyPowersOfTau, type PowersOfTau } from './powers-of-tau.ts';

/**
 * First file of a circuit's ceremony: its key with nobody's secret in it yet. Anyone who repeats this gets the same
 * bytes.
 * @param to path of the new `.zkey`
 * @returns snarkjs's hash of the circuit, which every later file carries
 * @throws CeremonyError when the powers of tau don't hold or are too few for the circuit
 */
export async function startCeremony(r1csPath: string, powersOfTau: PowersOfTau, to: string): Promise<Hex> {
  await verifyPowersOfTau(powersOfTau);
  return writeNewFile(to, async (temporary) => {
    const log = new ErrorLog();
    const hash = await withSnarkjs((snarkjs) => snarkjs.zKey.newZKey(r1csPath, powersOfTau.path, temporary, log));
    if (hash === -1) throw new CeremonyError(`the ceremony cannot start: ${log.summary}`, { r1cs: r1csPath });
    return toHex(hash);
  });
}
