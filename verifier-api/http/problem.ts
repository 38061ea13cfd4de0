// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { PhalanxError, type ErrorMeta } from '../../protocol/errors.ts';
import { PROBLEMS, type ProblemCode } from './problem-catalog.ts';

/** One field that breaks its bound, named as the sender wrote it. */
export interface FieldError {
  readonly field: string;
  readonly code: 'INVALID_FIELD' | 'UNKNOWN_FIELD' | 'OUT_OF_RANGE';
  readonly bound: string;
}

/** Ends a request with problem details (RFC 9457). */
export class Problem extends PhalanxError {
  readonly retryable: boolean;
  readonly status: number;
  readonly title: string;

  constructor(
    readonly code: ProblemCode,
    detail: string,
    readonly options: {
      readonly errors?: readonly FieldError[];
      readonly headers?: Readonly<Record<string, string>>;
      readonly meta?: ErrorMeta;
      readonly cause?: unknown;
    } = {},
  ) {
    super(detail, options.meta, options.cause);
    this.status = PROBLEMS[code].status;
    this.title = PROBLEMS[code].title;
    this.retryable = this.status === 429 || this.status >= 500;
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** `application/problem+json` (RFC 9457, section 3), with the extensions `code`, `requestId` and `errors`. */
export const problemSchema = z
  .object({
    type: z.string().describe('`/docs#` and the code, relative to the service.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().describe('Stable; what a program should look at.'),
    requestId: z.string(),
    errors: z
      .array(
        z.object({
          field: z.string().describe('As the sender wrote it, e.g. `attestation.checkpoint.height`.'),
          code: z.enum(['INVALID_FIELD', 'UNKNOWN_FIELD', 'OUT_OF_RANGE']),
          bound: z.string().describe('What was expected there.'),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'Problem details (RFC 9457).' });

export type ProblemDetails = z.output<typeof problemSchema>;

export function problemDetails(problem: Problem, requestId: string): ProblemDetails {
  const { errors } = problem.options;
  return {
    type: `/docs#${problem.code}`,
    title: problem.title,
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    requestId,
    ...(errors ? { errors: [...errors] } : {}),
  };
}
