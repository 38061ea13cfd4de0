// SPDX-License-Identifier: GPL-3.0-or-later
import { dirname, resolve } from 'node:path';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { DEFAULT_HOME, type Environment, type Mode } from './config.ts';
import { deepFreeze } from './deep-freeze.ts';
import { deploySchema, type DeployFile } from './deploy-schema.ts';
import { isLoopbackUrl } from './loopback.ts';
import { isKey, readSecret, type Secret } from './secret.ts';
import { readYamlFile } from './yaml-file.ts';

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
  const options = readYamlFile(file, deploySchema);
  const problems = crossChecks(options);
  const besideFile = (path: string): string => resolve(dirname(file), path);
  const key = keyNeeded ? deployerKey(options, besideFile, environment, problems) : undefined;
  if (problems.length > 0) throw new ConfigError(file, problems);
  return deepFreeze({
    options,
    mode: options.mode ?? (rpcsOf(options).every(({ rpc }) => isLoopbackUrl(rpc)) ? 'development' : 'production'),
    home: options.home === undefined ? DEFAULT_HOME : besideFile(options.home),
    key,
  });
}

function deployerKey(
  { deployerKeyFile }: DeployFile,
  besideFile: (path: string) => string,
  environment: Environment,
  problems: ConfigProblem[],
): Secret | undefined {
  const path = 'deployerKeyFile';
  try {
    const key = readSecret(
      environment['PHALANX_DEPLOYER_KEY'],
      deployerKeyFile === undefined ? undefined : besideFile(deployerKeyFile),
    );
    if (!key) problems.push({ path, bound: 'a file of mode 0600, or PHALANX_DEPLOYER_KEY' });
    else if (!isKey(key)) problems.push({ path, bound: '32 bytes as 0x-hex' });
    return key;
  } catch (error) {
    problems.push({ path, bound: error instanceof Error ? error.message : 'a readable file' });
    return undefined;
  }
}

/** Bounds that tie one field to another; most would only be found by the chain, some by nobody. */
function crossChecks(options: DeployFile): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const require = (holds: boolean, path: string, bound: string): void => {
    if (!holds) problems.push({ path, bound });
  };
  const { trustingPeriodSeconds, evidenceWindowSeconds, unbondingDelaySeconds, timelockDelaySeconds, sources } =
    options;
  const slashableSeconds = trustingPeriodSeconds + evidenceWindowSeconds;
  require(unbondingDelaySeconds >
    slashableSeconds, 'unbondingDelaySeconds', `more than trusting period and evidence window together, ${slashableSeconds} s`);
  require(timelockDelaySeconds <
    unbondingDelaySeconds, 'timelockDelaySeconds', `less than the unbonding delay, ${unbondingDelaySeconds} s`);
  require(options.freezeDurationSeconds >
    timelockDelaySeconds, 'freezeDurationSeconds', `more than the timelock's delay, ${timelockDelaySeconds} s: the owner could not confirm a freeze before it lapses`);
  sources.forEach(({ id }, i) => {
    require(id !== options.chain, `sources[${i}].id`, 'another chain than the one deployed to');
    require(sources.findIndex((other) => other.id === id) === i, `sources[${i}].id`, 'a chain that stands once');
  });
  for (const { path, rpc } of rpcsOf(options)) {
    require(options.mode !== 'development' ||
      isLoopbackUrl(rpc), path, 'an address on this machine while mode is development');
  }
  if (options.role === 'hub') {
    require(options.epochLengthSeconds <
      trustingPeriodSeconds, 'epochLengthSeconds', `less than the trusting period, ${trustingPeriodSeconds} s`);
  } else {
    require(options.hub.id !== options.chain, 'hub.id', 'another chain than the one deployed to');
    require(sources.some(
      ({ id }) => id === options.hub.id,
    ), 'hub.id', 'one of sources, or its validator sets can never rotate');
  }
  return problems;
}

function rpcsOf(options: DeployFile): { readonly path: string; readonly rpc: string }[] {
  const own = { path: 'rpc', rpc: options.rpc };
  return options.role === 'hub' ? [own] : [own, { path: 'hub.rpc', rpc: options.hub.rpc }];
}
