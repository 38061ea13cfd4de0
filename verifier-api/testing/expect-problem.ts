// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { PROBLEMS, type ProblemCode } from '../http/problem-catalog.ts';
import { problemSchema } from '../http/problem.ts';
import type { Answer } from './api-fixture.ts';

/** Problem details with this code, in full and consistent with the answer's head. */
export function expectProblem(answer: Answer, code: ProblemCode): void {
  assert.equal(answer.body['code'], code, `${answer.status} ${JSON.stringify(answer.body)}`);
  const { status, title } = PROBLEMS[code];
  const details = problemSchema.parse(answer.body);
  assert.deepEqual(
    [answer.status, details.status, details.title, details.type],
    [status, status, title, `/docs#${code}`],
  );
  assert.match(answer.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(details.requestId, answer.headers.get('x-request-id'));
}
