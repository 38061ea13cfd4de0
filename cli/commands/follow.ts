// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { loadFollowerConfig } from '../../runtime/config.ts';
import { configOption } from '../options.ts';
import { runRole } from '../run-role.ts';

export function followCommand(): Command {
  return new Command('follow')
    .description('bring the headers and the evidence of CometBFT chains from their nodes to the verification API')
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const loaded = loadFollowerConfig(config);
      const { startFollower } = await import('../../relayer/start-follower.ts');
      await runRole('follower', loaded, startFollower);
    });
}
