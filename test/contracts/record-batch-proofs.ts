// SPDX-License-Identifier: GPL-3.0-or-later
// Records real proofs of one small circuit into contracts/test/fixtures/batch-proofs.json, for BatchVerifier's tests.
// Run: node --import tsx test/contracts/record-batch-proofs.ts
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Groth16Proof } from 'snarkjs';
import { compileInstance } from '../../circuits/compile.ts';
import { bn254Code } from '../../circuits/keys/bn254-code.ts';
import { makeDevelopmentKey } from '../../circuits/keys/development-key.ts';
import { FixedBasePool } from '../../circuits/keys/fixed-base-pool.ts';
import { withSnarkjs } from '../../circuits/keys/snarkjs-session.ts';
import { CONTRACTS_ROOT } from '../../contracts/deploy/build.ts';
import { FR } from '../../protocol/field.ts';

const PROOFS = 6;

type G1 = readonly [string, string, ...string[]];
type G2 = readonly [G1, G1, ...G1[]];

const word = (decimal: string): string => `0x${BigInt(decimal).toString(16).padStart(64, '0')}`;
const g1 = ([x, y]: G1): string[] => [word(x), word(y)];
/** EIP-197 puts the imaginary part first. */
const g2 = ([x, y]: G2): string[] => [x, y].flatMap(([real, imaginary]) => [word(imaginary), word(real)]);

const folder = await mkdtemp(path.join(tmpdir(), 'phalanx-batch-'));
try {
  const compiled = await compileInstance(
    {
      id: 'three-signals',
      source: 'three-signals.circom',
      template: 'ThreeSignals',
      parameters: [],
      publicSignals: ['x', 'y', 'z'],
    },
    { home: folder, sourceRoot: import.meta.dirname },
  );
  const zkey = path.join(folder, 'key.zkey');
  const code = await bn254Code();
  const pool = FixedBasePool.open(code);
  await makeDevelopmentKey(compiled.r1csPath, zkey, code, pool);
  await pool.close();

  await withSnarkjs(async ({ groth16, wtns, zKey }) => {
    const proofs: string[][] = [];
    const signals: string[][] = [];
    for (let i = 0; i < PROOFS; i++) {
      const [x, y, secret] = [BigInt(i), FR - 1n - BigInt(i), 7n ** BigInt(50 + i)];
      const z = ((x + secret) * y) % FR;
      const witness = { type: 'mem' as const };
      await wtns.calculate({ x, y, z, secret }, compiled.wasmPath, witness);
      const { proof, publicSignals } = await groth16.prove(zkey, witness);
      const { pi_a, pi_b, pi_c } = proof as Groth16Proof & { pi_a: G1; pi_b: G2; pi_c: G1 };
      proofs.push([...g1(pi_a), ...g2(pi_b), ...g1(pi_c)]);
      signals.push(publicSignals.map(word));
    }
    const key = (await zKey.exportVerificationKey(zkey)) as unknown as {
      vk_alpha_1: G1;
      vk_beta_2: G2;
      vk_gamma_2: G2;
      vk_delta_2: G2;
      IC: readonly G1[];
    };
    const flat = [
      ...g1(key.vk_alpha_1),
      ...[key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].flatMap(g2),
      ...key.IC.flatMap(g1),
    ];
    await writeFile(
      path.join(CONTRACTS_ROOT, 'test', 'fixtures', 'batch-proofs.json'),
      `${JSON.stringify({ key: join(flat), proofs: proofs.map(join), signals: signals.map(join) }, null, 1)}\n`,
    );
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}

function join(words: readonly string[]): string {
  return `0x${words.map((w) => w.slice(2)).join('')}`;
}
