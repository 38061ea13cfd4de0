// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../../protocol/errors.ts';
import { Problem } from './problem.ts';

/** What body-parser and Express throw, by `type` or `status`. */
interface HttpError {
  readonly type?: unknown;
  readonly status?: unknown;
  readonly limit?: unknown;
}

/** Any thrown value as the problem that the client is told; INTERNAL where it is the service's fault. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidFieldError) {
    return new Problem('INVALID_FIELD', error.message, {
      errors: [{ field: error.field, code: 'INVALID_FIELD', bound: error.bound }],
    });
  }
  if (isRedisFailure(error)) return new Problem('STORE_UNAVAILABLE', 'try again', { cause: error });
  const { type, status, limit } = (typeof error === 'object' && error !== null ? error : {}) as HttpError;
  switch (type) {
    case 'entity.parse.failed':
      return new Problem('INVALID_JSON', 'expected a JSON object (RFC 8259)');
    case 'entity.too.large':
      return new Problem('BODY_TOO_LARGE', `expected at most ${Number(limit)} bytes`);
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new Problem('UNSUPPORTED_MEDIA_TYPE', 'expected application/json in UTF-8, not compressed');
  }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('MALFORMED_REQUEST', 'the request line, a header or the body cannot be read');
  }
  return new Problem('INTERNAL', 'the error has been logged under this request id', { cause: error });
}

/** The connection is away, or Redis refuses to write. */
function isRedisFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.name === 'MaxRetriesPerRequestError' ||
    /^(Stream isn't writeable|Connection is closed|Command timed out)/.test(error.message) ||
    /^(LOADING|READONLY|MISCONF|OOM|MASTERDOWN) /.test(error.message)
  );
}
