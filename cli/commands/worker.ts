// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { loadWorkerConfig } from '../../runtime/config.ts';
import { configOption } from '../options.ts';
import { runRole } from '../run-role.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('build proofs from the queue; any number of workers may share one Redis')
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { startWorker } = await import('../../prover/start-worker.ts');
      await runRole('worker', loadWorkerConfig(config), (loaded, log) => startWorker(loaded, log));
    });
}
