// SPDX-License-Identifier: GPL-3.0-or-later
import type {
  ApiSection,
  AttesterSection,
  FollowerSection,
  RelayerSection,
  WatcherSection,
  WorkerSection,
} from './config-schema.ts';
import type { ApiClientConfig, CommonConfig, RedisConfig } from './common-config.ts';
import { API_TOKENS, loadFor, REDIS_PASSWORD } from './config-reader.ts';
import type { Environment, NeededSecret } from './needed-secrets.ts';
import type { Secret } from './secret.ts';
import { valueAt } from './yaml-file.ts';

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

/** What binds consensus keys of followed chains to an operator. */
export interface BindConfig extends Pick<CommonConfig, 'mode' | 'home' | 'coalition' | 'chains' | 'cometbft'> {
  /** of the operator's account: 32 bytes as 0x-hex; undefined when somebody else sends the transaction */
  readonly operatorKey: Secret | undefined;
}

/** What reports evidence to the API. */
export interface EvidenceConfig extends Pick<CommonConfig, 'cometbft'> {
  readonly apiClient: ApiClientConfig;
}

export interface WatcherConfig extends CommonConfig {
  readonly redis: RedisConfig;
  readonly apiClient: ApiClientConfig;
  readonly watcher: WatcherSection;
}

/** It holds no key and knows neither Redis nor the chains that it is followed for. */
export interface FollowerConfig extends Pick<CommonConfig, 'mode' | 'home' | 'logLevel' | 'cometbft'> {
  readonly apiClient: ApiClientConfig;
  readonly follower: FollowerSection;
}

const RELAYER_KEY: NeededSecret = { path: 'relayer.keyFile', variable: 'PHALANX_RELAYER_KEY', form: 'key' };
const ATTESTER_KEY: NeededSecret = { path: 'attester.keyFile', variable: 'PHALANX_ATTESTER_KEY', form: 'key' };
const OPERATOR_KEY: NeededSecret = { path: '--operator-key', variable: 'PHALANX_OPERATOR_KEY', form: 'key' };

export const loadApiConfig = (file: string, environment?: Environment): ApiConfig =>
  loadFor(
    file,
    environment,
    (raw) => ({
      sections: ['coalition', 'chains', 'redis', 'api'],
      secrets: [REDIS_PASSWORD, ...(valueAt(raw, 'api.auth.kind') === 'bearer' ? [API_TOKENS] : [])],
    }),
    (reader) => ({
      ...reader.common(),
      redis: reader.redis(),
      api: reader.section('api'),
      tokens: reader.tokens(),
    }),
  );

export const loadWorkerConfig = (file: string, environment?: Environment): WorkerConfig =>
  loadFor(
    file,
    environment,
    () => ({ sections: ['redis', 'worker'], secrets: [REDIS_PASSWORD] }),
    (reader) => ({ ...reader.base(), redis: reader.redis(), worker: reader.section('worker') }),
  );

export const loadRelayerConfig = (file: string, environment?: Environment): RelayerConfig =>
  loadFor(
    file,
    environment,
    () => ({
      sections: ['coalition', 'chains', 'redis', 'api', 'relayer'],
      secrets: [REDIS_PASSWORD, RELAYER_KEY],
    }),
    (reader) => ({
      ...reader.common(),
      redis: reader.redis(),
      apiClient: reader.apiClient(),
      relayer: reader.section('relayer'),
      key: reader.secret(RELAYER_KEY),
    }),
  );

export const loadAttesterConfig = (file: string, environment?: Environment): AttesterConfig =>
  loadFor(
    file,
    environment,
    () => ({ sections: ['coalition', 'chains', 'api', 'attester'], secrets: [ATTESTER_KEY] }),
    (reader) => {
      const attester = reader.section('attester');
      return {
        ...reader.common(),
        apiClient: reader.apiClient(),
        attester: { ...attester, recordFile: reader.path(attester.recordFile) },
        key: reader.secret(ATTESTER_KEY),
      };
    },
  );

/** Whether a key of the operator's account is needed, and a file with it (else PHALANX_OPERATOR_KEY). */
export interface OperatorKeySource {
  readonly needed: boolean;
  readonly keyFile?: string | undefined;
}

/** The operator's key as it is named, where it is needed. */
const operatorSecrets = ({ needed, keyFile }: OperatorKeySource): NeededSecret[] =>
  needed ? [keyFile === undefined ? OPERATOR_KEY : { ...OPERATOR_KEY, file: keyFile }] : [];

export const loadRegisterConfig = (
  file: string,
  operator: OperatorKeySource,
  environment?: Environment,
): RegisterConfig =>
  loadFor(
    file,
    environment,
    () => ({
      sections: ['coalition', 'chains', 'attester'],
      secrets: [ATTESTER_KEY, ...operatorSecrets(operator)],
    }),
    (reader) => {
      const { mode, home, coalition, chains } = reader.common();
      return {
        mode,
        home,
        coalition,
        chains,
        key: reader.secret(ATTESTER_KEY),
        operatorKey: operator.needed ? reader.secret(OPERATOR_KEY) : undefined,
      };
    },
  );

export const loadBindConfig = (file: string, operator: OperatorKeySource, environment?: Environment): BindConfig =>
  loadFor(
    file,
    environment,
    () => ({ sections: ['coalition', 'chains'], secrets: operatorSecrets(operator) }),
    (reader) => {
      const { mode, home, coalition, chains, cometbft } = reader.common();
      const operatorKey = operator.needed ? reader.secret(OPERATOR_KEY) : undefined;
      return { mode, home, coalition, chains, cometbft, operatorKey };
    },
  );

export const loadEvidenceConfig = (file: string, environment?: Environment): EvidenceConfig =>
  loadFor(
    file,
    environment,
    () => ({ sections: ['coalition', 'chains', 'api'], secrets: [] }),
    (reader) => ({ cometbft: reader.common().cometbft, apiClient: reader.apiClient() }),
  );

export const loadWatcherConfig = (file: string, environment?: Environment): WatcherConfig =>
  loadFor(
    file,
    environment,
    () => ({ sections: ['coalition', 'chains', 'redis', 'api', 'watcher'], secrets: [REDIS_PASSWORD] }),
    (reader) => ({
      ...reader.common(),
      redis: reader.redis(),
      apiClient: reader.apiClient(),
      watcher: reader.section('watcher'),
    }),
  );

export const loadFollowerConfig = (file: string, environment?: Environment): FollowerConfig =>
  loadFor(
    file,
    environment,
    () => ({ sections: ['api', 'follower'], secrets: [] }),
    (reader) => ({
      ...reader.base(),
      cometbft: reader.followed(),
      apiClient: reader.apiClient(),
      follower: reader.section('follower'),
    }),
  );
