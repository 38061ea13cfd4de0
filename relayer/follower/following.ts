// SPDX-License-Identifier: GPL-3.0-or-later
import { NANOSECONDS } from '../../protocol/cometbft/timestamp.ts';
import { PhalanxError } from '../../protocol/errors.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import { ApiProblemError } from '../api/errors.ts';
import type { AcceptedHeader } from '../api/schemas.ts';
import { Deferrals } from '../lib/deferrals.ts';
import type { CometBftSource, ShownHeader } from '../sources/cometbft/cometbft-source.ts';
import { SourceUnavailableError } from '../sources/errors.ts';
import { ContradictionError, NothingTrustedError } from './errors.ts';
import { EvidenceScan } from './evidence-scan.ts';
import type { FollowMetrics } from './follow-metrics.ts';
import { HeaderPost } from './header-post.ts';
import { Offences } from './offences.ts';
import { Unproved } from './unproved.ts';
import { Witnesses, type Dissent } from './witnesses.ts';

export interface FollowingOptions {
  readonly chain: FollowedChain;
  /** over all nodes */
  readonly source: CometBftSource;
  /** one for each node */
  readonly witnesses: readonly CometBftSource[];
  readonly api: ApiClient;
  readonly metrics: FollowMetrics;
  readonly log: Logger;
}

/** Blocks below the accepted header that are read for evidence again at a start: some may not have been handed over. */
const LOOK_BACK = 1_000n;
/** What needs an operator is said again after this long. */
const REMINDER_MS = 60_000;
/** What is tried again after a while, not at once. */
const POST = 'post';
const SCAN = 'scan';

/** What needs an operator. */
const ALARMS = {
  'trusted-state-expired':
    'the latest accepted header is past its trusting period and vouches for nothing: configure a new trusted state',
  misbehaviour:
    'the chain has two headers that contradict each other: its ledgers will freeze; following ends until a restart',
} as const;
type Alarm = keyof typeof ALARMS;

/**
 * Follows one chain. How far is the API's to say, so a round may end anywhere and another process may go on. The
 * newest header that is due is posted, whatever lies between. Evidence is read up to it first, so that none lies behind
 * where a restart begins; and only that far, as no node could forge it.
 */
export class Following {
  readonly #headers: HeaderPost;
  readonly #witnesses: Witnesses;
  readonly #offences: Offences;
  readonly #unproved: Unproved;
  readonly #deferrals = new Deferrals();
  #scan: EvidenceScan | undefined;
  /** highest accepted height that the nodes are compared at */
  #compared = -1n;
  #isCurrent = false;
  #alarm: Alarm | undefined;
  #remindAt = 0;

  constructor(private readonly options: FollowingOptions) {
    const { chain, source, witnesses, api, metrics, log } = options;
    this.#witnesses = new Witnesses(witnesses, (node, err) => {
      metrics.nodeFailures.inc({ chain: chain.id, node });
      log.info({ node, err }, 'a node cannot be compared with an accepted header yet');
    });
    this.#headers = new HeaderPost(chain.id, api, metrics, log, (height, blockHash, update) => {
      this.#unproved.add(update, height);
      this.#witnesses.add(height, blockHash);
      if (height > this.#compared) this.#compared = height;
    });
    this.#unproved = new Unproved(api, log);
    this.#offences = new Offences({
      chain: chain.id,
      chainId: chain.chainId,
      source,
      api,
      headers: this.#headers,
      metrics,
      log,
    });
  }

  /** Whether the last round went through and nothing needs an operator. */
  get isReady(): boolean {
    return this.#isCurrent && this.#alarm === undefined;
  }

  /** One turn. @throws the API's and the source's errors: it is tried again */
  async round(): Promise<void> {
    try {
      await this.#round();
      this.#isCurrent = !this.#deferrals.isDeferred(POST);
    } catch (error) {
      this.#isCurrent = false;
      if (!(error instanceof ContradictionError)) throw error;
      this.#raise('misbehaviour', error);
    }
  }

  async #round(): Promise<void> {
    const { chain, source, api, metrics, log } = this.options;
    const { latest, trusted } = await api.followedChain(chain.id);
    metrics.acceptedHeight.set({ chain: chain.id }, Number(latest.height));
    metrics.acceptedTime.set({ chain: chain.id }, Number(latest.time / NANOSECONDS));
    const end = latest.time + BigInt(chain.trustingPeriodSeconds) * NANOSECONDS;
    if (end <= BigInt(Date.now()) * 1_000_000n) {
      this.#raise('trusted-state-expired', { height: String(latest.height) });
      return;
    }
    if (this.#alarm === 'trusted-state-expired') this.#alarm = undefined;
    const heights = await source.heights();
    metrics.nodeHeight.set({ chain: chain.id }, Number(heights.latest[0]));
    const path = this.#deferrals.isDeferred(POST)
      ? []
      : await this.#withDeferral(POST, () => this.#nextPath(latest, heights.latest));
    const next = path.at(-1)?.block.signedHeader.header.height ?? latest.height;
    // No header is accepted that blocks up to the trusted start could hold evidence about.
    const first = latest.height - LOOK_BACK > trusted.height ? latest.height - LOOK_BACK : trusted.height;
    this.#scan ??= new EvidenceScan(source, first, log);
    await this.#readEvidence(this.#scan, next, heights.earliest);
    if (this.#alarm === 'misbehaviour') {
      await this.#offences.deliver();
      this.#raise(this.#alarm, {});
      return;
    }
    await this.#withDeferral(POST, () => this.#headers.send(path));
    if (path.length > 0) this.#deferrals.clear(POST);
    await this.#offences.deliver();
    await this.#compare(latest);
    await this.#unproved.check((height) => this.#headers.post(source, height));
  }

  /** What leads to the newest block that is due. Nobody has the block of a node that boasts: the next claim then. */
  async #nextPath(latest: AcceptedHeader, claims: readonly bigint[]): Promise<readonly ShownHeader[]> {
    const { chain, source, log } = this.options;
    const due = [...new Set(claims.map((height) => height - (height % chain.interval)))];
    const targets = due.filter((height) => height > latest.height);
    for (const [i, target] of targets.entries()) {
      try {
        return await source.path(latest, target);
      } catch (error) {
        if (!(error instanceof SourceUnavailableError) || i === targets.length - 1) throw error;
        log.warn({ height: String(target), err: error }, 'no node shows the newest block that one of them claims');
      }
    }
    return [];
  }

  /** A chain whose blocks cannot be read is followed all the same. */
  async #readEvidence(scan: EvidenceScan, height: bigint, earliest: bigint): Promise<void> {
    if (this.#deferrals.isDeferred(SCAN)) return;
    try {
      await this.#withDeferral(SCAN, () => scan.readTo(height, earliest, this.#offences));
      this.#deferrals.clear(SCAN);
    } catch (error) {
      if (!(error instanceof PhalanxError)) throw error;
      this.options.log.warn({ err: error }, 'blocks cannot be read for evidence now');
    }
  }

  async #compare({ height, blockHash, update }: AcceptedHeader): Promise<void> {
    // Where this process begins, or what another one has posted.
    if (height > this.#compared) {
      this.#compared = height;
      if (update) this.#unproved.add(update, height);
      this.#witnesses.add(height, blockHash);
    }
    for (const dissent of await this.#witnesses.compare()) await this.#show(dissent);
  }

  /** Whether the node's block can be shown to a ledger, or only that the node lies. */
  async #show(dissent: Dissent): Promise<void> {
    const { chain, metrics, log } = this.options;
    const { node, source, block } = dissent;
    const { height } = block.signedHeader.header;
    metrics.dissent.inc({ chain: chain.id });
    try {
      await this.#headers.post(source, height);
    } catch (error) {
      this.#witnesses.defer(dissent);
      const refused = error instanceof ApiProblemError && !error.retryable;
      const unshown = error instanceof SourceUnavailableError || error instanceof NothingTrustedError;
      if (!refused && !unshown) throw error;
      const fields = { node, height: String(height), blockHash: block.blockHash, err: error };
      log.error(fields, 'a node has another block than the accepted one, and nothing shows it');
    }
  }

  /** Try what failed again after a while, not at once. */
  async #withDeferral<T>(what: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      this.#deferrals.defer(what);
      throw error;
    }
  }

  /** Say what needs an operator, at once and then from time to time. */
  #raise(alarm: Alarm, about: object): void {
    const { chain, metrics, log } = this.options;
    if (this.#alarm !== alarm) metrics.criticalError.inc({ chain: chain.id, kind: alarm });
    else if (Date.now() < this.#remindAt) return;
    this.#alarm = alarm;
    this.#remindAt = Date.now() + REMINDER_MS;
    log.fatal(about instanceof Error ? { err: about } : about, ALARMS[alarm]);
  }
}
