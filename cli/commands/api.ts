// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { loadApiConfig } from '../../runtime/config.ts';
import { configOption } from '../options.ts';
import { runRole } from '../run-role.ts';

export function apiCommand(): Command {
  return new Command('api')
    .description('serve the verification API')
    .addOption(configOption())
    .action(async ({ config }: { config: string }) => {
      const { startApi } = await import('../../verifier-api/start-api.ts');
      await runRole('api', loadApiConfig(config), startApi);
    });
}
