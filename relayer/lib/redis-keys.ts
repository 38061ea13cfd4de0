// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { KEY_ROOT } from '../../runtime/keys.ts';

/** Keys of one sending account on one chain. */
export function walletKeys(chain: ChainId, address: Hex) {
  const root = `${KEY_ROOT}:relayer:${chain}:${address.toLowerCase()}`;
  return {
    /** next nonce to give out, decimal */
    next: `${root}:next`,
    /** hash nonce -> transaction record, those whose end the pipeline has not yet taken note of */
    open: `${root}:open`,
    /** hash nonce -> transaction record, the latest that ended */
    ended: `${root}:ended`,
    /** hash effect -> nonce, for open records */
    effects: `${root}:effects`,
  } as const;
}

/** Keys of one destination chain. */
export function destinationKeys(chain: ChainId) {
  const root = `${KEY_ROOT}:relayer:${chain}`;
  return {
    /** JSON: the latest block below which nothing may change, with its hash */
    anchor: `${root}:anchor`,
    /** JSON: why relaying to this chain stopped; an operator deletes it */
    halt: `${root}:halt`,
    /** zset of item ids by feed sequence: to be relayed */
    pending: `${root}:pending`,
    /** hash item id -> JSON item */
    items: `${root}:items`,
    /** zset of item ids by feed sequence: the latest ones done */
    done: `${root}:done`,
  } as const;
}

/** Feed sequence up to which items stand in the destinations' lists. */
export function feedCursorKey(feed: string): string {
  return `${KEY_ROOT}:relayer:cursor:${feed}`;
}

export function watcherKey(chain: ChainId, coalition: Hex): string {
  return `${KEY_ROOT}:watcher:${chain}:${coalition.toLowerCase()}`;
}
