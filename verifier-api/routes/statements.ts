// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { STATEMENT_STATES } from '../../runtime/keys.ts';
import type { StatementRecord } from '../../runtime/statement-record.ts';
import { bindIdempotencyKey } from '../http/idempotency.ts';
import { Problem } from '../http/problem.ts';
import { jsonRoute, streamRoute, type Route } from '../http/route.ts';
import { sendEvents } from '../http/sse.ts';
import { pageQuery } from '../schemas/page.ts';
import { bytes32, chainId } from '../schemas/primitives.ts';
import { provedStatementSchema } from '../schemas/proof.ts';
import { callSchema, statementPageSchema, statementRequestSchema, statementSchema } from '../schemas/statement.ts';
import type { Services } from '../services.ts';
import { NoCircuitKeyError } from '../statements/circuit-keys.ts';
import { statementCall } from '../statements/calldata.ts';
import { requestedDraft } from '../statements/request-statement.ts';
import { parseContext } from '../statements/statement-context.ts';
import { statementView } from '../statements/statement-view.ts';

const params = z.strictObject({ id: bytes32 });

/** Id of a Redis stream's entry. Its numbers are u64s: twenty digits might not fit, which Redis refuses. */
const EVENT_ID = /^\d{1,19}-\d{1,19}$/;

export function statementRoutes(services: Services): Route[] {
  const { statements, events, outbox, redis, chains } = services;
  const find = async (id: Hex): Promise<StatementRecord> => {
    const record = await statements.get(id as StatementId);
    if (!record) throw new Problem('NOT_FOUND', `no statement ${id}`);
    return record;
  };
  const findProof = async (id: Hex) => {
    const { state } = await find(id);
    const proof = await statements.proof(id as StatementId);
    if (!proof) throw new Problem('NOT_PROVED', `the statement is ${state}`);
    return proof;
  };
  return [
    jsonRoute({
      method: 'post',
      path: '/v1/statements',
      tag: 'Statements',
      summary: 'Ask for a proof',
      description: 'Quorums and offences that are noticed here are asked for by themselves. Asking again is harmless.',
      requestHeaders: {
        'Idempotency-Key': '1 to 128 printable characters. The same key with another body is refused for 24 hours.',
      },
      body: statementRequestSchema,
      reply: statementSchema,
      statuses: { 202: 'Accepted: it survives any crash. `Location` is its resource.' },
      replyHeaders: { Location: "The statement's path." },
      problems: [
        'CHAIN_UNKNOWN',
        'CIRCUIT_WITHOUT_KEY',
        'IDEMPOTENCY_KEY_INVALID',
        'IDEMPOTENCY_KEY_REUSED',
        'KEY_UNFIT',
        'MESSAGE_UNKNOWN',
        'NO_OFFENCE',
        'QUORUM_NOT_REACHED',
        'SET_UNKNOWN',
        'SIGNATURE_INVALID',
        'SIGNER_NOT_IN_SET',
      ],
      handler: async ({ body, client, header }) => {
        const draft = await requestedDraft(services, body);
        try {
          await services.keys.current({ id: draft.circuit });
        } catch (error) {
          if (!(error instanceof NoCircuitKeyError)) throw error;
          throw new Problem('CIRCUIT_WITHOUT_KEY', error.message, { cause: error });
        }
        await bindIdempotencyKey(redis, client, header('idempotency-key'), body);
        await outbox.create(draft);
        return {
          status: 202,
          body: statementView(await find(draft.id)),
          headers: { Location: `/v1/statements/${draft.id}` },
        };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/statements',
      tag: 'Statements',
      summary: 'List statements, or follow those in one state',
      description:
        'With `state` they come in the order in which they entered it (`sequence`), else in that of their creation ' +
        '(`createdSequence`). A reader that remembers `after` misses none.',
      query: z.strictObject({
        state: z.enum(STATEMENT_STATES, `one of ${STATEMENT_STATES.join(', ')}`).optional(),
        kind: z
          .string()
          .regex(/^[a-z-]{1,32}$/, 'the kind of a statement')
          .optional(),
        ...pageQuery,
      }),
      reply: statementPageSchema,
      statuses: { 200: 'A page.' },
      handler: async ({ query: { state, kind, after, limit } }) => {
        const page = await statements.list({ after, limit, ...(state ? { state } : {}), ...(kind ? { kind } : {}) });
        return { status: 200, body: { statements: page.statements.map(statementView), after: page.after } };
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/statements/:id',
      tag: 'Statements',
      summary: 'A statement and its state',
      params,
      reply: statementSchema,
      statuses: { 200: 'The statement.' },
      handler: async ({ params: { id } }) => ({ status: 200, body: statementView(await find(id)) }),
    }),
    streamRoute({
      method: 'get',
      path: '/v1/statements/:id/events',
      tag: 'Statements',
      summary: 'Follow a statement by server-sent events',
      description:
        'Events are named by the state and carry JSON {state, attempt, atMs, phase, progress, code}. The stream ends ' +
        'after the event that ends the statement; coming back with its id is answered 204, which tells a client to stop.',
      params,
      requestHeaders: { 'Last-Event-ID': 'Go on after this event.' },
      replies: {
        200: { description: 'Events.', mediaType: 'text/event-stream' },
        204: { description: 'The statement has ended and there is nothing after Last-Event-ID.' },
      },
      handler: async ({ params: { id }, header, signal }, response) => {
        const record = await find(id);
        const after = header('last-event-id');
        if (after !== undefined && !EVENT_ID.test(after)) {
          throw new Problem('INVALID_FIELD', 'Last-Event-ID: expected an id of this stream', {
            errors: [{ field: 'Last-Event-ID', code: 'INVALID_FIELD', bound: 'an id of this stream' }],
          });
        }
        const ended = record.state !== 'queued' && record.state !== 'proving';
        if (ended && after !== undefined && (await statements.events(record.id, after)).length === 0) {
          response.status(204).end();
          return;
        }
        await sendEvents(response, named(events.follow(record.id, after, signal)), signal);
      },
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/statements/:id/proof',
      tag: 'Statements',
      summary: 'The proof of a statement',
      params,
      reply: provedStatementSchema,
      statuses: { 200: 'The proof; it was verified before it was stored.' },
      problems: ['NOT_PROVED'],
      handler: async ({ params: { id } }) => ({ status: 200, body: provedStatementSchema.parse(await findProof(id)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/statements/:id/calldata',
      tag: 'Statements',
      summary: 'The transaction that gives a proved statement its effect on a chain',
      params,
      query: z.strictObject({ chain: chainId }),
      reply: callSchema,
      statuses: { 200: 'The transaction.' },
      problems: ['NOT_PROVED', 'NOT_DELIVERABLE', 'CHAIN_UNKNOWN'],
      handler: async ({ params: { id }, query }) => {
        const chain = chains.get(query.chain);
        const proved = await findProof(id);
        const call = statementCall(parseContext((await find(id)).context), proved, chain);
        return { status: 200, body: { ...call, chain: chain.config.id, value: '0' as const } };
      },
    }),
  ];
}

async function* named(events: ReturnType<Services['events']['follow']>) {
  for await (const { eventId, ...data } of events) yield { id: eventId, event: data.state, data };
}
