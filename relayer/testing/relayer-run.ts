// SPDX-License-Identifier: GPL-3.0-or-later
import { privateKeyToAccount } from 'viem/accounts';
import type { RelayerConfig } from '../../runtime/config.ts';
import type { Running } from '../../runtime/shutdown.ts';
import { destinationKeys, feedCursorKey } from '../lib/redis-keys.ts';
import { startRelayer } from '../start-relayer.ts';
import { ANVIL_KEYS } from './anvil.ts';
import { testLog, until } from './log.ts';
import { emptyFeeds, relayerConfig, startWorld, type TestChain, type World } from './world.ts';

/** Whose transactions the relayer signs. */
export const RELAYER = privateKeyToAccount(ANVIL_KEYS[0]).address;

/** A relayer between two test chains, started and stopped as a test wants. */
export class RelayerRun {
  /** of the relayer that was started last */
  lines: string[] = [];
  /** of every one */
  readonly logs: string[][] = [];
  /** heights of each test are its own */
  base = 0n;
  private running: Running | undefined;

  private constructor(readonly world: World) {}

  static async open(): Promise<RelayerRun> {
    return new RelayerRun(await startWorld());
  }

  /** Before each test. */
  async reset(): Promise<void> {
    await this.world.redis.client.flushall();
    emptyFeeds(this.world);
    this.base += 8_000n;
  }

  async start(config: RelayerConfig = relayerConfig(this.world)): Promise<void> {
    const test = testLog();
    this.lines = test.lines;
    this.logs.push(test.lines);
    this.running = await startRelayer(config, test.log);
  }

  async stop(): Promise<void> {
    await this.running?.stop();
    this.running = undefined;
  }

  async close(): Promise<void> {
    await this.world.close();
  }

  pending(chain: TestChain): Promise<number> {
    return this.world.redis.client.zcard(destinationKeys(chain.config.id).pending);
  }

  /** Mine until everything is relayed and confirmed. */
  async drain(...chains: TestChain[]): Promise<void> {
    const { client } = this.world.redis;
    await until(async () => Number(await client.get(feedCursorKey('statements'))) > 0, 'the feed was read');
    await until(async () => {
      for (const { anvil } of chains) await anvil.client.mine({ blocks: 1 });
      return (await Promise.all(chains.map((chain) => this.pending(chain)))).every((count) => count === 0);
    }, 'nothing is left to relay');
  }
}

/** How often something took effect on a stand-in. */
export const effects = async (chain: TestChain, contract: 'ledger' | 'coalition' = 'ledger'): Promise<bigint> =>
  (await chain[contract].read('effects')) as bigint;

/** Transactions that the relayer sent to a chain. */
export const sent = (chain: TestChain): Promise<number> => chain.anvil.client.getTransactionCount({ address: RELAYER });
