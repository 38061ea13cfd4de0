// SPDX-License-Identifier: GPL-3.0-or-later
import { randomUUID } from 'node:crypto';
import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { Logger } from '../../runtime/log.ts';
import type { HttpMetrics } from './http-metrics.ts';
import type { Authenticate } from './authentication.ts';
import { parseInput } from './parse-input.ts';
import { Problem, PROBLEM_MEDIA_TYPE, problemDetails } from './problem.ts';
import type { RateLimiter } from './rate-limit.ts';
import type { Route } from './route.ts';
import { toProblem } from './server-errors.ts';

export interface AppParts {
  readonly routes: readonly Route[];
  readonly log: Logger;
  readonly metrics: HttpMetrics;
  readonly authenticate: Authenticate;
  readonly rateLimiter: RateLimiter;
  readonly bodyLimitBytes: number;
  /** one for each request under way: aborting them ends event streams */
  readonly underWay: Set<AbortController>;
}

/** Paths that monitoring and people read: neither a token nor a place in a bucket is asked for. */
const OPEN_PATHS = new Set(['/health', '/ready', '/openapi.json', '/docs']);

/** The Express application: request ids, authentication, rate limits, bodies, routes, problem details. */
export function createApp(parts: AppParts): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', 'simple').set('case sensitive routing', true);
  app.use((request, response, next) => {
    const given = request.get('x-request-id');
    response.locals['requestId'] = given !== undefined && /^[\w.-]{1,64}$/.test(given) ? given : randomUUID();
    response
      .set('X-Request-Id', requestId(response))
      .set('X-Content-Type-Options', 'nosniff')
      .set('Cache-Control', 'no-store');
    observe(parts, request, response);
    next();
  });
  app.use(async (request, response, next) => {
    if (!OPEN_PATHS.has(request.path)) {
      const client = parts.authenticate(request);
      response.locals['client'] = client;
      if (request.path !== '/metrics') response.set(await parts.rateLimiter.take(client));
    }
    next();
  });
  const json = express.json({ limit: parts.bodyLimitBytes, inflate: false, type: () => true });
  for (const route of parts.routes) {
    const before = route.body ? [requireJson, json] : [];
    app[route.method](route.path, ...before, (request: Request, response: Response) =>
      run(parts.underWay, route, request, response),
    );
  }
  for (const path of new Set(parts.routes.map((route) => route.path))) {
    const methods = parts.routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    const allow = [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
    app.all(path, (request, response) => {
      if (request.method === 'OPTIONS') return void response.status(204).set('Allow', allow).end();
      throw new Problem('METHOD_NOT_ALLOWED', `expected one of ${allow}`, { headers: { Allow: allow } });
    });
  }
  app.use(() => {
    throw new Problem('NOT_FOUND', 'no such path; GET /openapi.json lists them');
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) =>
    fail(parts.log, error, request, response),
  );
  return app;
}

async function run(underWay: Set<AbortController>, route: Route, request: Request, response: Response): Promise<void> {
  response.locals['route'] = route.path;
  const gone = new AbortController();
  underWay.add(gone);
  response.on('close', () => {
    underWay.delete(gone);
    // Nobody waits any more for what was answered in full.
    if (!response.writableFinished) gone.abort();
  });
  await route.handle(
    {
      params: parseInput(route.params, request.params, 'path'),
      query: parseInput(route.query, request.query, 'query'),
      body: route.body ? parseInput(route.body, request.body, '') : undefined,
      client: String(response.locals['client'] ?? ''),
      requestId: requestId(response),
      signal: gone.signal,
      header: (name) => request.get(name),
    },
    response,
  );
}

function requireJson(request: Request, _response: Response, next: NextFunction): void {
  const type = request.get('content-type') ?? '';
  if (!/^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(type)) {
    throw new Problem('UNSUPPORTED_MEDIA_TYPE', 'expected Content-Type: application/json');
  }
  if (request.get('content-length') === '0')
    throw new Problem('INVALID_JSON', 'expected a JSON object, not an empty body');
  next();
}

function fail(log: Logger, error: unknown, request: Request, response: Response): void {
  const problem = toProblem(error);
  if (problem.status >= 500)
    log.error({ err: error, requestId: requestId(response), path: request.path }, problem.title);
  if (response.headersSent) return void response.destroy();
  response
    .status(problem.status)
    .set(problem.options.headers ?? {})
    .type(PROBLEM_MEDIA_TYPE)
    .send(JSON.stringify(problemDetails(problem, requestId(response))));
}

function observe({ log, metrics }: AppParts, request: Request, response: Response): void {
  const begun = performance.now();
  response.on('close', () => {
    const seconds = (performance.now() - begun) / 1_000;
    const route = String(response.locals['route'] ?? 'none');
    metrics.requests.inc({ method: request.method, route, status: response.statusCode });
    metrics.seconds.observe({ method: request.method, route }, seconds);
    log.debug(
      { requestId: requestId(response), method: request.method, route, status: response.statusCode, seconds },
      'request',
    );
  });
}

function requestId(response: Response): string {
  return String(response.locals['requestId']);
}
