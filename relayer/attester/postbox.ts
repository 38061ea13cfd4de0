// SPDX-License-Identifier: GPL-3.0-or-later
import type { Logger } from '../../runtime/log.ts';
import { ApiProblemError } from '../api/errors.ts';
import { Deferrals } from '../lib/deferrals.ts';

interface Letter {
  readonly id: string;
  readonly waiting: Set<string>;
  readonly send: (url: string) => Promise<void>;
}

/**
 * Sends things to several addresses, each until that address accepts it. A newer letter with the same name takes the
 * older one's place.
 */
export class Postbox {
  private readonly letters = new Map<string, Letter>();
  private readonly deferrals = new Deferrals();

  constructor(
    private readonly urls: readonly string[],
    private readonly log: Logger,
    private readonly onAccepted: () => void = () => undefined,
  ) {}

  /**
   * @param name what it replaces
   * @param id the same letter again changes nothing
   */
  offer(name: string, id: string, send: (url: string) => Promise<void>): void {
    if (this.letters.get(name)?.id === id) return;
    this.letters.set(name, { id, waiting: new Set(this.urls), send });
  }

  /** Whether every address has accepted everything. */
  get isEmpty(): boolean {
    return [...this.letters.values()].every(({ waiting }) => waiting.size === 0);
  }

  /** Try what is waiting and due. */
  async deliver(): Promise<void> {
    await Promise.all(
      [...this.letters.values()].flatMap((letter) => [...letter.waiting].map((url) => this.deliverTo(letter, url))),
    );
  }

  private async deliverTo(letter: Letter, url: string): Promise<void> {
    const key = `${url} ${letter.id}`;
    if (this.deferrals.isDeferred(key)) return;
    try {
      await letter.send(url);
      letter.waiting.delete(url);
      this.deferrals.clear(key);
      this.onAccepted();
    } catch (error) {
      const retryMs = this.deferrals.defer(key);
      const level = error instanceof ApiProblemError && !error.retryable ? 'error' : 'warn';
      this.log[level]({ err: error, url, retryMs }, 'not accepted; it is sent again');
    }
  }
}
