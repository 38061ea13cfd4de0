// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync, writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { assertUsableKey, type KeyMode } from '../../circuits/artifacts.ts';
import type { EngineChoice } from '../../prover/select-engine.ts';
import { PhaseLine } from '../phase-line.ts';
import { LocalProver } from '../prove-files.ts';

interface ProveOptions {
  readonly inputs: string;
  readonly out?: string;
  readonly engine: EngineChoice;
  readonly mode: KeyMode;
  readonly home?: string;
}

export function proveCommand(): Command {
  return new Command('prove')
    .description('prove a statement from a file of inputs, without any server')
    .argument('<circuit>', 'e.g. quorum-16 (phalanx circuits lists them)')
    .requiredOption('-i, --inputs <file>', "inputs as JSON, in the form of the kind's input schema")
    .option('-o, --out <file>', 'where the proof goes (default: standard output)')
    .addOption(new Option('--engine <name>', 'proving engine').choices(['auto', 'snarkjs', 'native']).default('auto'))
    .addOption(
      new Option('--mode <mode>', 'production refuses development keys')
        .choices(['production', 'development'])
        .default('development'),
    )
    .option('--home <folder>', 'where circuits and keys lie (default: .phalanx in the repository)')
    .action(prove);
}

async function prove(circuit: string, { inputs, out, engine, mode, home }: ProveOptions): Promise<void> {
  const { verifyStrictly } = await import('../../prover/strict-verifier.ts');
  const line = new PhaseLine();
  const prover = await LocalProver.open({ engine, ...(home === undefined ? {} : { home }) });
  try {
    assertUsableKey((await prover.key(circuit)).manifest, mode);
    const proved = await prover.prove(circuit, JSON.parse(readFileSync(inputs, 'utf8')), (phase, fraction) =>
      line.show(circuit, phase, fraction),
    );
    line.show(circuit, 'check', 0);
    const { verificationKey } = await prover.key(circuit);
    const verdict = await verifyStrictly(verificationKey, proved.publicSignals, proved.proof);
    line.end();
    if (!verdict.valid) throw new Error(`the engine made a proof that does not verify: ${verdict.reason}`);
    const text = `${JSON.stringify(proved, null, 2)}\n`;
    if (out === undefined) process.stdout.write(text);
    else writeFileSync(out, text);
  } finally {
    await prover.close();
  }
}
