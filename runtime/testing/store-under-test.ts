// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Hex } from '../../protocol/bytes.ts';
import type { ProvedStatement } from '../../protocol/proof.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../embedded-redis.ts';
import { connectProducer } from '../redis.ts';
import type { NewStatement } from '../statement-record.ts';
import { StatementStore } from '../statement-store.ts';

/** A statement store on a Redis of its own, with a clock that stands still. */
export class StoreUnderTest {
  clockMs = 1_000_000;
  readonly store: StatementStore;

  private constructor(
    private readonly dataDir: string,
    private readonly server: EmbeddedRedis,
    readonly redis: Redis,
  ) {
    this.store = new StatementStore(redis, { now: () => this.clockMs });
  }

  static async open(): Promise<StoreUnderTest> {
    const dataDir = mkdtempSync(join(tmpdir(), 'phalanx-store-'));
    const server = await startEmbeddedRedis({ dataDir });
    return new StoreUnderTest(dataDir, server, await connectProducer({ url: server.url, password: undefined }));
  }

  /** Begin a statement's next attempt. @returns its number */
  async begin(id: StatementId): Promise<number> {
    const attempt = await this.store.begin(id, 10);
    assert.ok(typeof attempt === 'number');
    return attempt;
  }

  async close(): Promise<void> {
    await this.store.close();
    this.redis.disconnect();
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

export const hash = (n: number): Hex => `0x${n.toString(16).padStart(64, '0')}`;
export const KEY = hash(0xaaaa);

export function statement(n: number, change: Partial<NewStatement> = {}): NewStatement {
  return {
    id: hash(n) as StatementId,
    kind: 'quorum',
    circuit: 'quorum-16',
    keyHash: KEY,
    publicSignals: ['1', '2'],
    inputs: { secret: n },
    context: { chain: 'eip155:1' },
    ...change,
  };
}

export const proved = (keyHash: Hex = KEY): ProvedStatement => ({
  keyHash,
  circuit: 'quorum-16',
  publicSignals: ['1', '2'],
  proof: {
    protocol: 'groth16',
    curve: 'bn128',
    pi_a: ['1', '2', '1'],
    pi_b: [
      ['1', '2'],
      ['3', '4'],
      ['1', '0'],
    ],
    pi_c: ['1', '2', '1'],
  },
});
