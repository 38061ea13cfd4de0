// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RpcCall } from './node-server.ts';

/** Most headers that a node gives at once (`/blockchain`). */
const HEADERS = 20;
/** Most validators that a node puts on one page. */
const PAGE = 100;

interface RecordedCommit {
  readonly result: {
    readonly signed_header: {
      readonly header: { readonly chain_id: string; readonly time: string };
      readonly commit: { readonly block_id: unknown };
    };
  };
}

const result = (value: unknown) => ({ jsonrpc: '2.0', id: -1, result: value });
const failure = (data: string) => ({
  jsonrpc: '2.0',
  id: -1,
  error: { code: -32603, message: 'Internal error', data },
});

/**
 * What a node would answer that has the blocks of a folder: `/status`, `/commit`, `/validators` in pages, `/block` and
 * `/blockchain`. The folder holds a node's answers as `commit.<height>.json`, `validators.<height>.json` (all pages
 * joined) and, where it was recorded, `block.<height>.json`. It is read anew for each call; its newest block is the
 * highest commit.
 */
export function recordedAnswer(folder: string, { method, params }: RpcCall): unknown {
  const heights = readdirSync(folder).flatMap((name) => /^commit\.(\d{1,15})\.json$/.exec(name)?.[1] ?? []);
  const newest = heights.map(Number).sort((a, b) => b - a);
  const latest = newest[0];
  if (latest === undefined) return failure('the node has no blocks');
  const read = (kind: string, height: number): unknown => {
    const file = join(folder, `${kind}.${height}.json`);
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
  };
  const height = Number(params.get('height') ?? latest);
  const missing = failure(`could not find results for height #${height}`);
  switch (method) {
    case 'status': {
      const { chain_id, time } = (read('commit', latest) as RecordedCommit).result.signed_header.header;
      return result({
        node_info: { network: chain_id },
        sync_info: {
          latest_block_height: String(latest),
          latest_block_time: time,
          earliest_block_height: String(newest.at(-1)),
          catching_up: false,
        },
      });
    }
    case 'commit':
    case 'block':
      return read(method, height) ?? missing;
    case 'blockchain': {
      const [lowest, highest] = [Number(params.get('minHeight') ?? 1), Number(params.get('maxHeight') ?? latest)];
      const shown = newest.filter((at) => at >= lowest && at <= highest).slice(0, HEADERS);
      const metas = shown.map((at) => {
        const { header, commit } = (read('commit', at) as RecordedCommit).result.signed_header;
        return { block_id: commit.block_id, block_size: '0', header, num_txs: '0' };
      });
      return result({ last_height: String(latest), block_metas: metas });
    }
    case 'validators': {
      const whole = read('validators', height) as { result: { validators: unknown[] } } | undefined;
      return whole ? pageOf(whole.result.validators, height, params) : missing;
    }
    default:
      return failure(`${method} is not recorded`);
  }
}

function pageOf(validators: readonly unknown[], height: number, params: URLSearchParams): unknown {
  const perPage = Math.min(Number(params.get('per_page') ?? 30), PAGE);
  const page = Number(params.get('page') ?? 1);
  const rows = validators.slice((page - 1) * perPage, page * perPage);
  if (rows.length === 0) return failure(`page should be within [1, ${Math.ceil(validators.length / perPage)}] range`);
  const counts = { count: String(rows.length), total: String(validators.length) };
  return result({ block_height: String(height), validators: rows, ...counts });
}
