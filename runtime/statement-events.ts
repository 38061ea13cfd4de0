// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { StatementId } from '../protocol/statement.ts';
import { statementKeys } from './keys.ts';
import type { StatementEvent } from './statement-record.ts';
import type { StatementStore } from './statement-store.ts';

/** Streams are read again after this long also without a notice: notices may be lost with the connection. */
const RECHECK_MS = 2_000;

/** Follows the events of statements for many readers over one connection. */
export class StatementEvents {
  readonly #waiting = new Map<string, Set<() => void>>();

  private constructor(
    private readonly subscriber: Redis,
    private readonly store: StatementStore,
  ) {
    subscriber.on('message', (_channel: string, id: string) => this.#wake(id));
  }

  /** @param redis connection to copy; a subscription needs one of its own */
  static async open(redis: Redis, store: StatementStore): Promise<StatementEvents> {
    const subscriber = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: null, enableOfflineQueue: true });
    subscriber.on('error', () => undefined);
    await subscriber.connect();
    await subscriber.subscribe(statementKeys.channel);
    return new StatementEvents(subscriber, store);
  }

  /**
   * Events from the beginning or after one of them; ends after the event that ends the statement, when `signal` aborts,
   * or when the statement is gone.
   */
  async *follow(
    id: StatementId,
    afterEventId: string | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<StatementEvent> {
    let after = afterEventId;
    while (!signal.aborted) {
      // Wait first, read second: a notice that comes between the two is not missed.
      const notice = this.#notice(id, signal);
      try {
        // State first, events second: the one that ends the statement is among them if it has ended.
        const record = await this.store.get(id);
        const events = await this.store.events(id, after);
        for (const event of events) {
          after = event.eventId;
          yield event;
        }
        if (events.length === 0) {
          if (!record || (record.state !== 'queued' && record.state !== 'proving')) return;
          await notice.promise;
        }
      } finally {
        notice.cancel();
      }
    }
  }

  async close(): Promise<void> {
    for (const id of [...this.#waiting.keys()]) this.#wake(id);
    await this.subscriber.quit();
  }

  #wake(id: string): void {
    for (const wake of [...(this.#waiting.get(id) ?? [])]) wake();
  }

  #notice(id: string, signal: AbortSignal): { promise: Promise<void>; cancel: () => void } {
    const waiting = this.#waiting.get(id) ?? new Set<() => void>();
    this.#waiting.set(id, waiting);
    let wake: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => (wake = resolve));
    waiting.add(wake);
    signal.addEventListener('abort', wake, { once: true });
    const timer = setTimeout(wake, RECHECK_MS);
    const cancel = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      waiting.delete(wake);
      if (waiting.size === 0) this.#waiting.delete(id);
    };
    return { promise, cancel };
  }
}
