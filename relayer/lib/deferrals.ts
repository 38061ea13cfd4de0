// SPDX-License-Identifier: GPL-3.0-or-later

const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;

/** When what failed is to be tried again: after 2 s, then twice as long each time, up to one minute. */
export class Deferrals {
  private readonly entries = new Map<string, { waitMs: number; until: number; at: number }>();

  constructor(private readonly now: () => number = Date.now) {}

  isDeferred(effect: string): boolean {
    return (this.entries.get(effect)?.until ?? 0) > this.now();
  }

  /** @returns milliseconds to wait */
  defer(effect: string): number {
    const before = this.entries.get(effect);
    const waitMs = before ? Math.min(before.waitMs * 2, LONGEST_MS) : FIRST_MS;
    const at = this.now();
    this.entries.set(effect, { waitMs, until: at + waitMs, at });
    return waitMs;
  }

  /** @returns when it failed last, in milliseconds; undefined if it did not, or was cleared since */
  failedAt(effect: string): number | undefined {
    return this.entries.get(effect)?.at;
  }

  clear(effect: string): void {
    this.entries.delete(effect);
  }

  /** Something changed that may let all of it through: it is due now, and what fails again waits as at first. */
  makeDue(): void {
    for (const entry of this.entries.values()) Object.assign(entry, { waitMs: FIRST_MS / 2, until: 0 });
  }
}
