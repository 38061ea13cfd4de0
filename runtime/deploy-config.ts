// SPDX-License-Identifier: GPL-3.0-or-later
import { dirname, resolve } from 'node:path';
import { DEFAULT_HOME, type Mode } from './common-config.ts';
import { ConfigError } from './config-error.ts';
import { deepFreeze } from './deep-freeze.ts';
import { deploySchema, type DeployFile } from './deploy-schema.ts';
import { isLoopbackUrl } from './loopback.ts';
import { findSecrets, type Environment, type NeededSecret } from './needed-secrets.ts';
import type { Secret } from './secret.ts';
import { checkSchema, readYamlFile } from './yaml-file.ts';

const DEPLOYER_KEY: NeededSecret = { path: 'deployerKeyFile', variable: 'PHALANX_DEPLOYER_KEY', form: 'key' };

/** What `phalanx deploy` knows. */
export interface DeployConfig {
  readonly options: DeployFile;
  readonly mode: Mode;
  /** absolute; installed keys */
  readonly home: string;
  /** of the account that pays: 32 bytes as 0x-hex; undefined when nothing is sent */
  readonly key: Secret | undefined;
}

/**
 * @param keyNeeded whether transactions will be sent
 * @throws ConfigError with every problem at once
 */
export function loadDeployConfig(
  file: string,
  keyNeeded: boolean,
  environment: Environment = process.env,
): DeployConfig {
  const raw = readYamlFile(file);
  const { data: options, problems } = checkSchema(raw, deploySchema);
  const secrets = findSecrets(keyNeeded ? [DEPLOYER_KEY] : [], file, raw, environment);
  if (options === undefined || secrets.problems.length > 0) {
    throw new ConfigError(file, [...problems, ...secrets.problems]);
  }
  return deepFreeze({
    options,
    mode: options.mode ?? (rpcsOf(options).every(isLoopbackUrl) ? 'development' : 'production'),
    home: options.home === undefined ? DEFAULT_HOME : resolve(dirname(file), options.home),
    key: secrets.found.get(DEPLOYER_KEY.path),
  });
}

function rpcsOf(options: DeployFile): string[] {
  const own = options.role === 'hub' ? [options.rpc] : [options.rpc, options.hub.rpc];
  return [...own, ...options.cometbft.flatMap(({ rpcs }) => rpcs ?? [])];
}
