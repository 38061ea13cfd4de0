// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** A request as a node sees it. */
export interface RpcCall {
  /** without the leading slash */
  readonly method: string;
  readonly params: URLSearchParams;
}

export interface RecordedNode {
  readonly url: string;
  /** every call, in order */
  readonly calls: readonly RpcCall[];
  /** give another answer than the recorded one, or undefined for that; text is sent as it is, a number is a status */
  answer: (call: RpcCall) => unknown;
  close(): Promise<void>;
}

interface Recorded {
  readonly result: {
    readonly signed_header: { readonly header: { readonly chain_id: string; readonly time: string } };
  };
}

/**
 * Serve a folder of recorded answers (`commit.<height>.json`, `validators.<height>.json` with all pages joined) on a port of
 * this machine as a CometBFT node would: `/status`, `/commit` and `/validators` in pages. The newest height is the highest
 * that is recorded.
 */
export async function startRecordedNode(folder: string): Promise<RecordedNode> {
  const calls: RpcCall[] = [];
  const server = createServer((request, response) => {
    const { pathname, searchParams: params } = new URL(request.url ?? '/', 'http://localhost');
    const call = { method: pathname.slice(1), params };
    calls.push(call);
    const answer = node.answer(call) ?? recordedAnswer(folder, call);
    if (typeof answer === 'number') return void response.writeHead(answer).end();
    const failed = typeof answer === 'object' && answer !== null && 'error' in answer;
    response.writeHead(failed ? 500 : 200, { 'content-type': 'application/json' });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const node: RecordedNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    answer: () => undefined,
    close: () => close(server),
  };
  return node;
}

function recordedAnswer(folder: string, { method, params }: RpcCall): unknown {
  const result = (value: unknown) => ({ jsonrpc: '2.0', id: -1, result: value });
  const error = (data: string) => ({
    jsonrpc: '2.0',
    id: -1,
    error: { code: -32603, message: 'Internal error', data },
  });
  const heights = readdirSync(folder).flatMap((name) => /^commit\.(\d+)\.json$/.exec(name)?.[1] ?? []);
  const latest = heights.sort((a, b) => Number(a) - Number(b)).at(-1) ?? '0';
  const read = (kind: string, height: string): unknown => {
    const file = join(folder, `${kind}.${height}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  };
  if (method === 'status') {
    const { chain_id, time } = (read('commit', latest) as Recorded).result.signed_header.header;
    return result({
      node_info: { network: chain_id },
      sync_info: { latest_block_height: latest, latest_block_time: time, catching_up: false },
    });
  }
  const height = params.get('height') ?? latest;
  const missing = error(`could not find results for height #${height}`);
  if (method === 'commit') return read('commit', height) ?? missing;
  if (method !== 'validators') return error(`${method} is not recorded`);
  const whole = read('validators', height) as { result: { validators: unknown[]; block_height: string } } | undefined;
  if (!whole) return missing;
  const { validators, block_height } = whole.result;
  const perPage = Math.min(Number(params.get('per_page') ?? 30), 100);
  const page = Number(params.get('page') ?? 1);
  const rows = validators.slice((page - 1) * perPage, page * perPage);
  if (rows.length === 0) return error(`page should be within [1, ${Math.ceil(validators.length / perPage)}] range`);
  return result({ block_height, validators: rows, count: String(rows.length), total: String(validators.length) });
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
