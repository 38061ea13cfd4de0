// SPDX-License-Identifier: GPL-3.0-or-later
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTestClient, http, publicActions, walletActions, type Chain } from 'viem';
import type { ProcessSpec } from './supervisor.ts';

/** Accounts that Anvil derives from its well-known mnemonic and funds; development only. */
export const ANVIL_MNEMONIC = 'test test test test test test test test test test test junk';

const LOCAL_BIN = createRequire(import.meta.url).resolve('@foundry-rs/anvil/package.json');

export interface AnvilOptions {
  readonly name: string;
  readonly chainId: number;
  readonly port: number;
  /** states of old blocks are kept there */
  readonly cacheDir: string;
  /** funded accounts of the mnemonic */
  readonly accounts: number;
}

/** A local chain with a block a second whose `finalized` tag follows two blocks behind. */
export function anvilProcess({ name, chainId, port, cacheDir, accounts }: AnvilOptions): ProcessSpec {
  return {
    name,
    command: process.execPath,
    arguments: [
      join(LOCAL_BIN, '..', 'bin.mjs'),
      ...['--port', `${port}`, '--chain-id', `${chainId}`, '--block-time', '1', '--slots-in-an-epoch', '1'],
      // A transaction gets a block at once; between them blocks come by the clock, as finality needs.
      ...['--mixed-mining', '--hardfork', 'prague'],
      ...['--accounts', `${accounts}`, '--mnemonic', ANVIL_MNEMONIC, '--cache-path', cacheDir, '--quiet'],
    ],
  };
}

/** Client with Anvil's own methods besides the usual ones. */
export function anvilClient(url: string, chain: Chain) {
  return createTestClient({ mode: 'anvil', chain, transport: http(url, { timeout: 30_000 }), pollingInterval: 250 })
    .extend(publicActions)
    .extend(walletActions);
}

export type AnvilClient = ReturnType<typeof anvilClient>;

/** viem's description of a local chain. */
export function localChain(id: number, name: string, url: string): Chain {
  return {
    id,
    name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [url] } },
  };
}

/** @throws Error when the chain does not answer within 20 s */
export async function untilAnswering(client: AnvilClient): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await client.getChainId();
      return;
    } catch (error) {
      if (attempt >= 200) throw error;
      await sleep(100);
    }
  }
}
