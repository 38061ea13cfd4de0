// SPDX-License-Identifier: GPL-3.0-or-later
import type { Response } from 'express';
import { z } from 'zod';
import type { ProblemCode } from './problem-catalog.ts';

/** What a handler is given: every part checked and decoded. */
export interface RequestContext<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** token or address that the request counts for */
  readonly client: string;
  readonly requestId: string;
  /** aborted when the client has gone or the service stops */
  readonly signal: AbortSignal;
  header(name: string): string | undefined;
}

export interface ReplySpec {
  readonly description: string;
  /** of a JSON body */
  readonly schema?: z.ZodType;
  /** of any other body */
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface RouteHead {
  readonly method: 'get' | 'post';
  /** with Express's `:name` parameters */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly replies: Readonly<Record<number, ReplySpec>>;
  /** beyond those that any request can meet */
  readonly problems?: readonly ProblemCode[];
  /** headers that mean something to this route: name and description */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

/** One route, as the server runs it and OpenAPI describes it. */
export interface Route extends RouteHead {
  readonly params: z.ZodType;
  readonly query: z.ZodType;
  readonly body: z.ZodType | undefined;
  readonly handle: (context: RequestContext<unknown, unknown, unknown>, response: Response) => Promise<void>;
}

export interface Reply<T> {
  readonly status: number;
  /** encoded by the status's schema */
  readonly body: T;
  readonly headers?: Readonly<Record<string, string>>;
}

const NOTHING = z.strictObject({});
type Nothing = typeof NOTHING;

interface RouteParts<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
}

/** A route that answers with JSON by the schema of its 2xx replies, all of which share one. */
export function jsonRoute<
  R extends z.ZodType,
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(
  spec: Omit<RouteHead, 'replies'> &
    RouteParts<P, Q, B> & {
      readonly reply: R;
      /** status to description */
      readonly statuses: Readonly<Record<number, string>>;
      readonly replyHeaders?: Readonly<Record<string, string>>;
      readonly handler: (context: RequestContext<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Reply<z.output<R>>>;
    },
): Route {
  const replies: Record<number, ReplySpec> = {};
  for (const [status, description] of Object.entries(spec.statuses)) {
    replies[Number(status)] = {
      description,
      schema: spec.reply,
      ...(spec.replyHeaders ? { headers: spec.replyHeaders } : {}),
    };
  }
  return streamRoute<P, Q, B>({
    ...spec,
    replies,
    handler: async (context, response) => {
      const { status, body, headers } = await spec.handler(context);
      response
        .status(status)
        .set(headers ?? {})
        .json(z.encode(spec.reply, body));
    },
  });
}

/** A route that writes its own answer. */
export function streamRoute<
  P extends z.ZodType = Nothing,
  Q extends z.ZodType = Nothing,
  B extends z.ZodType = Nothing,
>(
  spec: RouteHead &
    RouteParts<P, Q, B> & {
      readonly handler: (
        context: RequestContext<z.output<P>, z.output<Q>, z.output<B>>,
        response: Response,
      ) => Promise<void>;
    },
): Route {
  const { handler, params, query, body, ...head } = spec;
  return {
    ...head,
    params: params ?? NOTHING,
    query: query ?? NOTHING,
    body,
    // The server parses each part by the schemas beside it before it calls.
    handle: (context, response) => handler(context as RequestContext<z.output<P>, z.output<Q>, z.output<B>>, response),
  };
}
