// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { Command } from 'commander';
import { ROOT } from '../options.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .description('run the whole system on this machine, offenders included, and report each step')
    .action(() => runScenario('demo'));
}

export function demoCometBftCommand(): Command {
  return new Command('demo-cometbft')
    .description(
      'the same with light clients of CometBFT chains: proofs of their own signatures, double signers slashed',
    )
    .option('--small', 'proofs of two signatures and no large chain')
    .action(({ small = false }: { small?: boolean }) => runScenario('demo-cometbft', ...(small ? ['--small'] : [])));
}

/** A scenario and its offenders are programs of their own: nothing that misbehaves is part of the product. */
async function runScenario(name: string, ...words: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'test', name, 'main.ts'), ...words], {
    stdio: 'inherit',
    cwd: ROOT,
  });
  // A terminal signals the whole group; `kill` only us. Either way the scenario cleans up and we wait for it.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
