// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { publishedSetSchema } from '../../verifier-api/schemas/validator-set.ts';
import { statementSchema } from '../../verifier-api/schemas/statement.ts';
import type { Validator } from '../../protocol/validator-set.ts';

export interface Answer {
  /** 0 when there was none: nobody listens, or the connection broke */
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export type Statement = z.output<typeof statementSchema>;

type PublishedSet = z.output<typeof publishedSetSchema>;

/** The API by HTTP, for a test that kills what answers. */
export class ApiCalls {
  constructor(private readonly url: string) {}

  get(path: string): Promise<Answer> {
    return this.#call('GET', path);
  }

  post(path: string, body: unknown): Promise<Answer> {
    return this.#call('POST', path, JSON.stringify(body));
  }

  async publishSet(set: Omit<PublishedSet, 'slots'> & { slots: readonly (Validator | undefined)[] }): Promise<void> {
    const slots = set.slots.map((slot) => (slot ? { key: slot.key, stakeGwei: slot.stakeGwei } : null));
    const { status, body } = await this.post('/v1/validator-sets', z.encode(publishedSetSchema, { ...set, slots }));
    if (status !== 201) throw new Error(`the set was not published: ${status} ${JSON.stringify(body)}`);
  }

  /** Undefined while there is no such statement, or no answer. */
  async statement(id: string): Promise<Statement | undefined> {
    const { status, body } = await this.get(`/v1/statements/${id}`);
    return status === 200 ? statementSchema.parse(body) : undefined;
  }

  /** All statements of one kind. */
  async statements(kind: string): Promise<Statement[]> {
    const { status, body } = await this.get(`/v1/statements?kind=${kind}&limit=100`);
    return status === 200 ? z.array(statementSchema).parse(body['statements']) : [];
  }

  async #call(method: string, path: string, text?: string): Promise<Answer> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method,
        signal: AbortSignal.timeout(20_000),
        // A connection that outlives its server would make the next call fail for the wrong reason.
        headers: { connection: 'close', ...(text === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(text === undefined ? {} : { body: text }),
      });
      // What was answered counts, also when the server dies before the last byte of the body.
      const body = (await response.json().catch(() => ({}))) as Answer['body'];
      return { status: response.status, body };
    } catch {
      return { status: 0, body: {} };
    }
  }
}
