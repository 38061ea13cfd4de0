// SPDX-License-Identifier: GPL-3.0-or-later
import { createPublicClient, fallback, http, webSocket, type PublicClient } from 'viem';

export type EvmClient = PublicClient;

/** Long enough for a slow node, short enough that its failure is noticed within a poll or two. */
const RPC_TIMEOUT_MS = 10_000;

/** A JSON-RPC client that takes the next node when one fails. Every call has a timeout. */
export function evmClient(rpcs: readonly string[]): EvmClient {
  const transports = rpcs.map((url) =>
    /^wss?:/.test(url)
      ? webSocket(url, { timeout: RPC_TIMEOUT_MS, retryCount: 1 })
      : http(url, { timeout: RPC_TIMEOUT_MS, retryCount: 1, retryDelay: 200 }),
  );
  const [only] = transports;
  return createPublicClient({ transport: only && transports.length === 1 ? only : fallback(transports), cacheTime: 0 });
}
