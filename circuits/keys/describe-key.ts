// SPDX-License-Identifier: GPL-3.0-or-later
import { copyFile, writeFile } from 'node:fs/promises';
import { verificationKeyHash } from '../../protocol/verification-key.ts';
import { COMPILER_VERSION, type CompiledCircuit } from '../compile.ts';
import { KeyError } from './errors.ts';
import { fileHash } from './file-hash.ts';
import type { KeyPaths } from './key-store.ts';
import { manifestSchema, type Manifest } from './manifest.ts';
import { readR1csFile } from './r1cs-file.ts';
import { withSnarkjs } from './snarkjs-session.ts';
import { SOLIDITY_COMPILER, solidityCodeHash, solidityVerifier, verifierContractName } from './solidity-verifier.ts';
import { readZkeyFile } from './zkey-file.ts';

/** What is keyed: a circuit, its name and the names of its public signals in order. */
export interface KeyedCircuit {
  readonly id: string;
  readonly publicSignals: readonly string[];
}

/**
 * Complete a key's folder, in which only the `.zkey` lies yet: verification key, witness program, Solidity verifier,
 * manifest.
 * @throws KeyError when the key is not one of this circuit
 */
export async function describeKey(
  paths: KeyPaths,
  circuit: KeyedCircuit,
  compiled: CompiledCircuit,
  ceremony?: Manifest['ceremony'],
): Promise<Manifest> {
  const r1cs = await readR1csFile(compiled.r1csPath);
  const zkey = await readZkeyFile(paths.zkey);
  if (zkey.wires !== r1cs.wires || zkey.publicSignals !== r1cs.publicSignals) {
    throw new KeyError(`the key is not one of ${circuit.id} as compiled here`, { circuit: circuit.id });
  }
  if (r1cs.publicSignals !== circuit.publicSignals.length) {
    throw new KeyError(
      `${circuit.id} has ${r1cs.publicSignals} public signals, ${circuit.publicSignals.length} are named`,
    );
  }
  const exported = await withSnarkjs((snarkjs) => snarkjs.zKey.exportVerificationKey(paths.zkey));
  const solidity = await solidityVerifier(paths.zkey, circuit.id);
  await writeFile(paths.verificationKey, `${JSON.stringify(exported, null, 1)}\n`);
  await writeFile(paths.solidity, solidity);
  await copyFile(compiled.wasmPath, paths.wasm);
  const manifest = manifestSchema.parse({
    version: 1,
    circuit: circuit.id,
    kind: ceremony ? 'ceremony' : 'development',
    constraints: r1cs.constraints,
    publicSignals: [...circuit.publicSignals],
    compilerVersion: COMPILER_VERSION,
    compilerFlags: [...compiled.flags],
    sourceHash: compiled.sourceHash,
    r1csHash: await fileHash(compiled.r1csPath),
    wasmHash: await fileHash(paths.wasm),
    zkeyHash: await fileHash(paths.zkey),
    verificationKeyHash: verificationKeyHash(exported),
    soliditySource: 'Verifier.sol',
    solidityContract: verifierContractName(circuit.id),
    solidityCompiler: SOLIDITY_COMPILER,
    solidityCodeHash: await solidityCodeHash(solidity, circuit.id),
    ...(ceremony && { ceremony }),
  });
  // Last: the folder counts as a key once its manifest is there.
  await writeFile(paths.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}
