// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import { quorumConflictRequestSchema, type QuorumEvidence } from '../schemas/quorum-conflict.ts';
import { luaFile } from './lua-file.ts';
import { apiKeys } from './redis-keys.ts';

const recordScript = luaFile('record-quorum-conflict.lua');

/** Two proved quorums that contradict each other. */
export interface StoredQuorumConflict {
  readonly id: Hex;
  readonly sequence: number;
  readonly first: QuorumEvidence;
  readonly second: QuorumEvidence;
}

/** Conflicting quorums, kept for good: few, and each the end of a validator set. */
export class QuorumConflictStore {
  constructor(private readonly redis: Redis) {}

  /** @returns whether it is new */
  async add(id: Hex, first: QuorumEvidence, second: QuorumEvidence): Promise<boolean> {
    const evidence = JSON.stringify(z.encode(quorumConflictRequestSchema, { first, second }));
    const keys = [apiKeys.quorumConflict(id), apiKeys.quorumConflicts, apiKeys.quorumConflictSequence];
    return (await recordScript.run(this.redis, keys, [id, evidence])) === 1;
  }

  async get(id: Hex): Promise<StoredQuorumConflict | undefined> {
    const { sequence, evidence } = await this.redis.hgetall(apiKeys.quorumConflict(id));
    if (!sequence || !evidence) return undefined;
    return { id, sequence: Number(sequence), ...quorumConflictRequestSchema.parse(JSON.parse(evidence)) };
  }

  /** By rising sequence. */
  async list(after: number, limit: number): Promise<StoredQuorumConflict[]> {
    const ids = await this.redis.zrangebyscore(apiKeys.quorumConflicts, `(${after}`, '+inf', 'LIMIT', 0, limit);
    const found = await Promise.all(ids.map((id) => this.get(id as Hex))); // `add` wrote it
    return found.filter((conflict) => conflict !== undefined);
  }
}
