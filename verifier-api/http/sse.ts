// SPDX-License-Identifier: GPL-3.0-or-later
import type { Response } from 'express';

export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

/** Comment lines keep proxies from closing a quiet stream. */
const HEARTBEAT_MS = 15_000;

/**
 * Write events until the source ends or the client goes (WHATWG HTML, 9.2). The stream ends in order: a client that
 * saw the final event should not come back, which `retry` and the 204 answered to its Last-Event-ID tell it.
 */
export async function sendEvents(
  response: Response,
  events: AsyncIterable<ServerSentEvent>,
  signal: AbortSignal,
): Promise<void> {
  response.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
  response.write('retry: 2000\n\n');
  const heartbeat = setInterval(() => response.write(': waiting\n\n'), HEARTBEAT_MS);
  try {
    for await (const { id, event, data } of events) {
      const flushed = response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      if (!flushed) await drained(response, signal);
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

async function drained(response: Response, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    response.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
