// SPDX-License-Identifier: GPL-3.0-or-later
import { dirname, resolve } from 'node:path';
import { chainKey, type ChainId, type ChainKey } from '../protocol/chain.ts';
import { domain, type CoalitionId, type Domain } from '../protocol/domain.ts';
import { ConfigError, type ConfigProblem } from './config-error.ts';
import {
  configSchema,
  type ApiSection,
  type AttesterSection,
  type ChainConfig as ChainSection,
  type CoalitionConfig as CoalitionSection,
  type ConfigFile,
  type RelayerSection,
  type WatcherSection,
  type WorkerSection,
} from './config-schema.ts';
import { deepFreeze } from './deep-freeze.ts';
import { isLoopbackUrl } from './loopback.ts';
import { isKey, readSecret, Secret } from './secret.ts';
import { readYamlFile } from './yaml-file.ts';

export type Mode = 'development' | 'production';

/** Variables of the environment, all of them secrets; nothing else is read from there. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface ChainConfig extends ChainSection {
  readonly chainKey: ChainKey;
}

export interface CoalitionConfig extends CoalitionSection, CoalitionId {
  readonly attestationDomain: Domain;
  readonly registrationDomain: Domain;
}

export interface RedisConfig {
  readonly url: string;
  readonly password: Secret | undefined;
}

/** What every role knows; a worker not of coalition and chains. */
export interface CommonConfig {
  readonly mode: Mode;
  /** absolute; compiled circuits and keys */
  readonly home: string;
  readonly logLevel: ConfigFile['log']['level'];
  readonly coalition: CoalitionConfig;
  readonly chains: readonly ChainConfig[];
}

export interface ApiConfig extends CommonConfig {
  readonly redis: RedisConfig;
  readonly api: ApiSection;
  /** accepted bearer tokens; empty when `api.auth` is `none` */
  readonly tokens: readonly Secret[];
}

export interface WorkerConfig extends Pick<CommonConfig, 'mode' | 'home' | 'logLevel'> {
  readonly redis: RedisConfig;
  readonly worker: WorkerSection;
}

/** How a client of the API reaches it. */
export interface ApiClientConfig {
  readonly urls: readonly string[];
  readonly token: Secret | undefined;
}

export interface RelayerConfig extends CommonConfig {
  readonly redis: RedisConfig;
  readonly apiClient: ApiClientConfig;
  readonly relayer: RelayerSection;
  /** 32 bytes as 0x-hex */
  readonly key: Secret;
}

export interface AttesterConfig extends CommonConfig {
  readonly apiClient: ApiClientConfig;
  readonly attester: AttesterSection;
  /** 32 bytes as 0x-hex */
  readonly key: Secret;
}

/** What registers a validator: the attester's key, which the deposit stands for, and the account that deposits. */
export interface RegisterConfig extends Pick<CommonConfig, 'mode' | 'home' | 'coalition' | 'chains'> {
  /** the BabyJubJub secret: 32 bytes as 0x-hex */
  readonly key: Secret;
  /** of the depositing account: 32 bytes as 0x-hex; undefined when somebody else sends the transaction */
  readonly operatorKey: Secret | undefined;
}

export interface WatcherConfig extends CommonConfig {
  readonly redis: RedisConfig;
  readonly apiClient: ApiClientConfig;
  readonly watcher: WatcherSection;
}

/** Where compiled circuits and keys lie when no configuration names another place. */
export const DEFAULT_HOME = resolve(import.meta.dirname, '..', '.phalanx');

export const loadApiConfig = (file: string, environment?: Environment): ApiConfig =>
  load(file, environment, (reader) => {
    const api = reader.section('api');
    return {
      ...reader.common(),
      redis: reader.redis(),
      api,
      tokens: api.auth.kind === 'bearer' ? reader.tokens('api.auth.tokensFile', api.auth.tokensFile) : [],
    };
  });

export const loadWorkerConfig = (file: string, environment?: Environment): WorkerConfig =>
  load(file, environment, (reader) => {
    return { ...reader.base(), redis: reader.redis(), worker: reader.section('worker') };
  });

export const loadRelayerConfig = (file: string, environment?: Environment): RelayerConfig =>
  load(file, environment, (reader) => {
    const relayer = reader.section('relayer');
    const common = reader.common();
    for (const [i, id] of (relayer.destinations ?? []).entries()) {
      if (!common.chains.some((chain) => chain.id === id))
        reader.problem(`relayer.destinations[${i}]`, 'one of chains');
    }
    return {
      ...common,
      redis: reader.redis(),
      apiClient: reader.apiClient(),
      relayer,
      key: reader.key('relayer.keyFile', relayer.keyFile, 'PHALANX_RELAYER_KEY'),
    };
  });

export const loadAttesterConfig = (file: string, environment?: Environment): AttesterConfig =>
  load(file, environment, (reader) => {
    const attester = reader.section('attester');
    return {
      ...reader.common(),
      apiClient: reader.apiClient(),
      attester: { ...attester, recordFile: reader.path(attester.recordFile) },
      key: reader.key('attester.keyFile', attester.keyFile, 'PHALANX_ATTESTER_KEY'),
    };
  });

/** @param operator whether a key of the depositing account is needed, and a file with it (else PHALANX_OPERATOR_KEY) */
export const loadRegisterConfig = (
  file: string,
  operator: { readonly needed: boolean; readonly keyFile?: string | undefined },
  environment?: Environment,
): RegisterConfig =>
  load(file, environment, (reader) => {
    const { mode, home, coalition, chains } = reader.common();
    const keyFile = operator.keyFile === undefined ? undefined : resolve(operator.keyFile);
    return {
      mode,
      home,
      coalition,
      chains,
      key: reader.key('attester.keyFile', reader.section('attester').keyFile, 'PHALANX_ATTESTER_KEY'),
      operatorKey: operator.needed ? reader.key('--operator-key', keyFile, 'PHALANX_OPERATOR_KEY') : undefined,
    };
  });

export const loadWatcherConfig = (file: string, environment?: Environment): WatcherConfig =>
  load(file, environment, (reader) => ({
    ...reader.common(),
    redis: reader.redis(),
    apiClient: reader.apiClient(),
    watcher: reader.section('watcher'),
  }));

/**
 * @throws ConfigError with every problem of the file and of what the role needs
 */
function load<T extends object>(file: string, environment: Environment = process.env, build: (reader: Reader) => T): T {
  const reader = new Reader(file, readYamlFile(file, configSchema), environment);
  const built = build(reader);
  if (reader.problems.length > 0) throw new ConfigError(file, reader.problems);
  return deepFreeze(built);
}

/** Turns sections of the file into what one role needs; gathers what is wrong. */
class Reader {
  readonly problems: ConfigProblem[] = [];

  constructor(
    private readonly file: string,
    private readonly config: ConfigFile,
    private readonly environment: Environment,
  ) {}

  problem(path: string, bound: string): void {
    this.problems.push({ path, bound });
  }

  /** Relative paths start at the configuration file. */
  path(path: string): string {
    return resolve(dirname(this.file), path);
  }

  /** A section that the role cannot do without: its defaults serve when the file leaves it out and they suffice. */
  section<K extends 'api' | 'worker' | 'relayer' | 'attester' | 'watcher'>(name: K): NonNullable<ConfigFile[K]> {
    const present = this.config[name];
    if (present !== undefined) return present as NonNullable<ConfigFile[K]>;
    const defaults = configSchema.shape[name].unwrap().safeParse({});
    if (defaults.success) return defaults.data as NonNullable<ConfigFile[K]>;
    throw this.missing(name);
  }

  /** What does not hang on chains. */
  base(): Pick<CommonConfig, 'mode' | 'home' | 'logLevel'> {
    const { mode, home, log, chains } = this.config;
    const local = chains !== undefined && chains.every(({ rpcs }) => rpcs.every(isLoopbackUrl));
    return {
      mode: mode ?? (local ? 'development' : 'production'),
      home: home === undefined ? DEFAULT_HOME : this.path(home),
      logLevel: log.level,
    };
  }

  common(): CommonConfig {
    const { coalition, chains } = this.config;
    if (!coalition || !chains) throw this.missing(...(coalition ? [] : ['coalition']), ...(chains ? [] : ['chains']));
    const keyed = chains.map((chain) => ({ ...chain, chainKey: chainKey(chain.id, chain.genesisHash) }));
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
    };
  }

  redis(): RedisConfig {
    const { redis } = this.config;
    if (!redis) throw this.missing('redis');
    return {
      url: redis.url,
      password: this.secret('redis.passwordFile', redis.passwordFile, 'PHALANX_REDIS_PASSWORD'),
    };
  }

  apiClient(): ApiClientConfig {
    const { urls } = this.section('api');
    const token = this.environment['PHALANX_API_TOKEN'];
    return { urls, token: token ? new Secret(token) : undefined };
  }

  tokens(path: string, file: string | undefined): Secret[] {
    const lines = this.secret(path, file, 'PHALANX_API_TOKENS')?.reveal().split(/\s+/) ?? [];
    if (lines.length === 0) this.problem(path, 'a file of tokens, or PHALANX_API_TOKENS');
    if (lines.some((line) => line.length < 32)) this.problem(path, 'tokens of at least 32 characters');
    return lines.map((line) => new Secret(line));
  }

  key(path: string, file: string | undefined, variable: string): Secret {
    const secret = this.secret(path, file, variable);
    if (!secret) this.problem(path, `a file of mode 0600, or ${variable}`);
    else if (!isKey(secret)) this.problem(path, '32 bytes as 0x-hex');
    return secret ?? new Secret('');
  }

  private missing(...sections: string[]): ConfigError {
    return new ConfigError(this.file, [...this.problems, ...sections.map((path) => ({ path, bound: 'this section' }))]);
  }

  private secret(path: string, file: string | undefined, variable: string): Secret | undefined {
    try {
      return readSecret(this.environment[variable], file === undefined ? undefined : this.path(file));
    } catch (error) {
      this.problem(path, error instanceof Error ? error.message : 'a readable file');
      return new Secret(`0x${'00'.repeat(32)}`);
    }
  }
}

function hubOf(chains: readonly ChainConfig[], hub: ChainId): ChainConfig {
  const found = chains.find(({ id }) => id === hub);
  if (!found) throw new Error('unreachable: the schema has found the hub among the chains');
  return found;
}
