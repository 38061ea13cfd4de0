// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { ApiConfig } from '../runtime/config.ts';
import type { Logger } from '../runtime/log.ts';
import type { StatementEvents } from '../runtime/statement-events.ts';
import type { StatementStore } from '../runtime/statement-store.ts';
import type { Chains } from './chains/chains.ts';
import type { FollowedChains } from './chains/followed-chains.ts';
import type { BundleSettler } from './intake/bundle-settler.ts';
import type { AttestationIntake } from './intake/attestation-intake.ts';
import type { DuplicateVotes } from './intake/duplicate-votes.ts';
import type { EvidenceSets } from './intake/evidence-sets.ts';
import type { HeaderUpdates } from './intake/header-updates.ts';
import type { Outbox } from './intake/outbox.ts';
import type { QuorumConflictIntake } from './intake/quorum-conflict-intake.ts';
import type { ApiMetrics } from './operations/api-metrics.ts';
import type { CircuitKeys } from './statements/circuit-keys.ts';
import type { AttestationStore } from './store/attestation-store.ts';
import type { ConsensusStateStore } from './store/consensus-state-store.ts';
import type { DuplicateVoteStore } from './store/duplicate-vote-store.ts';
import type { HeaderUpdateStore } from './store/header-update-store.ts';
import type { SetStore } from './store/set-store.ts';

/** What routes are made of. */
export interface Services {
  readonly config: ApiConfig;
  readonly redis: Redis;
  readonly log: Logger;
  readonly registry: Registry;
  readonly metrics: ApiMetrics;
  readonly chains: Chains;
  readonly keys: CircuitKeys;
  readonly attestations: AttestationStore;
  readonly sets: SetStore;
  readonly statements: StatementStore;
  readonly events: StatementEvents;
  readonly outbox: Outbox;
  readonly intake: AttestationIntake;
  readonly quorumConflicts: QuorumConflictIntake;
  readonly evidenceSets: EvidenceSets;
  readonly followed: FollowedChains;
  readonly headerUpdates: HeaderUpdates;
  readonly headerUpdateStore: HeaderUpdateStore;
  readonly headerSettler: BundleSettler;
  readonly consensusStates: ConsensusStateStore;
  readonly duplicateVotes: DuplicateVotes;
  readonly duplicateVoteStore: DuplicateVoteStore;
  readonly duplicateVoteSettler: BundleSettler;
}
