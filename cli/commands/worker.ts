// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { loadWorkerConfig } from '../../runtime/config.ts';
import { configOption } from '../options.ts';
import { runRole } from '../run-role.ts';

export function workerCommand(): Command {
  return new Command('worker')
    .description('build proofs from the queue; any number of workers may share one Redis')
    .addOption(configOption())
    .addHelpText(
      'after',
      '\nThe file needs no more than `redis: { url: ... }`. Keys that jobs name and that do not lie here come from the API or\n' +
        'another worker on that Redis, and are checked by their hashes. Without `mode: development` the worker takes keys of a\n' +
        'ceremony only.',
    )
    .action(async ({ config }: { config: string }) => {
      const { startWorker } = await import('../../prover/start-worker.ts');
      await runRole('worker', loadWorkerConfig(config), (loaded, log) => startWorker(loaded, log));
    });
}
