// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { findInstalledKey } from '../circuits/keys/find-installed-key.ts';
import { PhalanxError } from '../protocol/errors.ts';
import type { ApiConfig } from '../runtime/config.ts';
import { FlowWorker } from '../runtime/flow-worker.ts';
import { KeyHolder, type FindHeldKey } from '../runtime/key-exchange/key-holder.ts';
import { createLogger, type Logger } from '../runtime/log.ts';
import { isLoopbackUrl } from '../runtime/loopback.ts';
import { createMetrics } from '../runtime/metrics.ts';
import { connectProducer, connectWorker } from '../runtime/redis.ts';
import type { Running } from '../runtime/shutdown.ts';
import { StatementEvents } from '../runtime/statement-events.ts';
import { StatementFlow } from '../runtime/statement-flow.ts';
import { StatementStore } from '../runtime/statement-store.ts';
import { Chains } from './chains/chains.ts';
import { FollowedChains } from './chains/followed-chains.ts';
import { authentication } from './http/authentication.ts';
import { createApp } from './http/create-app.ts';
import { httpMetrics } from './http/http-metrics.ts';
import { RateLimiter } from './http/rate-limit.ts';
import { AttestationIntake } from './intake/attestation-intake.ts';
import { ConflictFinder } from './intake/conflict-finder.ts';
import { DuplicateVotes } from './intake/duplicate-votes.ts';
import { EvidenceSets } from './intake/evidence-sets.ts';
import { BundleSettler } from './intake/bundle-settler.ts';
import { HeaderUpdates } from './intake/header-updates.ts';
import { Outbox } from './intake/outbox.ts';
import { QuorumConflictIntake } from './intake/quorum-conflict-intake.ts';
import { Reconciler } from './intake/reconciler.ts';
import { apiMetrics } from './operations/api-metrics.ts';
import { allRoutes } from './routes/all-routes.ts';
import type { Services } from './services.ts';
import { CircuitKeys } from './statements/circuit-keys.ts';
import { AttestationStore } from './store/attestation-store.ts';
import { ConsensusStateStore } from './store/consensus-state-store.ts';
import { duplicateVoteStore as openDuplicateVotes } from './store/duplicate-vote-store.ts';
import { headerUpdateStore as openHeaderUpdates } from './store/header-update-store.ts';
import { QuorumConflictStore } from './store/quorum-conflict-store.ts';
import { SetStore } from './store/set-store.ts';

/** The service would answer strangers without asking who they are. */
export class OpenInterfaceError extends PhalanxError {
  readonly code = 'OPEN_INTERFACE';
  readonly retryable = false;
}

export interface RunningApi extends Running {
  /** e.g. `http://127.0.0.1:8787` */
  readonly url: string;
}

/** Requests under way have this long to end when the service stops. */
const DRAIN_MS = 5_000;

/**
 * Start the verification API.
 * @throws OpenInterfaceError for another interface than loopback without tokens; DevelopmentKeyError in production
 *   mode;
 *         RedisUnavailableError, RedisSettingsError
 */
export async function startApi(
  config: ApiConfig,
  log: Logger = createLogger('api', config.logLevel),
): Promise<RunningApi> {
  const { api, coalition, tokens } = config;
  const host = api.host.includes(':') ? `[${api.host}]` : api.host;
  if (tokens.length === 0 && !isLoopbackUrl(`http://${host}`)) {
    throw new OpenInterfaceError(`will not listen on ${api.host} without authentication: configure api.auth`, {
      host: api.host,
    });
  }
  const keys = new CircuitKeys(config.home, config.mode);
  await keys.check();

  const redis = await connectProducer(config.redis);
  const statements = new StatementStore(redis);
  const events = await StatementEvents.open(redis, statements);
  // Workers on machines without keys take them from here.
  const findKey: FindHeldKey = ({ circuit, keyHash }) => findInstalledKey(circuit, keyHash, [config.home]);
  const keyHolder = await KeyHolder.open(redis, findKey, log);
  const chains = new Chains(config);
  const sets = new SetStore(redis);
  const slashableSeconds = coalition.trustingPeriodSeconds + coalition.evidenceWindowSeconds;
  // A set's votes can be slashed for as long as it is trusted and the evidence window after that.
  const attestations = new AttestationStore(redis, {
    share: coalition.share,
    evidenceWindowSeconds: slashableSeconds,
    mostVotesPerKey: config.api.mostVotesPerKey,
  });
  const domain = coalition.attestationDomain;
  const { share, trustingPeriodSeconds } = coalition;
  const outbox = new Outbox({ redis, attestations, sets, statements, keys, domain, share, trustingPeriodSeconds });
  const intervals = new Map(config.chains.map(({ chainKey, interval }) => [chainKey, interval]));
  const intake = new AttestationIntake({ attestations, sets, outbox, domain, intervals, trustingPeriodSeconds, log });
  const conflicts = new QuorumConflictStore(redis);
  const quorumConflicts = new QuorumConflictIntake({ conflicts, sets, keys, domain });
  const evidenceSets = new EvidenceSets({ statements, conflicts, sets, slashableSeconds });
  const followed = new FollowedChains(config.cometbft, chains);
  const flow = new StatementFlow(redis);
  const headerUpdateStore = openHeaderUpdates(redis);
  const consensusStates = new ConsensusStateStore(redis);
  const headerSettler = new BundleSettler('header update', { bundles: headerUpdateStore, statements, flow, log });
  const headerUpdates = new HeaderUpdates({
    updates: headerUpdateStore,
    settler: headerSettler,
    states: consensusStates,
    keys,
    log,
  });
  const duplicateVoteStore = openDuplicateVotes(redis);
  const duplicateVoteSettler = new BundleSettler('duplicate vote', {
    bundles: duplicateVoteStore,
    statements,
    flow,
    log,
  });
  const duplicateVotes = new DuplicateVotes({
    offences: duplicateVoteStore,
    settler: duplicateVoteSettler,
    states: consensusStates,
    keys,
    log,
  });
  const settlers = [headerSettler, duplicateVoteSettler];
  const registry = createMetrics('api');
  const metrics = apiMetrics(registry, {
    statements,
    outbox,
    headerUpdates: headerUpdateStore,
    duplicateVotes: duplicateVoteStore,
  });
  const reconciler = new Reconciler({
    outbox,
    settlers,
    statements,
    sets,
    conflicts: new ConflictFinder({ statements, attestations, quorumConflicts, log }),
    trustingPeriodSeconds,
    ledgerSeconds: () => chains.earliestSeconds(),
    metrics,
    log,
    retentionMs: slashableSeconds * 1_000,
    evidenceWindowMs: coalition.evidenceWindowSeconds * 1_000,
    prune: async (retentionMs) => {
      await headerUpdateStore.prune(retentionMs);
      await duplicateVoteStore.prune(retentionMs);
      for (const chain of followed.all) await consensusStates.prune(chain, Date.now(), retentionMs);
    },
  });

  const services: Services = {
    config, redis, log, registry, metrics, chains, keys, attestations, sets, statements, events, outbox, intake, quorumConflicts, evidenceSets,
    followed, consensusStates, headerUpdates, headerUpdateStore, headerSettler, duplicateVotes, duplicateVoteStore,
    duplicateVoteSettler,
  }; // prettier-ignore
  const underWay = new Set<AbortController>();
  const app = createApp({
    routes: allRoutes(services),
    log,
    metrics: httpMetrics(registry),
    authenticate: authentication(tokens),
    rateLimiter: new RateLimiter(redis, api.rateLimit),
    bodyLimitBytes: api.bodyLimitBytes,
    underWay,
  });
  const server = createServer(app);
  const patient = await connectWorker(config.redis);
  const ended = async (): Promise<void> => {
    // Also of other flows: a shard that two bundles want has one of them for its parent.
    const failures = await Promise.all(settlers.map((settler) => settler.settleAll()));
    const [failure] = failures.flat();
    if (failure) throw failure.error;
  };
  const flowWorker = new FlowWorker(patient, ended, log);
  const release = async (): Promise<void> => {
    await flowWorker.close();
    await flow.close();
    patient.disconnect();
    await events.close();
    await keyHolder.close();
    await reconciler.stop();
    await statements.close();
    redis.disconnect();
  };
  await reconciler.start();
  try {
    await listen(server, api.host, api.port);
  } catch (error) {
    await release();
    throw error;
  }
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  log.info({ url, mode: config.mode }, 'listening');
  return {
    url,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Event streams end here; their readers come back with Last-Event-ID, to another process.
      for (const request of underWay) request.abort();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
      server.closeAllConnections();
      await release();
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
}
