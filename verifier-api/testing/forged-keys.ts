// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bn254 } from '@noble/curves/bn254.js';
import { listCircuits } from '../../circuits/registry.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { FR } from '../../protocol/field.ts';
import type { ProofJson } from '../../protocol/proof.ts';
import { verificationKeyHash, type VerificationKey } from '../../protocol/verification-key.ts';

/*
 * Verification keys whose secrets are known. Whoever knows them can simulate a proof of anything (Groth16, section 3.2),
 * so that the service is tested on valid proofs of every circuit without compiling or proving one.
 */

const { G1, G2 } = { G1: bn254.G1.Point, G2: bn254.G2.Point };
const SECRETS = { alpha: 11n, beta: 13n, gamma: 17n, delta: 19n };

export interface ForgedKey {
  readonly keyHash: Hex;
  readonly verificationKey: VerificationKey;
  /** A proof that verifies for these signals. @param blind another proof of the same claim */
  prove(signals: readonly bigint[], blind?: bigint): ProofJson;
}

/** @param salt another key for the same circuit */
function forgeKey(signals: number, salt: bigint): ForgedKey {
  const ic = Array.from({ length: signals + 1 }, (_, i) => 23n + salt * 101n + BigInt(i) * 7n);
  const verificationKey: VerificationKey = {
    protocol: 'groth16',
    curve: 'bn128',
    nPublic: signals,
    vk_alpha_1: g1(SECRETS.alpha),
    vk_beta_2: g2(SECRETS.beta),
    vk_gamma_2: g2(SECRETS.gamma),
    vk_delta_2: g2(SECRETS.delta),
    IC: ic.map(g1),
  };
  return {
    keyHash: verificationKeyHash(verificationKey),
    verificationKey,
    prove: (values, blind = 3n) => {
      const claim = values.reduce((sum, value, i) => sum + value * (ic[i + 1] ?? 0n), ic[0] ?? 0n);
      const [a, b] = [blind, 5n];
      // a*b = alpha*beta + gamma*claim + delta*c
      const c = mod((a * b - SECRETS.alpha * SECRETS.beta - SECRETS.gamma * claim) * inverse(SECRETS.delta));
      return { protocol: 'groth16', curve: 'bn128', pi_a: g1(a), pi_b: g2(b), pi_c: g1(c) };
    },
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

function g1(scalar: bigint): [string, string, string] {
  const { x, y } = G1.BASE.multiply(mod(scalar)).toAffine();
  return [`${x}`, `${y}`, '1'];
}

function g2(scalar: bigint): [[string, string], [string, string], [string, string]] {
  const { x, y } = G2.BASE.multiply(mod(scalar)).toAffine();
  return [
    [`${x.c0}`, `${x.c1}`],
    [`${y.c0}`, `${y.c1}`],
    ['1', '0'],
  ];
}

function mod(value: bigint): bigint {
  return ((value % FR) + FR) % FR;
}

function inverse(value: bigint): bigint {
  return power(value, FR - 2n);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let bits = exponent, factor = base; bits > 0n; bits >>= 1n, factor = (factor * factor) % FR) {
    if (bits & 1n) result = (result * factor) % FR;
  }
  return result;
}
