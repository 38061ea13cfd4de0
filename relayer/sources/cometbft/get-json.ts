// SPDX-License-Identifier: GPL-3.0-or-later
import { SourceUnavailableError } from '../errors.ts';

/** A commit of ten thousand validators is some 3 MiB. */
const MAX_BYTES = 16 * 2 ** 20;

/**
 * Get JSON by HTTP. A node's errors are JSON too, with a status of 500, and are the caller's to read.
 * @param url never shown: it may hold a token
 * @throws SourceUnavailableError when there is no JSON within the time and 16 MiB
 */
export async function getJson(url: string, timeoutMs: number, signal?: AbortSignal): Promise<unknown> {
  const deadline = AbortSignal.timeout(timeoutMs);
  let status: number | undefined;
  try {
    const response = await fetch(url, {
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
      redirect: 'error',
      headers: { accept: 'application/json' },
    });
    status = response.status;
    return JSON.parse(await bodyOf(response));
  } catch (error) {
    if (error instanceof SourceUnavailableError) throw error;
    const meta = status === undefined ? {} : { status };
    throw new SourceUnavailableError(whatFailed(error, deadline.aborted), meta, error);
  }
}

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += (part as Uint8Array).length;
    if (length > MAX_BYTES) throw new SourceUnavailableError('the answer is too long', { maxBytes: MAX_BYTES });
    parts.push(part as Uint8Array);
  }
  return Buffer.concat(parts).toString('utf8');
}

function whatFailed(error: unknown, late: boolean): string {
  if (late) return 'the node did not answer in time';
  return error instanceof SyntaxError
    ? 'the node answered with something else than JSON'
    : 'the node cannot be reached';
}
