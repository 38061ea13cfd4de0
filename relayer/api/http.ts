// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Secret } from '../../runtime/secret.ts';
import { ApiAnswerError, ApiProblemError, ApiUnavailableError } from './errors.ts';

export interface HttpOptions {
  readonly urls: readonly string[];
  readonly token: Secret | undefined;
  readonly timeoutMs?: number;
}

const problemSchema = z.object({ code: z.string().default('UNKNOWN'), detail: z.string().default('') });

/** JSON over HTTP to one service behind several addresses. Every request has a timeout. */
export class ApiHttp {
  readonly urls: readonly string[];
  /** the address that answered last is asked first */
  private preferred = 0;

  constructor(private readonly options: HttpOptions) {
    this.urls = options.urls.map((url) => url.replace(/\/+$/, ''));
  }

  /**
   * Ask the addresses in turn until one answers. What a 4xx says, every address would say.
   * @throws ApiUnavailableError, ApiProblemError, ApiAnswerError
   */
  async get<T>(path: string, schema: z.ZodType<T, unknown>): Promise<T> {
    return this.#first(path, undefined, schema);
  }

  /** The same with a body, for what does no harm when two addresses take it. */
  async postToAny<T>(path: string, body: unknown, schema: z.ZodType<T, unknown>): Promise<T> {
    return this.#first(path, JSON.stringify(body), schema);
  }

  async #first<T>(path: string, body: string | undefined, schema: z.ZodType<T, unknown>): Promise<T> {
    let last: unknown;
    for (let i = 0; i < this.urls.length; i += 1) {
      const index = (this.preferred + i) % this.urls.length;
      try {
        const answer = await this.request(this.urls[index] ?? '', path, body);
        this.preferred = index;
        return parseAnswer(answer, schema, path);
      } catch (error) {
        if (error instanceof ApiProblemError && !error.retryable) throw error;
        last = error;
      }
    }
    throw last;
  }

  /** Post to one address. @throws ApiUnavailableError, ApiProblemError */
  async post(url: string, path: string, body: unknown): Promise<unknown> {
    return this.request(url, path, JSON.stringify(body));
  }

  private async request(url: string, path: string, body: string | undefined): Promise<unknown> {
    const { token, timeoutMs = 10_000 } = this.options;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url}${path}`, {
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
        headers: {
          accept: 'application/json',
          ...(token ? { authorization: `Bearer ${token.reveal()}` } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { method: 'POST', body }),
      });
      text = await response.text();
    } catch (error) {
      throw new ApiUnavailableError('the API does not answer', { url }, error);
    }
    const json = parseJson(text);
    if (response.ok) return json;
    const problem = problemSchema.safeParse(json);
    throw new ApiProblemError(response.status, problem.data?.code ?? 'UNKNOWN', problem.data?.detail ?? '');
  }
}

function parseJson(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseAnswer<T>(answer: unknown, schema: z.ZodType<T, unknown>, path: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ApiAnswerError('the API answers in another form', {
    path,
    field: issue?.path.join('.') ?? '',
    problem: issue?.message ?? '',
  });
}
