// SPDX-License-Identifier: GPL-3.0-or-later
import type { AttesterConfig } from '../runtime/config.ts';
import { createLogger, type Logger } from '../runtime/log.ts';
import { createMetrics, serveMetrics } from '../runtime/metrics.ts';
import type { Running } from '../runtime/shutdown.ts';
import { ApiClient } from './api/api-client.ts';
import { AttestMetrics } from './attester/attest-metrics.ts';
import { Attesting } from './attester/attesting.ts';
import { RecordMissingError } from './attester/errors.ts';
import { followedLedger } from './attester/followed-ledger.ts';
import { Postbox } from './attester/postbox.ts';
import { SlashingRecord } from './attester/slashing-record.ts';
import { SourceQuorum } from './attester/source-quorum.ts';
import { TrustedSets } from './attester/trusted-sets.ts';
import { attesterKey, Voter } from './attester/voter.ts';
import { Hub } from './lib/hub.ts';
import { repeat } from './lib/repeat.ts';
import { ownSource, refuseMismatch } from './sources/own-source.ts';

/**
 * Vote for every source chain, until stopped.
 * @throws RecordMissingError when a registered key has no slashing-protection record, RecordError when it is damaged,
 *   RecordLockedError when another process votes with it, SourceMismatchError when a node serves another chain
 */
export async function startAttester(
  config: AttesterConfig,
  log: Logger = createLogger('attester', config.logLevel),
): Promise<Running> {
  const registry = createMetrics('attester');
  const metrics = new AttestMetrics(registry);
  const hub = hubOf(config);
  const sources = config.chains.map((chain) => {
    const onDissent = (nodes: number): void => metrics.dissent.inc({ chain: chain.id }, nodes);
    return { chain, source: ownSource(chain, log, onDissent) };
  });
  await Promise.all(sources.map(({ source }) => refuseMismatch(source)));

  const record = await openRecord(config, hub);
  const api = new ApiClient(config.apiClient);
  const { attestationDomain: domain, share } = config.coalition;
  const sets = new TrustedSets(api, hub);
  const quorums = new SourceQuorum({ domain, share }, sets);
  const voter = new Voter(config.key, domain, record);
  const postbox = new Postbox(api.urls, log, () => metrics.accepted.inc());
  log.info({ keyX: String(voter.key.x), keyY: String(voter.key.y) }, 'attesting');

  const { pollMs } = config.attester;
  const loops = sources.map(({ chain, source }) => {
    const chainLog = log.child({ chain: chain.id });
    const ledgers = config.chains.filter(({ id }) => id !== chain.id).map(followedLedger);
    const { interval } = chain;
    const attesting = new Attesting({
      source, interval, ledgers, domain, api, sets, quorums, voter, postbox, metrics, log: chainLog,
    }); // prettier-ignore
    return repeat(
      () => attesting.round(),
      pollMs,
      (err) => chainLog.warn({ err }, 'round failed; it is tried again'),
    );
  });
  loops.push(
    repeat(
      () => postbox.deliver(),
      pollMs,
      (err) => log.error({ err }, 'posting failed; it is tried again'),
    ),
  );
  const server = config.attester.metrics
    ? await serveMetrics(registry, config.attester.metrics, () => postbox.isEmpty)
    : undefined;
  return {
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
      await server?.close();
      record.close();
    },
  };
}

/**
 * `phalanx attest --init-record`: begin the record of a key whose earlier votes, if any, the operator vouches for.
 * @throws RecordError when there is a record
 */
export function initialiseRecord(config: AttesterConfig): void {
  SlashingRecord.initialise(config.attester.recordFile, attesterKey(config.key));
}

async function openRecord(config: AttesterConfig, hub: Hub): Promise<SlashingRecord> {
  const path = config.attester.recordFile;
  const key = attesterKey(config.key);
  if (!SlashingRecord.exists(path)) {
    if (await hub.isKeyKnown(key)) {
      throw new RecordMissingError(
        `the key is registered, and there is no slashing-protection record at ${path}: put the record there, or, if the ` +
          'key has certainly never voted in this coalition, run phalanx attest --init-record',
        { path },
      );
    }
    // A key that the hub has never seen stands in no set: nothing that it signed counts.
    SlashingRecord.initialise(path, key);
  }
  return SlashingRecord.open(path, key);
}

function hubOf({ chains, coalition }: AttesterConfig): Hub {
  const chain = chains.find(({ id }) => id === coalition.hub);
  if (!chain) throw new Error('unreachable: the configuration names its hub among the chains');
  return new Hub(chain.rpcs, chain.rpcQuorum, coalition.hubCoalition);
}
