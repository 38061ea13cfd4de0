// SPDX-License-Identifier: GPL-3.0-or-later
import type { z } from 'zod';
import { Problem, type FieldError } from './problem.ts';

type Issue = z.core.$ZodIssue;

/**
 * Check and decode one part of a request.
 * @param where prefix of the fields' names, e.g. `query`; empty for the body
 * @throws Problem UNKNOWN_FIELD, OUT_OF_RANGE, or INVALID_FIELD where faults are mixed; each names every field and
 *   bound
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown, where: '' | 'path' | 'query'): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) => fieldErrors(issue, where));
  const codes = new Set(errors.map(({ code }) => code));
  const [first] = codes;
  const code = codes.size === 1 && first !== undefined ? first : 'INVALID_FIELD';
  throw new Problem(code, errors.map(({ field, bound }) => `${field || 'body'}: ${bound}`).join('; '), { errors });
}

function fieldErrors(issue: Issue, where: string): FieldError[] {
  const field = name([...(where === '' ? [] : [where]), ...issue.path]);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      // A key comes from outside: it is repeated only so far.
      field: name([...(where === '' ? [] : [where]), ...issue.path, key.slice(0, 64)]),
      code: 'UNKNOWN_FIELD',
      bound: 'no such field',
    }));
  }
  const outOfRange =
    issue.code === 'too_big' ||
    issue.code === 'too_small' ||
    (issue.code === 'custom' && issue.params?.['outOfRange'] === true);
  return [{ field, code: outOfRange ? 'OUT_OF_RANGE' : 'INVALID_FIELD', bound: issue.message }];
}

function name(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}
