// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import { walletKeys } from '../lib/redis-keys.ts';
import { formatTxRecord, parseTxRecord, type TxRecord } from './tx-record.ts';

/** Ended records kept, to be broadcast again should a reorg undo them. */
const ENDED_KEPT = 256;

/** Take a nonce for an effect: only if it is still the next one and nothing with this effect is open. */
const RESERVE = `
if redis.call('HEXISTS', KEYS[3], ARGV[2]) == 1 then return 'effect' end
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 'nonce' end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 then return 'taken' end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[3], ARGV[2], ARGV[1])
redis.call('SET', KEYS[1], tonumber(ARGV[1]) + 1)
return 'ok'`;

const REPLACE = `
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1`;

const END = `
local record = redis.call('HGET', KEYS[1], ARGV[1])
if not record then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
if redis.call('HGET', KEYS[3], ARGV[2]) == ARGV[1] then redis.call('HDEL', KEYS[3], ARGV[2]) end
redis.call('HSET', KEYS[2], ARGV[1], record)
redis.call('HDEL', KEYS[2], tonumber(ARGV[1]) - tonumber(ARGV[3]))
return 1`;

const REOPEN = `
local record = redis.call('HGET', KEYS[2], ARGV[1])
if not record or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[3], ARGV[2], ARGV[1])
return 1`;

/**
 * Nonces and signed transactions of one account on one chain. Every change is one atomic step in Redis, so that two
 * relayers with one account, or one that is killed anywhere, never spend a nonce twice nor an effect twice.
 */
export class TxStore {
  private readonly keys: ReturnType<typeof walletKeys>;

  constructor(
    private readonly redis: Redis,
    chain: ChainId,
    address: Hex,
  ) {
    this.keys = walletKeys(chain, address);
  }

  /** Undefined before the first reconciliation. */
  async nextNonce(): Promise<number | undefined> {
    const text = await this.redis.get(this.keys.next);
    return text === null ? undefined : Number(text);
  }

  async setNextNonce(nonce: number): Promise<void> {
    await this.redis.set(this.keys.next, nonce);
  }

  /** Records without a noted end, by nonce. */
  async open(): Promise<TxRecord[]> {
    return this.all(this.keys.open);
  }

  /** The latest records that ended, by nonce. */
  async ended(): Promise<TxRecord[]> {
    return this.all(this.keys.ended);
  }

  async hasEffect(effect: string): Promise<boolean> {
    return (await this.redis.hexists(this.keys.effects, effect)) === 1;
  }

  /**
   * Store a signed transaction before it is broadcast.
   * @returns `nonce` when the nonce is no longer the next one, `taken` when the next one is in use (reconcile),
   *   `effect` when a transaction with this effect is open
   */
  async reserve(record: TxRecord): Promise<'ok' | 'nonce' | 'taken' | 'effect'> {
    const { next, open, effects } = this.keys;
    const answer = await this.redis.eval(
      RESERVE,
      3,
      next,
      open,
      effects,
      record.nonce,
      record.effect,
      formatTxRecord(record),
    );
    return answer as 'ok' | 'nonce' | 'taken' | 'effect';
  }

  /** @returns false when the stored record is no longer `before`, and nothing changed */
  async replace(before: TxRecord, after: TxRecord): Promise<boolean> {
    return (
      (await this.redis.eval(
        REPLACE,
        1,
        this.keys.open,
        before.nonce,
        formatTxRecord(before),
        formatTxRecord(after),
      )) === 1
    );
  }

  /** Its end is known and noted: the effect may be asked for anew. */
  async end(record: TxRecord): Promise<void> {
    const { open, ended, effects } = this.keys;
    await this.redis.eval(END, 3, open, ended, effects, record.nonce, record.effect, ENDED_KEPT);
  }

  /** A reorg undid it: follow it again. */
  async reopen({ included: _, outcome: __, gasUsed: ___, ...record }: TxRecord): Promise<void> {
    const { open, ended, effects } = this.keys;
    await this.redis.eval(REOPEN, 3, open, ended, effects, record.nonce, record.effect, formatTxRecord(record));
  }

  /** Put a record at a nonce that the sequence passed over, unless another relayer has put one there. */
  async fillGap(record: TxRecord): Promise<void> {
    await this.redis
      .multi()
      .hsetnx(this.keys.open, String(record.nonce), formatTxRecord(record))
      .hsetnx(this.keys.effects, record.effect, String(record.nonce))
      .exec();
  }

  private async all(key: string): Promise<TxRecord[]> {
    const values = await this.redis.hvals(key);
    return values.map(parseTxRecord).sort((a, b) => a.nonce - b.nonce);
  }
}
