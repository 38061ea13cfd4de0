// SPDX-License-Identifier: GPL-3.0-or-later
import { numberToHex } from 'viem';
import type { Checkpoint } from '../../protocol/attestation.ts';
import { chainKey, evmChainId, type ChainId, type ChainKey } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { evmClient, type EvmClient } from '../lib/evm-client.ts';
import { agree, askAll, reachedBy } from './agreement.ts';
import { HeaderError, SourceMismatchError } from './errors.ts';
import { parseEvmHeader, type EvmHeader } from './evm-header.ts';
import type { Source } from './source.ts';

export interface EvmSourceOptions {
  readonly id: ChainId;
  /** 32 bytes: hash of block 0 */
  readonly genesisHash: Hex;
  readonly rpcs: readonly string[];
  /** how many of `rpcs` must agree, at least 1 */
  readonly rpcQuorum: number;
  /** the node's `finalized` tag, or this many blocks below its head */
  readonly finality: 'finalized' | { readonly depth: number };
  /** a node gave another valid answer than the one that enough of them agree on */
  readonly onDissent?: (height: bigint, nodes: number) => void;
}

/** An EVM chain, read over several JSON-RPC nodes none of which is believed alone. */
export class EvmSource implements Source {
  readonly id: ChainId;
  readonly chainKey: ChainKey;
  private readonly nodes: readonly EvmClient[];

  constructor(private readonly options: EvmSourceOptions) {
    this.id = options.id;
    this.chainKey = chainKey(options.id, options.genesisHash);
    this.nodes = options.rpcs.map((url) => evmClient([url]));
  }

  async check(): Promise<void> {
    const { id, genesisHash, rpcQuorum } = this.options;
    const answers = await askAll(this.nodes, async (node) => {
      const chainId = await node.getChainId();
      const genesis = await header(node, 0n);
      return { chainId, hash: genesis.hash };
    });
    const { value } = agree(answers, rpcQuorum, ({ chainId, hash }) => `${chainId}:${hash}`);
    if (value.chainId !== evmChainId(id)) {
      throw new SourceMismatchError(`the nodes of ${id} serve chain ${value.chainId}`, { chain: id });
    }
    if (value.hash !== genesisHash) {
      throw new SourceMismatchError(`the nodes of ${id} have another genesis block`, {
        chain: id,
        expected: genesisHash,
        actual: value.hash,
      });
    }
  }

  async finalisedHeight(): Promise<bigint> {
    const { finality, rpcQuorum } = this.options;
    const answers = await askAll(this.nodes, async (node) => {
      if (finality === 'finalized') return (await node.getBlock({ blockTag: 'finalized' })).number;
      const head = await node.getBlockNumber({ cacheTime: 0 });
      return head > BigInt(finality.depth) ? head - BigInt(finality.depth) : 0n;
    });
    return reachedBy(answers, rpcQuorum);
  }

  async checkpointAt(height: bigint): Promise<Checkpoint> {
    const answers = await askAll(this.nodes, (node) => header(node, height));
    const { value, dissent } = agree(answers, this.options.rpcQuorum, ({ hash }) => hash);
    if (dissent > 0) this.options.onDissent?.(height, dissent);
    return {
      chainKey: this.chainKey,
      height,
      blockHash: value.hash,
      stateRoot: value.stateRoot,
      timestamp: value.timestamp,
    };
  }
}

async function header(node: EvmClient, height: bigint): Promise<EvmHeader> {
  // The raw answer: viem's formatted block leaves out fields that it does not know.
  const block: unknown = await node.request({ method: 'eth_getBlockByNumber', params: [numberToHex(height), false] });
  if (block === null) throw new HeaderError('the node does not have the block', { height: String(height) });
  const parsed = parseEvmHeader(block);
  if (parsed.number !== height) {
    throw new HeaderError('the node answered with another block', {
      height: String(height),
      actual: String(parsed.number),
    });
  }
  return parsed;
}
