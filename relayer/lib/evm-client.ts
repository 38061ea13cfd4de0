// SPDX-License-Identifier: GPL-3.0-or-later
import { createPublicClient, fallback, http, webSocket, type PublicClient, type Transport } from 'viem';

export type EvmClient = PublicClient;

/** Long enough for a slow node, short enough that its failure is noticed within a poll or two. */
const RPC_TIMEOUT_MS = 10_000;

/** Blocks whose events are asked for at once; nodes refuse more than some thousands. */
export const LOG_CHUNK = 1_000n;

/** A JSON-RPC client that takes the next node when one fails. Every call has a timeout. */
export function evmClient(rpcs: readonly string[]): EvmClient {
  return createPublicClient({ transport: evmTransport(rpcs), cacheTime: 0 });
}

/** What such a client, or one with an account, speaks through. */
export function evmTransport(rpcs: readonly string[]): Transport {
  const transports = rpcs.map((url) =>
    /^wss?:/.test(url)
      ? webSocket(url, { timeout: RPC_TIMEOUT_MS, retryCount: 1 })
      : http(url, { timeout: RPC_TIMEOUT_MS, retryCount: 1, retryDelay: 200 }),
  );
  const [only] = transports;
  return only && transports.length === 1 ? only : fallback(transports);
}
