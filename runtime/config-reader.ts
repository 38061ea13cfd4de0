// SPDX-License-Identifier: GPL-3.0-or-later
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { chainKey, type ChainId } from '../protocol/chain.ts';
import { cosmosChainId } from '../protocol/cometbft/caip2.ts';
import { domain, type CoalitionId } from '../protocol/domain.ts';
import {
  DEFAULT_HOME,
  type ApiClientConfig,
  type ChainConfig,
  type CommonConfig,
  type RedisConfig,
} from './common-config.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import { configSchema, type ConfigFile } from './config-schema.ts';
import { deepFreeze } from './deep-freeze.ts';
import type { FollowedChain } from './followed-chain.ts';
import { isLoopbackUrl } from './loopback.ts';
import { findSecrets, tokensIn, type Environment, type NeededSecret } from './needed-secrets.ts';
import { Secret } from './secret.ts';
import { checkSchema, readYamlFile, valueAt } from './yaml-file.ts';

/** A section that a role cannot do without, unless its defaults suffice. */
type SectionName =
  'redis' | 'coalition' | 'chains' | 'api' | 'worker' | 'relayer' | 'attester' | 'watcher' | 'follower';

/** What a role asks of the file and of the environment. */
export interface Needs {
  readonly sections: readonly SectionName[];
  readonly secrets: readonly NeededSecret[];
}

export const REDIS_PASSWORD: NeededSecret = {
  path: 'redis.passwordFile',
  variable: 'PHALANX_REDIS_PASSWORD',
  form: 'password',
};
export const API_TOKENS: NeededSecret = { path: 'api.auth.tokensFile', variable: 'PHALANX_API_TOKENS', form: 'tokens' };
/**
 * Looks for everything that is wrong before it builds anything.
 * @param needsOf the role's, which may hang on the file's content; that has not been checked yet
 * @param build runs when all of that was found
 * @throws ConfigError with every problem: of the file, of sections and secrets that the role needs
 */
export function loadFor<T extends object>(
  file: string,
  environment: Environment = process.env,
  needsOf: (raw: unknown) => Needs,
  build: (reader: ConfigReader) => T,
): T {
  const raw = readYamlFile(file);
  const needs = needsOf(raw);
  const checked = checkSchema(raw, configSchema);
  const secrets = findSecrets(needs.secrets, file, raw, environment);
  const problems = [...checked.problems, ...missingSections(raw, needs.sections), ...secrets.problems];
  if (checked.data === undefined || problems.length > 0) throw new ConfigError(file, problems);
  return deepFreeze(build(new ConfigReader(file, checked.data, secrets.found, environment)));
}

function missingSections(raw: unknown, names: readonly SectionName[]): ConfigProblem[] {
  const missing = names.filter((name) => valueAt(raw, name) === undefined && !defaultsOf(name).success);
  return missing.map((path) => ({ path, bound: 'this section' }));
}

function defaultsOf<K extends SectionName>(name: K): z.ZodSafeParseResult<NonNullable<ConfigFile[K]>> {
  const schema: z.ZodType = configSchema.shape[name].unwrap();
  return schema.safeParse({}) as z.ZodSafeParseResult<NonNullable<ConfigFile[K]>>; // the schema of that section
}

/** Turns sections of a file without problems into what one role needs. */
export class ConfigReader {
  constructor(
    private readonly file: string,
    private readonly config: ConfigFile,
    private readonly secrets: ReadonlyMap<string, Secret>,
    private readonly environment: Environment,
  ) {}

  /** Relative paths start at the configuration file. */
  path(path: string): string {
    return resolve(dirname(this.file), path);
  }

  /** One that the role has declared, or its defaults. */
  section<K extends SectionName>(name: K): NonNullable<ConfigFile[K]> {
    const present = this.config[name];
    if (present !== undefined) return present as NonNullable<ConfigFile[K]>;
    const { data } = defaultsOf(name);
    if (data === undefined) throw new Error(`the section ${name} was not asked for`);
    return data;
  }

  /** One that the role has declared. */
  secret({ path }: NeededSecret): Secret {
    const secret = this.secrets.get(path);
    if (!secret) throw new Error(`the secret ${path} was not asked for`);
    return secret;
  }

  /** What does not hang on chains. */
  base(): Pick<CommonConfig, 'mode' | 'home' | 'logLevel'> {
    const { mode, home, log, chains, cometbft } = this.config;
    const local =
      chains !== undefined && [...chains, ...cometbft].every(({ rpcs }) => (rpcs ?? []).every(isLoopbackUrl));
    return {
      mode: mode ?? (local ? 'development' : 'production'),
      home: home === undefined ? DEFAULT_HOME : this.path(home),
      logLevel: log.level,
    };
  }

  common(): CommonConfig {
    const coalition = this.section('coalition');
    const keyed = this.section('chains').map((chain) => ({
      ...chain,
      chainKey: chainKey(chain.id, chain.genesisHash),
    }));
    const hub = hubOf(keyed, coalition.hub);
    const id: CoalitionId = { hubChainKey: hub.chainKey, hubCoalition: hub.contracts.coalition };
    return {
      ...this.base(),
      coalition: {
        ...coalition,
        ...id,
        attestationDomain: domain('attestation', id),
        registrationDomain: domain('registration', id),
      },
      chains: keyed,
      cometbft: this.followed(),
    };
  }

  /** CometBFT chains, with what follows from their ids. */
  followed(): FollowedChain[] {
    return this.config.cometbft.map((chain) => {
      const id = cosmosChainId(chain.chainId);
      return { ...chain, id, chainKey: chainKey(id, chain.genesisHash) };
    });
  }

  redis(): RedisConfig {
    return { url: this.section('redis').url, password: this.secrets.get(REDIS_PASSWORD.path) };
  }

  apiClient(): ApiClientConfig {
    const token = this.environment['PHALANX_API_TOKEN'];
    return { urls: this.section('api').urls, token: token ? new Secret(token) : undefined };
  }

  /** None when `api.auth` asks for none. */
  tokens(): Secret[] {
    const secret = this.secrets.get(API_TOKENS.path);
    return secret ? tokensIn(secret).map((token) => new Secret(token)) : [];
  }
}

function hubOf(chains: readonly ChainConfig[], hub: ChainId): ChainConfig {
  const found = chains.find(({ id }) => id === hub);
  if (!found) throw new Error('unreachable: the schema has found the hub among the chains');
  return found;
}
