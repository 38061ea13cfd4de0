// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { InvalidFieldError } from '../protocol/errors.ts';
import type { ProvedStatement } from '../protocol/proof.ts';
import type { StatementId } from '../protocol/statement.ts';
import { STATEMENT_STATES, statementKeys, type StatementState } from './keys.ts';
import type { RedisScript } from './redis-script.ts';
import { StatementQueue } from './statement-queue.ts';
import {
  eventFromEntry,
  RECORD_FIELDS,
  recordFromHash,
  type Json,
  type NewStatement,
  type ProvingPhase,
  type StatementEvent,
  type StatementRecord,
} from './statement-record.ts';
import { statementScripts } from './statement-scripts.ts';

export type CreateOutcome = 'created' | 'requeued' | 'exists';

export interface StatementPage {
  readonly statements: readonly StatementRecord[];
  /** pass as `after` to go on */
  readonly after: number;
}

/** Events kept for each statement. */
const EVENT_BOUND = 256;

/** Statements read at once where many are walked through. */
const BATCH = 200;

/**
 * Statements and their proofs in Redis, and the queue that carries them to the provers. Changes of state are atomic.
 * A statement is written before its job is added, and `reconcile` adds the jobs that a crash between the two kept back.
 */
export class StatementStore {
  readonly queue: StatementQueue;
  readonly #now: () => number;

  /** @param redis a producer's connection (fails fast) in services that answer requests; a worker's may wait */
  constructor(
    private readonly redis: Redis,
    options: { readonly now?: () => number } = {},
  ) {
    this.queue = new StatementQueue(redis);
    this.#now = options.now ?? Date.now;
  }

  /**
   * Ask for a proof. When this returns, the statement is on disk and has a job. Idempotent by statement id; a failed
   * statement is tried again with these inputs, one proved under another key is proved again under this one.
   */
  async create(statement: NewStatement): Promise<CreateOutcome> {
    const urgent = statement.urgent ?? false;
    const outcome = await this.#run(statementScripts.create, statement.id, [
      statement.kind,
      statement.circuit,
      statement.keyHash,
      JSON.stringify(statement.publicSignals),
      JSON.stringify(statement.inputs),
      JSON.stringify(statement.context),
      urgent ? 1 : 0,
    ]);
    // Also where the statement stands already: its first request may have died before the job was added.
    const record = outcome === 'exists' ? await this.get(statement.id) : undefined;
    if (!record || isOpen(record.state)) await this.queue.add({ ...statement, urgent: record?.urgent ?? urgent });
    return outcome as CreateOutcome;
  }

  async get(id: StatementId): Promise<StatementRecord | undefined> {
    return recordFromHash(id, await this.redis.hmget(statementKeys.statement(id), ...RECORD_FIELDS));
  }

  /** Private inputs as they were given; undefined once proved or superseded. */
  async inputs(id: StatementId): Promise<Json | undefined> {
    const text = await this.redis.hget(statementKeys.statement(id), 'inputs');
    return text === null ? undefined : (JSON.parse(text) as Json);
  }

  /** The proof, also of a statement that was superseded after it was proved. */
  async proof(id: StatementId): Promise<ProvedStatement | undefined> {
    const text = await this.redis.hget(statementKeys.statement(id), 'proof');
    return text === null ? undefined : (JSON.parse(text) as ProvedStatement);
  }

  /**
   * Statements after a number: in one state by the number of their entry into it (`stateSequence`), or all of them by
   * `createdSequence`. A reader that remembers `after` misses none. With `kind` a page may be short of `limit`, even
   * empty, before the end: it has ended when `after` no longer moves.
   */
  async list(query: { state?: StatementState; kind?: string; after: number; limit: number }): Promise<StatementPage> {
    const index = query.state ? statementKeys.inState(query.state) : statementKeys.all;
    const count = query.kind === undefined ? query.limit : Math.max(query.limit, BATCH);
    const flat = await this.redis.zrangebyscore(index, `(${query.after}`, '+inf', 'WITHSCORES', 'LIMIT', 0, count);
    const entries: { id: StatementId; sequence: number }[] = [];
    for (let i = 0; i + 1 < flat.length; i += 2) {
      entries.push({ id: flat[i] as StatementId, sequence: Number(flat[i + 1]) });
    }
    const records = await this.#records(entries.map(({ id }) => id));
    const statements: StatementRecord[] = [];
    let after = query.after;
    for (const [i, { sequence }] of entries.entries()) {
      if (statements.length === query.limit) break;
      after = sequence;
      const record = records[i];
      // It may have moved on between the two reads; it then stands further on, or under another state.
      if (!record || (query.state && record.stateSequence !== sequence)) continue;
      if (query.kind === undefined || record.kind === query.kind) statements.push(record);
    }
    return { statements, after };
  }

  /** How many statements stand in each state. */
  async counts(): Promise<Record<StatementState, number>> {
    const counts = await Promise.all(STATEMENT_STATES.map((state) => this.redis.zcard(statementKeys.inState(state))));
    return Object.fromEntries(STATEMENT_STATES.map((state, i) => [state, counts[i] ?? 0])) as Record<
      StatementState,
      number
    >;
  }

  /** Events after one of them (`eventId`), oldest first; from the beginning when left out. */
  async events(id: StatementId, afterEventId?: string): Promise<StatementEvent[]> {
    const from = afterEventId === undefined ? '-' : `(${afterEventId}`;
    const entries = await this.redis.xrange(statementKeys.events(id), from, '+');
    return entries.map(([eventId, fields]) => eventFromEntry(eventId, fields));
  }

  /**
   * A prover begins.
   * @returns the attempt's number, which fences what it later says; or the state that leaves nothing to do
   */
  async begin(id: StatementId, maxAttempts: number): Promise<number | StatementState | 'missing'> {
    return (await this.#run(statementScripts.begin, id, [maxAttempts])) as number | StatementState | 'missing';
  }

  /** @returns false when this attempt no longer counts: stop working on it */
  async progress(id: StatementId, attempt: number, phase: ProvingPhase, progress: number): Promise<boolean> {
    return (await this.#run(statementScripts.progress, id, [attempt, phase, progress])) === 1;
  }

  /** Is this attempt still the one that counts? */
  async isCurrent(id: StatementId, attempt: number): Promise<boolean> {
    const [state, attempts] = await this.redis.hmget(statementKeys.statement(id), 'state', 'attempts');
    return state === 'proving' && attempts === String(attempt);
  }

  /**
   * Store a proof that was verified strictly. `stale`: the statement now asks for another key.
   * @returns `proved`; `already` when another attempt was first; else the state that forbids it
   */
  async finish(
    id: StatementId,
    proved: ProvedStatement,
  ): Promise<'proved' | 'already' | 'stale' | 'missing' | StatementState> {
    const args = [proved.keyHash, JSON.stringify(proved)];
    return (await this.#run(statementScripts.finish, id, args)) as
      'proved' | 'already' | 'stale' | 'missing' | StatementState;
  }

  /** Give an attempt up so that another follows. @returns false when it no longer counts */
  async release(id: StatementId, attempt: number, failure: { code: string; message: string }): Promise<boolean> {
    return (await this.#run(statementScripts.release, id, [attempt, failure.code, failure.message])) === 1;
  }

  /** End a statement that cannot be proved. @returns false when this attempt no longer counts */
  async fail(id: StatementId, attempt: number, failure: { code: string; message: string }): Promise<boolean> {
    return (await this.#run(statementScripts.fail, id, [attempt, failure.code, failure.message])) === 1;
  }

  /**
   * A rotation has overtaken the statement: it is not proved any more, or its proof is of no use.
   * @returns false when it had ended otherwise
   */
  async supersede(id: StatementId, reason: string): Promise<boolean> {
    const done = (await this.#run(statementScripts.supersede, id, [reason])) === 1;
    if (done) await this.queue.remove(id);
    return done;
  }

  /** Add the job of every open statement that has none. @returns how many were added */
  async reconcile(): Promise<number> {
    let added = 0;
    for (const state of ['queued', 'proving'] as const) {
      const ids = (await this.redis.zrange(statementKeys.inState(state), 0, -1)) as StatementId[];
      for (let i = 0; i < ids.length; i += BATCH) {
        const missing = await this.queue.withoutJob(ids.slice(i, i + BATCH));
        for (const record of await this.#records(missing)) {
          if (!record || !isOpen(record.state)) continue;
          await this.queue.add(record);
          added += 1;
        }
      }
    }
    return added;
  }

  /**
   * Remove statements that ended longer ago than the retention.
   * @returns how many
   * @throws InvalidFieldError when retention is shorter than the evidence window
   */
  async prune(retentionMs: number, evidenceWindowMs: number): Promise<number> {
    if (retentionMs < evidenceWindowMs) {
      throw new InvalidFieldError('retentionMs', `at least the evidence window, ${evidenceWindowMs} ms`);
    }
    const cutoff = this.#now() - retentionMs;
    let removed = 0;
    for (const state of ['proved', 'failed', 'superseded'] as const) {
      for (;;) {
        // Numbers rise with time, so the first that is too young ends the search.
        const ids = (await this.redis.zrange(statementKeys.inState(state), 0, BATCH - 1)) as StatementId[];
        const before = removed;
        for (const id of ids) {
          if ((await this.#run(statementScripts.prune, id, [cutoff])) !== 1) break;
          removed += 1;
        }
        if (removed - before < BATCH) break;
      }
    }
    return removed;
  }

  /** Ends the queue's own work; the connection stays the caller's. */
  async close(): Promise<void> {
    await this.queue.close();
  }

  async #records(ids: readonly StatementId[]): Promise<(StatementRecord | undefined)[]> {
    if (ids.length === 0) return [];
    const pipeline = this.redis.pipeline();
    for (const id of ids) pipeline.hmget(statementKeys.statement(id), ...RECORD_FIELDS);
    const replies = (await pipeline.exec()) ?? [];
    return ids.map((id, i) => {
      const [error, values] = replies[i] ?? [];
      if (error) throw error;
      return recordFromHash(id, values as (string | null)[]);
    });
  }

  async #run(script: RedisScript, id: StatementId, args: readonly (string | number)[]): Promise<unknown> {
    const { statement, events, sequence, all, inState, channel } = statementKeys;
    const keys = [statement(id), events(id), sequence, all, ...STATEMENT_STATES.map(inState)];
    return await script.run(this.redis, keys, [id, this.#now(), EVENT_BOUND, channel, ...args]);
  }
}

function isOpen(state: StatementState): boolean {
  return state === 'queued' || state === 'proving';
}
