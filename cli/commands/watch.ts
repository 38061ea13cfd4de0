// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { loadWatcherConfig } from '../../runtime/config.ts';
import { configOption } from '../options.ts';
import { runRole } from '../run-role.ts';

export function watchCommand(): Command {
  return new Command('watch')
    .description('rebuild sealed validator sets from the hub and publish them; report conflicts found on the ledgers')
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { startWatcher } = await import('../../relayer/start-watcher.ts');
      await runRole('watcher', loadWatcherConfig(config), startWatcher);
    });
}
