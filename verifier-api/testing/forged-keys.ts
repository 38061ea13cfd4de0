// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listCircuits } from '../../circuits/registry.ts';
import { forgeKey as forgePoints } from '../../circuits/testing/forged-key.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { proofToJson, type ProofJson } from '../../protocol/proof.ts';
import { verificationKeyHash, type VerificationKey } from '../../protocol/verification-key.ts';

export interface ForgedKey {
  readonly keyHash: Hex;
  readonly verificationKey: VerificationKey;
  /** A proof that verifies for these signals. @param blind another proof of the same claim */
  prove(signals: readonly bigint[], blind?: bigint): ProofJson;
}

function forgeKey(signals: number, salt: bigint): ForgedKey {
  const { key, prove } = forgePoints(signals, salt);
  return {
    keyHash: verificationKeyHash(key),
    verificationKey: key,
    prove: (values, blind) => proofToJson(prove(values, blind)),
  };
}

/** A key for every circuit, laid out as `phalanx setup` does. */
export function writeForgedKeys(
  home: string,
  kind: 'development' | 'ceremony' = 'development',
): ReadonlyMap<string, ForgedKey> {
  const keys = new Map<string, ForgedKey>();
  for (const [i, circuit] of listCircuits().entries()) {
    const key = forgeKey(circuit.publicSignals.length, BigInt(i));
    const folder = join(home, 'keys', circuit.id, 'forged');
    mkdirSync(folder, { recursive: true });
    const hash = `0x${'11'.repeat(32)}`;
    const manifest = {
      version: 1,
      circuit: circuit.id,
      kind,
      constraints: circuit.constraints,
      publicSignals: circuit.publicSignals,
      compilerVersion: '2.2.3',
      compilerFlags: ['--O2'],
      sourceHash: '11'.repeat(32),
      r1csHash: hash,
      wasmHash: hash,
      zkeyHash: hash,
      verificationKeyHash: key.keyHash,
      soliditySource: 'Verifier.sol',
      solidityContract: 'Verifier',
      solidityCompiler: '0.8.37',
      solidityCodeHash: hash,
      ...(kind === 'ceremony' ? { ceremony: { powersOfTauHash: hash, contributions: [] } } : {}),
    };
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, 'verification_key.json'), JSON.stringify(key.verificationKey));
    writeFileSync(join(folder, 'Verifier.sol'), `// verifier of ${circuit.id}\n`);
    writeFileSync(join(home, 'keys', circuit.id, 'current'), 'forged\n');
    keys.set(circuit.id, key);
  }
  return keys;
}
