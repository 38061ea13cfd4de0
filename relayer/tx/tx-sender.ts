// SPDX-License-Identifier: GPL-3.0-or-later
import { BaseError, keccak256, type PrivateKeyAccount, type TransactionReceipt } from 'viem';
import type { Logger } from '../../runtime/log.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { EvmClient } from '../lib/evm-client.ts';
import { FeeTooHighError, GasTooHighError } from './errors.ts';
import { initialFees, replacementFees, type Fees } from './fees.ts';
import { isKnown, receiptOf } from './lookup.ts';
import { lastAttempt, type TxAttempt, type TxOutcome, type TxRecord } from './tx-record.ts';
import type { TxStore } from './tx-store.ts';

export interface TxSenderOptions {
  readonly client: EvmClient;
  readonly account: PrivateKeyAccount;
  readonly store: TxStore;
  readonly log: Logger;
  readonly evmChainId: number;
  /** blocks on top of a transaction's own before its end is final */
  readonly confirmations: number;
  /** a transaction that could have been included for this long is replaced by one that pays more */
  readonly stuckAfterMs: number;
  /** wei per gas, never exceeded */
  readonly maxFeePerGas: bigint;
  readonly now?: () => number;
}

export interface Call {
  readonly to: Hex;
  readonly data: Hex;
}

/** What a call would be sent with. */
export interface TxPlan extends Fees {
  readonly gas: bigint;
}

/** The end of a transaction, confirmed to the required depth. */
export interface Settled {
  readonly record: TxRecord;
  readonly outcome: TxOutcome;
}

/** Gas estimate times this: state may change between estimate and inclusion. */
const GAS_MARGIN = { numerator: 5n, denominator: 4n };
/** Wait before the same bytes are broadcast again while a node says it does not know them. */
const REBROADCAST_MS = 2_000;
/** Effect of a transaction that only fills a nonce. */
const GAP_PREFIX = 'gap:';

/**
 * Sends calls from one account, each effect once: the signed transaction is stored before it is broadcast, broadcast
 * again byte for byte, replaced with a higher fee when stuck, and followed until it is confirmed or displaced.
 */
export class TxSender {
  private readonly now: () => number;
  private readonly broadcastAt = new Map<Hex, number>();
  /** since when the lowest pending nonce has been the lowest */
  private lowest: { nonce: number; since: number } | undefined;

  constructor(private readonly options: TxSenderOptions) {
    this.now = options.now ?? Date.now;
  }

  /**
   * Bring Redis and the chain together, before anything is sent: nonces used elsewhere are skipped, stored
   * transactions are broadcast again, nonces passed over are filled so that later ones are not stuck behind them.
   */
  async reconcile(): Promise<void> {
    const { store, log } = this.options;
    const used = await this.chainNonce();
    for (const record of await store.ended()) {
      // It was confirmed, yet the chain has not used its nonce: a reorg undid it.
      if (record.nonce >= used && record.outcome !== 'displaced') await store.reopen(record);
    }
    const open = await store.open();
    const taken = new Set(open.map(({ nonce }) => nonce));
    const highest = open.reduce((top, { nonce }) => Math.max(top, nonce), -1);
    for (let nonce = used; nonce < highest; nonce += 1) {
      if (!taken.has(nonce)) await this.fillGap(nonce);
    }
    const next = Math.max(used, highest + 1);
    const stored = await store.nextNonce();
    if (stored !== next) {
      if (stored !== undefined) log.warn({ stored, next, used }, 'nonce reconciled with the chain');
      await store.setNextNonce(next);
    }
    for (const record of await store.open()) {
      if (record.nonce >= used) await this.broadcast(record);
    }
  }

  /**
   * What it would cost now.
   * @throws FeeTooHighError, GasTooHighError; viem's errors when the call reverts
   */
  async plan(call: Call): Promise<TxPlan> {
    const { client, account } = this.options;
    const [gas, block, fees] = await Promise.all([
      client.estimateGas({ account: account.address, to: call.to, data: call.data }),
      client.getBlock({ blockTag: 'latest' }),
      this.marketFees(),
    ]);
    if (!fees) throw new FeeTooHighError('the base fee is above the cap', { cap: String(this.options.maxFeePerGas) });
    if (gas > block.gasLimit) throw new GasTooHighError('more gas than a block has', { gas: String(gas) });
    const margin = (gas * GAS_MARGIN.numerator) / GAS_MARGIN.denominator;
    return { gas: margin < block.gasLimit ? margin : block.gasLimit, ...fees };
  }

  /**
   * Store and broadcast, unless a transaction with this effect is under way.
   * @returns false if one is
   */
  async submit(effect: string, call: Call): Promise<boolean> {
    const { store } = this.options;
    if (await store.hasEffect(effect)) return false;
    const { gas, ...fees } = await this.plan(call);
    // Somebody else used the account since: the stored nonces are behind.
    if ((await this.chainNonce()) > ((await store.nextNonce()) ?? 0)) await this.reconcile();
    for (;;) {
      const nonce = await store.nextNonce();
      if (nonce === undefined) throw new Error('reconcile() comes first');
      const attempt = await this.sign({ ...call, nonce, gas }, fees);
      const record: TxRecord = { nonce, effect, ...call, gas, attempts: [attempt] };
      const answer = await store.reserve(record);
      if (answer === 'effect') return false;
      if (answer === 'taken') await this.reconcile();
      if (answer !== 'ok') continue;
      await this.broadcast(record);
      return true;
    }
  }

  /** Effects whose transactions are not yet settled and noted. */
  async pendingEffects(): Promise<Set<string>> {
    return new Set((await this.options.store.open()).map(({ effect }) => effect));
  }

  /**
   * One look at the chain: rebroadcast what it lost, replace what is stuck, and report what ended. What is reported is
   * reported again until `noted`.
   */
  async advance(): Promise<Settled[]> {
    const open = await this.options.store.open();
    if (open.length === 0) return [];
    const head = await this.options.client.getBlockNumber({ cacheTime: 0 });
    const used = await this.chainNonce();
    const settled: Settled[] = [];
    for (const before of open) {
      const record = before.outcome ? before : await this.follow(before, head, used);
      if (!record.outcome) continue;
      if (record.effect.startsWith(GAP_PREFIX)) await this.noted(record);
      else settled.push({ record, outcome: record.outcome });
    }
    return settled;
  }

  /** The end of a transaction has been dealt with. */
  async noted(record: TxRecord): Promise<void> {
    await this.options.store.end(record);
  }

  private async follow(record: TxRecord, head: bigint, used: number): Promise<TxRecord> {
    const receipt = await receiptOf(this.options.client, record);
    if (receipt) return this.confirm(record, receipt, head);
    if (record.nonce >= used) {
      const pending = record.included ? await this.update(record, withoutInclusion(record)) : record;
      await this.keepAlive(pending, used);
      return pending;
    }
    return this.displace(record, head);
  }

  private async confirm(record: TxRecord, receipt: TransactionReceipt, head: bigint): Promise<TxRecord> {
    const { client, confirmations, log } = this.options;
    const included = { hash: receipt.transactionHash, blockHash: receipt.blockHash, blockNumber: receipt.blockNumber };
    if (head - receipt.blockNumber < BigInt(confirmations)) {
      return record.included?.blockHash === included.blockHash ? record : this.update(record, { ...record, included });
    }
    // A receipt may come from a node that has not yet seen a reorg: the canonical block decides.
    const block = await client.getBlock({ blockNumber: receipt.blockNumber });
    if (block.hash !== receipt.blockHash) return record;
    const outcome = receipt.status === 'success' ? 'success' : 'reverted';
    log.info(
      { effect: record.effect, nonce: record.nonce, tx: receipt.transactionHash, outcome },
      'transaction confirmed',
    );
    return this.update(record, { ...record, included, outcome, gasUsed: receipt.gasUsed });
  }

  /** Some node may not have the receipt yet: only a nonce used deep enough decides. */
  private async isUsedAtDepth(record: TxRecord, head: bigint): Promise<boolean> {
    const { client, account, confirmations } = this.options;
    const depth = BigInt(confirmations);
    if (head < depth) return false;
    const count = await client.getTransactionCount({ address: account.address, blockNumber: head - depth });
    return count > record.nonce;
  }

  private async displace(record: TxRecord, head: bigint): Promise<TxRecord> {
    if (!(await this.isUsedAtDepth(record, head))) return record;
    // Between the two looks one of ours may have been included after all.
    if (await receiptOf(this.options.client, record)) return record;
    this.options.log.warn({ effect: record.effect, nonce: record.nonce }, 'nonce used by another transaction');
    return this.update(record, { ...withoutInclusion(record), outcome: 'displaced' });
  }

  private async keepAlive(record: TxRecord, used: number): Promise<void> {
    const now = this.now();
    const attempt = lastAttempt(record);
    if (record.nonce === used) {
      if (this.lowest?.nonce !== used) this.lowest = { nonce: used, since: now };
      const waiting = now - Math.max(attempt.at, this.lowest.since);
      if (waiting >= this.options.stuckAfterMs && (await this.bump(record))) return;
    }
    if (now - (this.broadcastAt.get(attempt.hash) ?? 0) < REBROADCAST_MS) return;
    if (!(await isKnown(this.options.client, attempt.hash))) await this.broadcast(record);
  }

  /** Replace the transaction with one that pays more. */
  private async bump(record: TxRecord): Promise<boolean> {
    const { log, maxFeePerGas } = this.options;
    const fees = replacementFees(lastAttempt(record), await this.marketFees(), maxFeePerGas);
    if (!fees) {
      log.warn({ effect: record.effect, nonce: record.nonce }, 'stuck, and a higher fee would exceed the cap');
      return false;
    }
    const attempt = await this.sign(record, fees);
    const after = await this.update(record, { ...record, attempts: [...record.attempts, attempt] });
    log.info(
      { effect: record.effect, nonce: record.nonce, tx: attempt.hash, fee: String(fees.maxFeePerGas) },
      'stuck: fee raised',
    );
    await this.broadcast(after);
    return true;
  }

  private async sign({ to, data, nonce, gas }: Call & { nonce: number; gas: bigint }, fees: Fees): Promise<TxAttempt> {
    const { account, evmChainId } = this.options;
    const raw = await account.signTransaction({ type: 'eip1559', chainId: evmChainId, to, data, nonce, gas, ...fees });
    return { raw, hash: keccak256(raw), ...fees, at: this.now() };
  }

  /** A failure here is no failure of the transaction: it is stored, and broadcast again later. */
  private async broadcast(record: TxRecord): Promise<void> {
    const { client, log } = this.options;
    const { raw, hash } = lastAttempt(record);
    this.broadcastAt.set(hash, this.now());
    try {
      await client.sendRawTransaction({ serializedTransaction: raw });
      log.info({ effect: record.effect, nonce: record.nonce, tx: hash }, 'transaction sent');
    } catch (error) {
      const reason = error instanceof BaseError ? error.details : String(error);
      log.warn({ effect: record.effect, nonce: record.nonce, tx: hash, reason }, 'broadcast not accepted; it is kept');
    }
  }

  private async fillGap(nonce: number): Promise<void> {
    const { account, store, log, maxFeePerGas } = this.options;
    const fees = (await this.marketFees()) ?? { maxFeePerGas, maxPriorityFeePerGas: maxFeePerGas };
    const call = { to: account.address, data: '0x', gas: 21_000n } as const;
    const attempt = await this.sign({ ...call, nonce }, fees);
    log.warn({ nonce }, 'nonce passed over: filled with an empty transaction');
    await store.fillGap({ nonce, effect: `${GAP_PREFIX}${nonce}`, ...call, attempts: [attempt] });
  }

  private async update(before: TxRecord, after: TxRecord): Promise<TxRecord> {
    // Another relayer with this account changed it first: its version is read in the next round.
    return (await this.options.store.replace(before, after)) ? after : before;
  }

  private async marketFees(): Promise<Fees | undefined> {
    const { client, maxFeePerGas } = this.options;
    const [block, priority] = await Promise.all([
      client.getBlock({ blockTag: 'latest' }),
      client.estimateMaxPriorityFeePerGas({ chain: null }),
    ]);
    return initialFees(block.baseFeePerGas ?? 0n, priority, maxFeePerGas);
  }

  private async chainNonce(): Promise<number> {
    return this.options.client.getTransactionCount({ address: this.options.account.address, blockTag: 'latest' });
  }
}

function withoutInclusion({ included: _, ...record }: TxRecord): TxRecord {
  return record;
}
