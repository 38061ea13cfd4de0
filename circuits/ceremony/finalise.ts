// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import { loadArtifacts, type KeyArtifacts } from '../artifacts.ts';
import type { CompiledCircuit } from '../compile.ts';
import { describeKey, type KeyedCircuit } from '../keys/describe-key.ts';
import { fileHash } from '../keys/file-hash.ts';
import { installKey, setCurrentKey, type KeyStoreOptions } from '../keys/key-store.ts';
import { SOLIDITY_COMPILER, SOLIDITY_SETTINGS } from '../keys/solidity-verifier.ts';
import { CeremonyError } from './ceremony-error.ts';
import type { PowersOfTau } from './powers-of-tau.ts';
import { verifyCeremony } from './verify.ts';

export interface FinaliseOptions extends KeyStoreOptions {
  /** parties that must have contributed before the beacon; default 2 */
  readonly minimumContributions?: number;
}

/**
 * Verify a finished ceremony and install its key as the circuit's current one, which production accepts.
 * @param circuit compiled here: the key is checked against this compilation
 * @throws CeremonyError when the transcript does not hold, has too few parties or does not end with its only beacon
 */
export async function finaliseCeremony(
  circuit: KeyedCircuit,
  compiled: CompiledCircuit,
  powersOfTau: PowersOfTau,
  zkeyPath: string,
  options: FinaliseOptions = {},
): Promise<KeyArtifacts> {
  // Taken first: what is installed is what was verified.
  const zkeyHash = await fileHash(zkeyPath);
  const contributions = await verifyCeremony({ r1csPath: compiled.r1csPath, powersOfTau, zkeyPath });
  const minimum = options.minimumContributions ?? 2;
  const parties = contributions.filter(({ kind }) => kind === 'contribution').length;
  if (parties < minimum) {
    throw new CeremonyError(`${parties} parties contributed, ${minimum} are needed`, { parties, minimum });
  }
  if (contributions.length !== parties + 1 || contributions.at(-1)?.kind !== 'beacon') {
    throw new CeremonyError('a ceremony ends with its beacon, and has one', { path: zkeyPath });
  }
  const ceremony = {
    powersOfTauHash: await fileHash(powersOfTau.path),
    contributions: contributions.map(({ kind, name, hash }) => ({ kind, name, hash })),
  };
  const folder = await installKey(
    circuit.id,
    folderName([
      zkeyHash,
      await fileHash(compiled.r1csPath),
      await fileHash(compiled.wasmPath),
      SOLIDITY_COMPILER,
      SOLIDITY_SETTINGS,
    ]),
    async (paths) => {
      await copyFile(zkeyPath, paths.zkey);
      const { zkeyHash: copied } = await describeKey(paths, circuit, compiled, ceremony);
      if (copied !== zkeyHash) throw new CeremonyError(`${zkeyPath} changed while it was verified`, { path: zkeyPath });
    },
    options,
  );
  await setCurrentKey(circuit.id, folder, options);
  return loadArtifacts(circuit.id, options);
}

function folderName(inputs: readonly unknown[]): string {
  return `ceremony-${createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32)}`;
}
