// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, fromHex, toBytesBE, toHex, type Hex } from '../../protocol/bytes.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import type { Logger } from '../../runtime/log.ts';
import type { CircuitKeys } from '../statements/circuit-keys.ts';
import { signatureShards } from '../statements/signature-shards.ts';
import { established, type ConsensusStateStore } from '../store/consensus-state-store.ts';
import type { HeaderUpdateStore } from '../store/header-update-store.ts';
import type { BundleSettler } from './bundle-settler.ts';
import { checkHeader, type HeaderAnswers } from './check-header.ts';
import { headerProblem } from './cometbft-refusal.ts';

export interface HeaderUpdateParts {
  readonly updates: HeaderUpdateStore;
  readonly settler: BundleSettler;
  readonly states: ConsensusStateStore;
  readonly keys: CircuitKeys;
  readonly log: Logger;
}

/** Takes headers of followed chains in: what was checked is kept, and proved by the farm. */
export class HeaderUpdates {
  constructor(private readonly parts: HeaderUpdateParts) {}

  /**
   * Accept a header. Idempotent by chain, header and trusted state; one that failed, or was proved under a key since
   * replaced, begins anew.
   * @throws Problem
   */
  async submit(chain: FollowedChain, answers: HeaderAnswers): Promise<Hex> {
    const { updates, settler, keys, log } = this.parts;
    const { consensus, trusted, header, slots, contradicts } = await this.#checked(chain, answers);
    const id = updateId(consensus.blockHash, trusted.blockHash, chain);
    const { circuit, keyHash, drafts } = await signatureShards(keys, slots, contradicts);
    const { blockHash } = consensus;
    const statements = drafts.map((draft) => draft.id);
    const update = { id, chain: chain.id, blockHash, trusted, header, circuit, keyHash, statements, contradicts };
    const { height } = header.header;
    // Nothing is to be believed by what contradicts: the chain shows two faces there.
    const leadsTo = contradicts ? {} : { established: established(chain, height, consensus, id) };
    const { accepted } = await updates.accept(update, drafts, leadsTo);
    if (accepted && contradicts) {
      log.fatal({ chain: chain.id, height: String(height), update: id }, 'two headers contradict');
    }
    await settler.settle(id);
    return id;
  }

  async #checked(chain: FollowedChain, answers: HeaderAnswers): ReturnType<typeof checkHeader> {
    try {
      return await checkHeader(chain, this.parts.states, answers, Date.now());
    } catch (error) {
      throw headerProblem(error);
    }
  }
}

/** Heights belong to their blocks' hashes; the chain id has a length of its own before it. */
function updateId(blockHash: Hex, trustedHash: Hex, { chainId }: FollowedChain): Hex {
  const name = new TextEncoder().encode(chainId);
  return toHex(
    sha256(concatBytes(toBytesBE(BigInt(name.length), 1, 'length'), name, fromHex(blockHash), fromHex(trustedHash))),
  );
}
