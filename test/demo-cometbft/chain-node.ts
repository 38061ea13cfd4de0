// SPDX-License-Identifier: GPL-3.0-or-later
import { fromHex, type Hex } from '../../protocol/bytes.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import { setOf } from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer, duplicateVoteJson, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { timeToText } from '../../protocol/cometbft/timestamp.ts';
import { serveNode, type NodeServer, type RpcCall } from '../../relayer/sources/cometbft/node-server.ts';
import type { GeneratedChain } from './generated-chain.ts';

export interface ChainNode extends NodeServer {
  /** from now on it has no blocks of the chain above this height */
  stopAt(height: bigint): void;
  /** from now on it has this block at its height, whatever the chain has */
  lie(block: SignedHeader): void;
  /** it has the chain's blocks again, and no others */
  mend(): void;
}

/** What a node has of its chain. */
interface NodeView {
  readonly chain: GeneratedChain;
  readonly heights: readonly bigint[];
  readonly latest: bigint;
  /** @throws Error as nodes answer what they do not have */
  signedAt(height: bigint): SignedHeader;
}

/** Serve a generated chain on a free port of this machine, as one of its nodes would. */
export async function startChainNode(chain: GeneratedChain): Promise<ChainNode> {
  const lies = new Map<bigint, SignedHeader>();
  let end: bigint | undefined;
  const isServed = (height: bigint): boolean => end === undefined || height <= end;
  const view: NodeView = {
    chain,
    get heights() {
      return [...new Set([...chain.heights.filter(isServed), ...lies.keys()])].sort((a, b) => Number(b - a));
    },
    get latest() {
      return this.heights[0] ?? 0n;
    },
    signedAt(height) {
      const signed = lies.get(height) ?? (isServed(height) ? chain.at(height).signed : undefined);
      if (!signed) throw new Error(`height ${height} must be less than or equal to the current blockchain height`);
      return signed;
    },
  };
  const server = await serveNode(
    (call) => {
      try {
        return answerOf(view, call);
      } catch (error) {
        // As nodes answer what they do not have.
        const data = error instanceof Error ? error.message : String(error);
        return { jsonrpc: '2.0', id: -1, error: { code: -32603, message: 'Internal error', data } };
      }
    },
    { host: '127.0.0.1', port: 0 },
  );
  return {
    ...server,
    stopAt: (height) => void (end = height),
    lie: (block) => void lies.set(block.header.height, block),
    mend: () => {
      end = undefined;
      lies.clear();
    },
  };
}

function answerOf(view: NodeView, { method, params }: RpcCall): unknown {
  const { chain, heights, latest } = view;
  const number = (name: string, other: bigint): bigint => BigInt(params.get(name) ?? other);
  const height = number('height', latest);
  switch (method) {
    case 'status':
      return result({
        node_info: { network: chain.chainId },
        sync_info: {
          earliest_block_height: String(heights.at(-1)),
          latest_block_height: String(latest),
          latest_block_time: timeToText(view.signedAt(latest).header.timeNs),
          catching_up: false,
        },
      });
    case 'commit':
      return commitAnswer(view.signedAt(height));
    case 'validators': {
      // A node knows the set of the height after its last block.
      if (height !== latest + 1n) view.signedAt(height);
      const pages = validatorsAnswers(setOf(chain.validators), height, Number(number('per_page', 30n)));
      const page = pages[Number(number('page', 1n)) - 1];
      if (!page) throw new Error(`page should be within [1, ${pages.length}] range`);
      return page;
    }
    case 'block': {
      const evidence = chain.at(height).evidence.map(duplicateVoteJson);
      const { block_id, header } = metaOf(view.signedAt(height));
      return result({ block_id, block: { header, data: { txs: [] }, evidence: { evidence }, last_commit: null } });
    }
    case 'blockchain': {
      const [lowest, highest] = [number('minHeight', 1n), number('maxHeight', latest)];
      const shown = heights.filter((at) => at >= lowest && at <= highest).slice(0, 20);
      const metas = shown.map((at) => ({ ...metaOf(view.signedAt(at)), block_size: '0', num_txs: '0' }));
      return result({ last_height: String(latest), block_metas: metas });
    }
    case 'abci_query':
      return stateAnswer(chain, params, height);
    default:
      throw new Error(`${method} is not served`);
  }
}

function metaOf(signed: SignedHeader): { block_id: unknown; header: unknown } {
  const { header, commit } = (
    commitAnswer(signed).result as { signed_header: { header: unknown; commit: { block_id: unknown } } }
  ).signed_header;
  return { block_id: commit.block_id, header };
}

/** What the application holds at a key of a store, with its proofs. */
function stateAnswer({ state }: GeneratedChain, params: URLSearchParams, height: bigint): unknown {
  const store = /^"\/store\/([a-z]+)\/key"$/.exec(params.get('path') ?? '')?.[1];
  if (store === undefined || !state) throw new Error('unknown query path');
  const key = fromHex(params.get('data') as Hex);
  const { value, storeProof, rootProof } = state.read(store, key);
  const ops = [
    { type: 'ics23:iavl', key: base64(key), data: base64(storeProof) },
    { type: 'ics23:simple', key: base64(new TextEncoder().encode(store)), data: base64(rootProof) },
  ];
  const response = { code: 0, log: '', key: base64(key), value: base64(value), height: String(height) };
  return result({ response: { ...response, proofOps: { ops } } });
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const result = (value: unknown) => ({ jsonrpc: '2.0', id: -1, result: value });
