// SPDX-License-Identifier: GPL-3.0-or-later
import { Argument, Command, Option } from 'commander';
import { ConfigError, type ConfigProblem } from '../../runtime/config-error.ts';
import {
  loadApiConfig,
  loadAttesterConfig,
  loadFollowerConfig,
  loadRelayerConfig,
  loadWatcherConfig,
  loadWorkerConfig,
} from '../../runtime/config.ts';

const LOADERS = {
  api: loadApiConfig,
  worker: loadWorkerConfig,
  relayer: loadRelayerConfig,
  attester: loadAttesterConfig,
  watcher: loadWatcherConfig,
  follower: loadFollowerConfig,
} as const;

type Role = keyof typeof LOADERS;

const ROLES = Object.keys(LOADERS) as readonly Role[];

export function configCommand(): Command {
  return new Command('config').description('look at a configuration file').addCommand(
    new Command('check')
      .description('report every problem of a configuration file at once')
      .addArgument(new Argument('[file]', 'configuration file').default('phalanx.yaml'))
      .addOption(
        new Option('-r, --role <role...>', 'roles to check for, with their secrets').choices(ROLES).default(ROLES),
      )
      .action((file: string, { role }: { role: readonly Role[] }) => check(file, role)),
  );
}

function check(file: string, roles: readonly Role[]): void {
  const problems = new Map<string, ConfigProblem>();
  const modes = new Set<string>();
  for (const role of roles) {
    try {
      modes.add(LOADERS[role](file).mode);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      // What two roles need is reported once.
      for (const problem of error.problems) problems.set(`${problem.path} ${problem.bound}`, problem);
    }
  }
  if (problems.size > 0) throw new ConfigError(file, [...problems.values()]);
  console.log(`${file}: good for ${roles.join(', ')}; mode ${[...modes].join(', ')}`);
}
