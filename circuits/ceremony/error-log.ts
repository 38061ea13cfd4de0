// SPDX-License-Identifier: GPL-3.0-or-later
import type { Logger } from 'snarkjs';

/** Keeps what snarkjs calls errors: its functions return false and put the reason into their log. */
export class ErrorLog implements Logger {
  private readonly errors: string[] = [];

  get summary(): string {
    return this.errors.join('; ') || 'snarkjs gives no reason';
  }

  error(message: string): void {
    this.errors.push(message);
  }
  debug(): void {
    // progress, not kept
  }
  info(): void {
    // progress, not kept
  }
  warn(): void {
    // progress, not kept
  }
}
