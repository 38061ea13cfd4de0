// SPDX-License-Identifier: GPL-3.0-or-later

/** Facts about an error that may be logged and shown: never a secret. */
export type ErrorMeta = Record<string, string | number>;

/** Root of the errors thrown on purpose. `code` is stable API; `retryable` drives the queue. */
export abstract class PhalanxError extends Error {
  abstract readonly code: string;
  abstract readonly retryable: boolean;

  constructor(
    message: string,
    readonly meta: ErrorMeta = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
  }
}

/** A value from outside breaks its bound. `field` names it as the sender wrote it, `bound` says what was expected. */
export class InvalidFieldError extends PhalanxError {
  readonly code = 'INVALID_FIELD';
  readonly retryable = false;

  constructor(
    readonly field: string,
    readonly bound: string,
  ) {
    super(`${field}: expected ${bound}`, { field, bound });
  }
}
