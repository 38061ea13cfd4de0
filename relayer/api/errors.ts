// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/** No address of the API gave an answer. */
export class ApiUnavailableError extends PhalanxError {
  readonly code = 'API_UNAVAILABLE';
  readonly retryable = true;
}

/** The API refused the request with a problem (RFC 9457). `problem` is its stable code, such as `NOT_DELIVERABLE`. */
export class ApiProblemError extends PhalanxError {
  readonly code = 'API_PROBLEM';
  readonly retryable: boolean;

  constructor(
    readonly status: number,
    readonly problem: string,
    detail: string,
  ) {
    super(`${status} ${problem}: ${detail}`, { status, problem });
    this.retryable = status >= 500 || status === 408 || status === 429;
  }
}

/** The API's answer has another form than this version knows. */
export class ApiAnswerError extends PhalanxError {
  readonly code = 'API_ANSWER';
  readonly retryable = true;
}
