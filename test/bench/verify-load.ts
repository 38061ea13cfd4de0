// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * Load on `POST /v1/verify`, from a process of its own: every connection sends its next request when it has its answer.
 * It speaks HTTP/1.1 by itself, because it shares two processors with what it measures.
 * Arguments: address of the service, file of samples, seconds, connections. Prints a `LoadReport`.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { percentile } from './percentile.ts';

/** A request and the verdict that it has to meet. */
export interface LoadSample {
  readonly body: unknown;
  readonly valid: boolean;
}

export interface LoadReport {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** answered within the time, after the warm-up */
  readonly requests: number;
  /** of them, with the verdict `valid` */
  readonly valid: number;
  /** answers that are no verdict or the wrong one, and connections lost */
  readonly errors: number;
  readonly firstError: string | null;
}

const WARM_UP_MS = 2_000;

const [url = '', file = '', seconds = '10', connections = '32'] = process.argv.slice(2);
const { hostname, port } = new URL(url);
const samples = (JSON.parse(readFileSync(file, 'utf8')) as LoadSample[]).map(({ body, valid }) => {
  const text = Buffer.from(JSON.stringify(body));
  const head = `POST /v1/verify HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n`;
  return { request: Buffer.concat([Buffer.from(head), text]), valid };
});

let next = 0;
let measuring = false;
let over = false;
let valid = 0;
let errors = 0;
let firstError: string | null = null;
const latenciesMs: number[] = [];

function fault(what: string): void {
  errors++;
  firstError ??= what.slice(0, 400);
}

/** One connection's life. */
function drive(socket: Socket): void {
  let sample = samples[0];
  let begun = 0;
  let received = '';
  const send = (): void => {
    if (over) return void socket.destroy();
    sample = samples[next++ % samples.length];
    if (!sample) throw new Error('no samples');
    begun = performance.now();
    socket.write(sample.request);
  };
  socket.setNoDelay(true);
  // Every header and every verdict is ASCII.
  socket.setEncoding('latin1');
  socket.on('connect', send);
  socket.on('error', (error) => fault(error.message));
  socket.on('close', () => {
    if (!over) fault('connection closed');
  });
  socket.on('data', (chunk: string) => {
    received += chunk;
    const headEnd = received.indexOf('\r\n\r\n');
    if (headEnd < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, headEnd + 2))?.[1] ?? NaN);
    if (received.length < headEnd + 4 + length) return;
    const expected = `"valid":${String(sample?.valid)},`;
    if (!received.startsWith('HTTP/1.1 200 ') || !received.includes(expected, headEnd)) {
      fault(`expected ${expected} found ${received}`);
    }
    if (measuring) {
      latenciesMs.push(performance.now() - begun);
      if (sample?.valid) valid++;
    }
    received = '';
    send();
  });
}

const sockets = Array.from({ length: Number(connections) }, () => connect(Number(port), hostname));
sockets.forEach(drive);
await new Promise((resolve) => setTimeout(resolve, WARM_UP_MS));
measuring = true;
const from = performance.now();
await new Promise((resolve) => setTimeout(resolve, Number(seconds) * 1_000));
measuring = false;
over = true;
const elapsed = (performance.now() - from) / 1_000;
sockets.forEach((socket) => socket.destroy());

const report: LoadReport = {
  requestsPerSecond: latenciesMs.length / elapsed,
  p50Ms: percentile(latenciesMs, 0.5),
  p99Ms: percentile(latenciesMs, 0.99),
  requests: latenciesMs.length,
  valid,
  errors,
  firstError,
};
process.stdout.write(`${JSON.stringify(report)}\n`);
