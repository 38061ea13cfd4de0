// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { int64, object, parseRpc, rpcResult, time } from './rpc-json.ts';
import type { TimeNs } from './timestamp.ts';

/** What a node says of itself. */
export interface NodeStatus {
  readonly chainId: string;
  /** newest block that it holds, 0 before the first */
  readonly latestHeight: bigint;
  readonly latestTimeNs: TimeNs;
  /** oldest block that it still holds; 1 where it does not say */
  readonly earliestHeight: bigint;
  /** it is still fetching old blocks: its newest is not the chain's */
  readonly catchingUp: boolean;
}

const schema = object({
  node_info: object({ network: z.string('a chain id') }),
  sync_info: object({
    latest_block_height: int64(0n),
    latest_block_time: time,
    earliest_block_height: int64(0n).optional(),
    catching_up: z.boolean('true or false'),
  }),
});

/** Read the answer to `/status`. @throws InvalidFieldError */
export function parseStatus(answer: unknown, label: string): NodeStatus {
  const { node_info, sync_info } = parseRpc(schema, rpcResult(answer, label), `${label}.result`);
  return {
    chainId: node_info.network,
    latestHeight: sync_info.latest_block_height,
    latestTimeNs: sync_info.latest_block_time,
    earliestHeight: sync_info.earliest_block_height ?? 1n,
    catchingUp: sync_info.catching_up,
  };
}
