// SPDX-License-Identifier: GPL-3.0-or-later
import { readZkeyFile, type Contribution } from '../keys/zkey-file.ts';
import { withSnarkjs } from '../keys/snarkjs-session.ts';
import { CeremonyError } from './ceremony-error.ts';
import { ErrorLog } from './error-log.ts';
import { verifyPowersOfTau, type PowersOfTau } from './powers-of-tau.ts';

export interface CeremonyFiles {
  /** compiled by whoever verifies, never taken from the ceremony */
  readonly r1csPath: string;
  readonly powersOfTau: PowersOfTau;
  readonly zkeyPath: string;
}

/**
 * Check a key's whole history: the powers of tau, that the key is the circuit's, and each step from the empty key to
 * this one, beacon included.
 * @returns the steps in order; parties find their own hash among them
 * @throws CeremonyError, KeyError
 */
export async function verifyCeremony(files: CeremonyFiles): Promise<readonly Contribution[]> {
  const { zkeyPath } = files;
  const { contributions } = await readZkeyFile(zkeyPath);
  await verifyPowersOfTau(files.powersOfTau);
  const log = new ErrorLog();
  const valid = await withSnarkjs((snarkjs) =>
    snarkjs.zKey.verifyFromR1cs(files.r1csPath, files.powersOfTau.path, zkeyPath, log),
  ).catch((error: unknown) => {
    throw new CeremonyError(`${zkeyPath} cannot be verified: ${String(error)}`, { path: zkeyPath }, error);
  });
  if (valid !== true)
    throw new CeremonyError(`${zkeyPath} is no valid key of this circuit: ${log.summary}`, { path: zkeyPath });
  return contributions;
}
