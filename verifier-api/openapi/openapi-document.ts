// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { PROBLEMS, type ProblemCode } from '../http/problem-catalog.ts';
import { PROBLEM_MEDIA_TYPE, problemSchema } from '../http/problem.ts';
import type { Route } from '../http/route.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type OpenApiDocument = { [key: string]: Json };

/** Problems that any request to a route with such parts can meet. */
const EVERYWHERE: readonly ProblemCode[] = [
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'MISDIRECTED',
  'INTERNAL',
  'STORE_UNAVAILABLE',
];
const WITH_INPUT: readonly ProblemCode[] = ['INVALID_FIELD', 'UNKNOWN_FIELD', 'OUT_OF_RANGE', 'MALFORMED_REQUEST'];
const WITH_BODY: readonly ProblemCode[] = ['INVALID_JSON', 'BODY_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'];

const RATE_LIMIT_HEADERS: Readonly<Record<string, string>> = {
  'RateLimit-Policy': 'The limit: `q` requests saved up at most, all back after `w` seconds.',
  RateLimit: 'What is left: `r` requests now, the next one after `t` seconds.',
  'X-Request-Id': 'Names the request in the logs; a sender may choose it.',
};

/** OpenAPI 3.1 of the routes, from the very schemas that check requests. */
export function openApiDocument(routes: readonly Route[]): OpenApiDocument {
  const components: Record<string, Json> = {};
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    (paths[path] ??= {})[route.method] = operation(route, components);
  }
  jsonSchema(problemSchema, components);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Phalanx verification API',
      version: '1',
      description:
        'Attestations in, proofs out, verification of any proof. Integers beyond 2^53 are canonical decimal strings, ' +
        'bytes are lower-case 0x-hex. Unknown fields are refused. Errors are problem details (RFC 9457).',
      license: { name: 'GPL-3.0-or-later' },
    },
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'Where the service is configured with tokens.' },
      },
    },
    security: [{}, { bearer: [] }],
  };
}

/** Codes of the problems that a route can answer with. */
export function problemsOf(route: Route): ProblemCode[] {
  const hasInput = route.body !== undefined || route.path.includes(':') || properties(route.query, {}).length > 0;
  const own = new Set<ProblemCode>([
    ...(route.problems ?? []),
    ...(hasInput ? WITH_INPUT : []),
    ...(route.body ? WITH_BODY : []),
  ]);
  if (route.path.includes(':')) own.add('NOT_FOUND');
  return [...own, ...EVERYWHERE];
}

function operation(route: Route, components: Record<string, Json>): Json {
  const parameters: Json[] = [
    ...properties(route.params, components).map((parameter) => ({ ...parameter, in: 'path', required: true })),
    ...properties(route.query, components).map((parameter) => ({ ...parameter, in: 'query' })),
    ...Object.entries(route.requestHeaders ?? {}).map(([name, description]) => ({
      name,
      in: 'header',
      required: false,
      description,
      schema: { type: 'string' },
    })),
  ];
  const responses: Record<string, Json> = {};
  for (const [status, { description, schema, mediaType, headers }] of Object.entries(route.replies)) {
    responses[status] = {
      description,
      headers: headerObjects({ ...RATE_LIMIT_HEADERS, ...headers }),
      ...(schema ? { content: { 'application/json': { schema: jsonSchema(schema, components) } } } : {}),
      ...(mediaType ? { content: { [mediaType]: { schema: { type: 'string' } } } } : {}),
    };
  }
  for (const [status, codes] of byStatus(problemsOf(route))) {
    responses[status] ??= {
      description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join(' '),
      content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description ? { description: route.description } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(route.body, components) } },
          },
        }
      : {}),
    responses,
  };
}

function operationId({ method, path }: Route): string {
  const words = path.split('/').filter((word) => word !== '' && word !== 'v1');
  return [method, ...words.map((word) => word.replace(/^:/, 'by-').replace(/[^\w]+/g, '-'))].join('-');
}

/** JSON schema of what is on the wire; named schemas go to the components. */
function jsonSchema(schema: z.ZodType, components: Record<string, Json>): Json {
  const { $schema: _, $defs, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as OpenApiDocument; // JSON by definition
  for (const [name, definition] of Object.entries(($defs ?? {}) as OpenApiDocument))
    components[name] = relocate(definition);
  return relocate(rest);
}

function relocate(value: Json): Json {
  if (Array.isArray(value)) return value.map(relocate);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      key === '$ref' && typeof one === 'string' ? one.replace('#/$defs/', '#/components/schemas/') : relocate(one),
    ]),
  );
}

function properties(
  schema: z.ZodType,
  components: Record<string, Json>,
): { name: string; required: boolean; description?: Json; schema: Json }[] {
  const object = jsonSchema(schema, components) as { properties?: OpenApiDocument; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property as OpenApiDocument;
    return {
      name,
      required: object.required?.includes(name) ?? false,
      ...(description === undefined ? {} : { description }),
      schema: rest,
    };
  });
}

function byStatus(codes: readonly ProblemCode[]): Map<string, ProblemCode[]> {
  const grouped = new Map<string, ProblemCode[]>();
  for (const code of codes) {
    const status = String(PROBLEMS[code].status);
    grouped.set(status, [...(grouped.get(status) ?? []), code]);
  }
  return grouped;
}

function headerObjects(headers: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}
