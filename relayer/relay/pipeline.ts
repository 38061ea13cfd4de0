// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import { ApiProblemError } from '../api/errors.ts';
import type { Destination, DestinationCall, Precheck, Settlement } from '../destinations/destination.ts';
import { DestinationMismatchError, HeadBehindError, ReorgError } from '../destinations/errors.ts';
import { FeeTooHighError } from '../tx/errors.ts';
import { Backlog } from './backlog.ts';
import { Deferrals } from '../lib/deferrals.ts';
import { dueItems } from './due-items.ts';
import { haltChain, haltOf } from './halt.ts';
import { callOf, lacksHeader, type ItemCall, type RelayItem } from './relay-item.ts';
import type { RelayMetrics } from './relay-metrics.ts';

export interface PipelineOptions {
  readonly sealEpochs: boolean;
  /** warn when the paying account holds less, in the chain's smallest unit */
  readonly lowBalance: bigint;
  /** transactions under way at once */
  readonly maxInFlight?: number;
}

/** Rotations, sealings and the balance change slowly; they are looked at this often. */
const SLOW_MS = 5_000;
/** A round ends after this long, however much is left. */
const ROUND_MS = 2_000;
/** Wait after contracts or chain turned out not to be ours. */
const MISMATCH_MS = 60_000;
const ROTATION = 'rotate:';
/** Before an item's id, the effect of a header on the way to it. */
const ON_THE_WAY = 'on-the-way:';

/** Everything that goes to one destination. One stuck chain keeps no other waiting: each has a pipeline of its own. */
export class Pipeline {
  private readonly backlog: Backlog;
  private readonly deferrals = new Deferrals();
  private state: 'unchecked' | 'ready' | 'halted' = 'unchecked';
  private slowAt = 0;
  private checkAt = 0;

  constructor(
    private readonly destination: Destination,
    private readonly api: ApiClient,
    private readonly redis: Redis,
    private readonly metrics: RelayMetrics,
    private readonly log: Logger,
    private readonly options: PipelineOptions,
  ) {
    this.backlog = new Backlog(redis, destination.id);
  }

  get isReady(): boolean {
    return this.state === 'ready';
  }

  /**
   * Check the chain and its contracts.
   * @throws DestinationMismatchError, and whatever its nodes or the API fail with
   */
  async check(): Promise<void> {
    await this.destination.check(await this.api.circuitKeys());
  }

  /** One round: see what became of what was sent, then send what is due. */
  async round(): Promise<void> {
    const chain = this.destination.id;
    const halt = await haltOf(this.redis, chain);
    this.metrics.halted.set({ chain }, halt ? 1 : 0);
    await this.measureBacklog();
    if (halt) {
      if (this.state !== 'halted')
        this.log.error({ halt }, `relaying stopped; look at the chain, then: phalanx relay --resume ${chain}`);
      this.state = 'halted';
      return;
    }
    if (Date.now() < this.checkAt) return;
    try {
      await this.prepare();
      await this.destination.advance((settlement) => this.settle(settlement));
      await this.fill();
    } catch (error) {
      await this.onError(error);
    }
  }

  private async prepare(): Promise<void> {
    if (this.state === 'ready') return;
    await this.check();
    await this.destination.recover();
    this.state = 'ready';
    this.log.info('relaying');
  }

  private async onError(error: unknown): Promise<void> {
    const chain = this.destination.id;
    if (error instanceof ReorgError) {
      this.metrics.criticalError.inc({ chain, kind: 'reorg' });
      this.log.fatal({ err: error }, 'reorg below the confirmation depth: relaying to this chain stops');
      await haltChain(this.redis, chain, `${error.message} ${JSON.stringify(error.meta)}`);
      return;
    }
    if (error instanceof DestinationMismatchError) {
      this.metrics.criticalError.inc({ chain, kind: 'mismatch' });
      this.checkAt = Date.now() + MISMATCH_MS;
      this.log.fatal({ err: error }, 'this is not the chain or not the contracts that we relay to');
      return;
    }
    if (error instanceof HeadBehindError) this.log.warn({ err: error }, 'waiting for the node');
    else this.log.error({ err: error }, 'round failed; it is tried again');
  }

  private async settle({ effect, outcome, transaction, gasUsed, seconds }: Settlement): Promise<void> {
    const chain = this.destination.id;
    this.metrics.transactions.inc({ chain, outcome });
    if (gasUsed !== undefined) this.metrics.gasUsed.inc({ chain }, Number(gasUsed));
    if (outcome === 'success') this.metrics.confirmedSeconds.observe({ chain }, seconds);
    this.log.info(
      { effect, outcome, tx: transaction, gas: gasUsed === undefined ? undefined : String(gasUsed) },
      'settled',
    );
    const id = itemIdOf(effect);
    if (outcome === 'reverted') this.deferrals.defer(id);
    if (outcome !== 'success') return;
    const item = await this.backlog.get(id);
    // It may have been the turn of a header on the way to it: the next round sees what is left.
    const mayBeLeft = effect.startsWith(ON_THE_WAY) || item?.neededBy !== undefined;
    // What was refused for want of a newer set or of a header may pass now.
    if (effect.startsWith(ROTATION) || mayBeLeft) this.deferrals.makeDue();
    if (item && !mayBeLeft) await this.backlog.done(item);
  }

  private async fill(): Promise<void> {
    const pending = await this.destination.pending();
    if (Date.now() - this.slowAt >= SLOW_MS) {
      this.slowAt = Date.now();
      await this.measureBalance();
      await this.rotateAndSeal(pending);
    }
    const lanes = new Set<string>();
    let free = (this.options.maxInFlight ?? 16) - pending.size;
    for (const effect of pending) {
      const item = await this.backlog.get(itemIdOf(effect));
      if (item) lanes.add(item.lane);
    }
    // What came meanwhile goes before a long backlog of things that need no transaction.
    const end = Date.now() + ROUND_MS;
    for await (const item of dueItems(this.backlog.items(), this.deferrals)) {
      if (free <= 0 || Date.now() > end) return;
      if (lanes.has(item.lane)) continue;
      if (await this.tryToRelay(item)) {
        lanes.add(item.lane);
        free -= 1;
      }
    }
  }

  /**
   * Whether the item or the node is at fault is not known: the round ends, and the next one begins with another item.
   */
  private async tryToRelay(item: RelayItem): Promise<boolean> {
    try {
      return await this.relay(item);
    } catch (error) {
      this.deferrals.defer(item.id);
      throw error;
    }
  }

  /** @returns whether a transaction is under way for it now */
  private async relay(item: RelayItem): Promise<boolean> {
    if (item.neededBy !== undefined && !(await this.isNeeded(item, item.neededBy))) return false;
    const found = await this.callFor(item);
    if (!found) return false;
    const { call, onTheWay } = found;
    const verdict = await this.destination.precheck(call, onTheWay || item.neededBy !== undefined);
    if (verdict.state === 'done') {
      // Another relayer was faster on the way, which says nothing of the item.
      if (onTheWay) this.deferrals.defer(item.id);
      else await this.finish(item, verdict.outcome);
      return false;
    }
    if (verdict.state === 'refused') {
      await this.refuse(item, verdict);
      return false;
    }
    if (verdict.outcome === 'conflict' || verdict.outcome === 'misbehaviour') {
      this.metrics.criticalError.inc({ chain: this.destination.id, kind: verdict.outcome });
      this.log.fatal({ item: item.id }, 'what is proved contradicts what the ledger holds: it will freeze the chain');
    }
    return this.submit(onTheWay ? ON_THE_WAY + item.id : item.id, call, item.provedAtMs);
  }

  /** @param id of another item that it depends on @returns undefined where there is none: the item waits or ends */
  private async callFor(item: RelayItem, id = item.id): Promise<ItemCall | undefined> {
    try {
      return await callOf(this.api, { id }, this.destination.id);
    } catch (error) {
      if (!(error instanceof ApiProblemError)) throw error;
      if (error.retryable || (error.status !== 404 && error.problem !== 'NOT_DELIVERABLE')) {
        this.deferrals.defer(item.id);
        this.log.warn({ item: item.id, err: error }, 'no calldata yet');
      } else {
        await this.finish(item, 'not deliverable');
      }
      return undefined;
    }
  }

  /** Whether a header is what its vote lacks now; if not it waits with the vote, or ends with it. */
  private async isNeeded(item: RelayItem, vote: string): Promise<boolean> {
    const found = await this.callFor(item, vote);
    if (!found) return false;
    const verdict = await this.destination.precheck(found.call);
    if (lacksHeader(verdict)) return true;
    if (verdict.state === 'refused') await this.refuse(item, verdict);
    else await this.finish(item, 'not needed');
    return false;
  }

  private async refuse(item: RelayItem, { reason, permanent }: Extract<Precheck, { state: 'refused' }>): Promise<void> {
    if (permanent) {
      this.log.warn({ item: item.id, reason }, 'refused for good');
      await this.finish(item, reason);
    } else {
      this.log.info({ item: item.id, reason, retryMs: this.deferrals.defer(item.id) }, 'refused for now');
    }
  }

  private async finish(item: RelayItem, outcome: string): Promise<void> {
    this.metrics.settledWithoutTx.inc({ chain: this.destination.id, outcome });
    this.log.info({ item: item.id, outcome }, 'nothing to send');
    this.deferrals.clear(item.id);
    await this.backlog.done(item);
  }

  private async submit(effect: string, call: DestinationCall, sinceMs?: number): Promise<boolean> {
    try {
      await this.destination.submit(effect, call);
    } catch (error) {
      if (!(error instanceof FeeTooHighError)) throw error;
      this.log.warn({ effect, err: error }, 'too dear now');
      this.deferrals.defer(itemIdOf(effect));
      return false;
    }
    this.deferrals.clear(itemIdOf(effect));
    if (sinceMs !== undefined) {
      this.metrics.submittedSeconds.observe({ chain: this.destination.id }, (Date.now() - sinceMs) / 1_000);
    }
    return true;
  }

  /** Sets first: what a rotation lets in could not be relayed before it. */
  private async rotateAndSeal(pending: ReadonlySet<string>): Promise<void> {
    const due: { effect: string; call: DestinationCall }[] = [];
    try {
      const rotation = await this.api.rotation(this.destination.id);
      if (rotation) due.push({ effect: `${ROTATION}${rotation.epoch}`, call: rotation.call });
    } catch (error) {
      this.log.warn({ err: error }, 'no answer about rotations');
    }
    const sealing = this.options.sealEpochs ? await this.destination.sealingDue() : undefined;
    if (sealing) due.push(sealing);
    for (const { effect, call } of due) {
      if (pending.has(effect) || this.deferrals.isDeferred(effect)) continue;
      const verdict = await this.destination.precheck(call);
      if (verdict.state === 'needed') await this.submit(effect, call);
      else this.log.info({ effect, verdict, retryMs: this.deferrals.defer(effect) }, 'not now');
    }
  }

  private async measureBacklog(): Promise<void> {
    const chain = this.destination.id;
    this.metrics.backlogSize.set({ chain }, await this.backlog.size());
    this.metrics.backlogOldestHeight.set({ chain }, Number((await this.backlog.oldest())?.height ?? 0));
  }

  private async measureBalance(): Promise<void> {
    const balance = await this.destination.balance();
    this.metrics.walletBalance.set({ chain: this.destination.id }, Number(balance) / 1e18);
    if (balance < this.options.lowBalance) {
      this.log.warn({ balance: String(balance), low: String(this.options.lowBalance) }, 'the paying account runs low');
    }
  }
}

/** @returns of an effect that belongs to no item, the effect */
function itemIdOf(effect: string): string {
  return effect.startsWith(ON_THE_WAY) ? effect.slice(ON_THE_WAY.length) : effect;
}
