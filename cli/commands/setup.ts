// SPDX-License-Identifier: GPL-3.0-or-later
import { Argument, Command } from 'commander';
import { PhaseLine } from '../phase-line.ts';
import { DEFAULT_CIRCUITS, prepareKeys } from '../prepare-keys.ts';

interface SetupOptions {
  readonly home?: string;
  readonly threads?: string;
}

export function setupCommand(): Command {
  return new Command('setup')
    .description('compile circuits and make development keys, where they are missing')
    .addArgument(
      new Argument('[circuits...]', 'circuits by name').default(DEFAULT_CIRCUITS, DEFAULT_CIRCUITS.join(' ')),
    )
    .option('--home <folder>', 'where circuits and keys lie (default: .phalanx in the repository)')
    .option('--threads <number>', 'threads that make keys (default: all cores)')
    .action((circuits: readonly string[], options: SetupOptions) => setup(circuits, options));
}

async function setup(circuits: readonly string[], { home, threads }: SetupOptions): Promise<void> {
  const line = new PhaseLine();
  const keys = await prepareKeys(circuits, (circuit, phase, fraction) => line.show(circuit, phase, fraction), {
    ...(home === undefined ? {} : { home }),
    ...(threads === undefined ? {} : { threads: Number(threads) }),
  });
  line.end();
  for (const { manifest } of keys) {
    console.log(`${manifest.circuit.padEnd(14)} ${manifest.kind} key ${manifest.verificationKeyHash}`);
  }
}
