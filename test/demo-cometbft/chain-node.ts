// SPDX-License-Identifier: GPL-3.0-or-later
import { fromHex, type Hex } from '../../protocol/bytes.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import { setOf } from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer, duplicateVoteJson, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { timeToText } from '../../protocol/cometbft/timestamp.ts';
import { serveNode, type NodeServer, type RpcCall } from '../../relayer/sources/cometbft/node-server.ts';
import type { GeneratedChain } from './generated-chain.ts';

export interface ChainNode extends NodeServer {
  /** from now on this node has another block than the chain at its height */
  lie(block: SignedHeader): void;
}

/** Serve a generated chain on a free port of this machine, as one of its nodes would. */
export async function startChainNode(chain: GeneratedChain): Promise<ChainNode> {
  const lies = new Map<bigint, SignedHeader>();
  const server = await serveNode(
    (call) => {
      try {
        return answerOf(chain, (height) => lies.get(height) ?? chain.at(height).signed, call);
      } catch (error) {
        // As nodes answer what they do not have.
        const data = error instanceof Error ? error.message : String(error);
        return { jsonrpc: '2.0', id: -1, error: { code: -32603, message: 'Internal error', data } };
      }
    },
    { host: '127.0.0.1', port: 0 },
  );
  return { ...server, lie: (block) => void lies.set(block.header.height, block) };
}

function answerOf(
  chain: GeneratedChain,
  signedAt: (height: bigint) => SignedHeader,
  { method, params }: RpcCall,
): unknown {
  const number = (name: string, other: bigint): bigint => BigInt(params.get(name) ?? other);
  const height = number('height', chain.latest);
  switch (method) {
    case 'status':
      return result({
        node_info: { network: chain.chainId },
        sync_info: {
          latest_block_height: String(chain.latest),
          latest_block_time: timeToText(chain.at(chain.latest).signed.header.timeNs),
          catching_up: false,
        },
      });
    case 'commit':
      return commitAnswer(signedAt(height));
    case 'validators': {
      // A node knows the set of the height after its last block.
      if (height !== chain.latest + 1n) chain.at(height);
      const pages = validatorsAnswers(setOf(chain.validators), height, Number(number('per_page', 30n)));
      const page = pages[Number(number('page', 1n)) - 1];
      if (!page) throw new Error(`page should be within [1, ${pages.length}] range`);
      return page;
    }
    case 'block': {
      const evidence = chain.at(height).evidence.map(duplicateVoteJson);
      const { block_id, header } = metaOf(signedAt(height));
      return result({ block_id, block: { header, data: { txs: [] }, evidence: { evidence }, last_commit: null } });
    }
    case 'blockchain': {
      const [lowest, highest] = [number('minHeight', 1n), number('maxHeight', chain.latest)];
      const heights = chain.heights.filter((at) => at >= lowest && at <= highest).sort((a, b) => Number(b - a));
      const metas = heights.slice(0, 20).map((at) => ({ ...metaOf(signedAt(at)), block_size: '0', num_txs: '0' }));
      return result({ last_height: String(chain.latest), block_metas: metas });
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
