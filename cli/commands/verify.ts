// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { assertUsableKey, loadArtifacts, type KeyMode } from '../../circuits/artifacts.ts';
import { getCircuit } from '../../circuits/registry.ts';
import type { Hex } from '../../protocol/bytes.ts';

interface VerifyOptions {
  readonly mode: KeyMode;
  readonly home?: string;
}

/** As `phalanx prove` and the API's /proof give it. Proof and signals are the strict verifier's to judge. */
const provedStatement = z.object({
  circuit: z.string(),
  keyHash: z.string().regex(/^0x[0-9a-f]{64}$/),
  publicSignals: z.unknown(),
  proof: z.unknown(),
});

export function verifyCommand(): Command {
  return new Command('verify')
    .description('verify a proof from a file, strictly and without any server; exits with 1 when it does not hold')
    .argument('<file>', 'proof as `phalanx prove` or the API gives it')
    .addOption(
      new Option('--mode <mode>', 'production refuses development keys')
        .choices(['production', 'development'])
        .default('development'),
    )
    .option('--home <folder>', 'where circuits and keys lie (default: .phalanx in the repository)')
    .action(verify);
}

async function verify(file: string, { mode, home }: VerifyOptions): Promise<void> {
  const { verifyStrictly } = await import('../../prover/strict-verifier.ts');
  const parsed = provedStatement.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file}: ${z.prettifyError(parsed.error)}`);
  const { circuit, keyHash, publicSignals, proof } = parsed.data;
  const { manifest, verificationKey } = await loadArtifacts(circuit, {
    keyHash: keyHash as Hex,
    ...(home === undefined ? {} : { home }),
  });
  assertUsableKey(manifest, mode);
  const verdict = await verifyStrictly(verificationKey, publicSignals, proof);
  if (!verdict.valid) {
    console.log(
      JSON.stringify({ valid: false, circuit, keyHash, reason: verdict.reason, detail: verdict.detail }, null, 2),
    );
    process.exitCode = 1;
  } else {
    const values = publicSignals as readonly string[];
    const claim = Object.fromEntries(getCircuit(circuit).publicSignals.map((name, i) => [name, values[i]]));
    console.log(JSON.stringify({ valid: true, circuit, keyHash, keyKind: manifest.kind, claim }, null, 2));
  }
  await endCurve();
}

/** snarkjs's curve keeps threads running that would keep the process alive. */
async function endCurve(): Promise<void> {
  const { bn254 } = await import('../../prover/bn254.ts');
  await (await bn254()).terminate();
}
