// SPDX-License-Identifier: GPL-3.0-or-later
import { resolve } from 'node:path';
import type { ChainKey } from '../protocol/chain.ts';
import type { CoalitionId, Domain } from '../protocol/domain.ts';
import type { ChainConfig as ChainSection, CoalitionConfig as CoalitionSection, ConfigFile } from './config-schema.ts';
import type { FollowedChain } from './followed-chain.ts';
import type { Secret } from './secret.ts';

export type Mode = 'development' | 'production';

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
  readonly cometbft: readonly FollowedChain[];
}

/** How a client of the API reaches it. */
export interface ApiClientConfig {
  readonly urls: readonly string[];
  readonly token: Secret | undefined;
}

/** Where compiled circuits and keys lie when no configuration names another place. */
export const DEFAULT_HOME = resolve(import.meta.dirname, '..', '.phalanx');
