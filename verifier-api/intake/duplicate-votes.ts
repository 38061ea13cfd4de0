// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { asciiToBytes } from '../../protocol/ascii.ts';
import { concatBytes, toBytesBE, toHex, type Hex } from '../../protocol/bytes.ts';
import { offenceId, type DuplicateVote } from '../../protocol/cometbft/duplicate-vote.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import type { Logger } from '../../runtime/log.ts';
import type { CircuitKeys } from '../statements/circuit-keys.ts';
import { signatureShards } from '../statements/signature-shards.ts';
import type { ConsensusStateStore } from '../store/consensus-state-store.ts';
import type { DuplicateVoteStore } from '../store/duplicate-vote-store.ts';
import type { BundleSettler } from './bundle-settler.ts';
import { checkDuplicateVote, type DuplicateVoteAnswers } from './check-duplicate-vote.ts';
import { evidenceProblem } from './cometbft-refusal.ts';

export interface DuplicateVoteParts {
  readonly offences: DuplicateVoteStore;
  readonly settler: BundleSettler;
  readonly states: ConsensusStateStore;
  readonly keys: CircuitKeys;
  readonly log: Logger;
}

/** A proved offence stands this long against all others of its key. */
const STANDS_MS = 3_600_000;

/**
 * Takes duplicate votes of followed chains' validators in, each proved by one statement. A consensus key can make any
 * number of offences and pays for one, so one offence of a key on a chain stands while it is open and once it is
 * proved; an hour after it was proved one of a greater height may take its place, as evidence of the first may have
 * expired.
 */
export class DuplicateVotes {
  constructor(private readonly parts: DuplicateVoteParts) {}

  /**
   * Accept evidence. Idempotent by offence, whichever votes show it; one whose proving failed, or was proved under a
   * key since replaced, begins anew with these.
   * @returns the id of the offence that stands, and whether it was recorded by this call
   * @throws Problem
   */
  async submit(chain: FollowedChain, answers: DuplicateVoteAnswers): Promise<{ id: Hex; recorded: boolean }> {
    const { offences, settler, keys, log } = this.parts;
    const { votes, validator, blockHash, evidence, slots } = await this.#checked(chain, answers);
    const { circuit, keyHash, drafts } = await signatureShards(keys, slots, true);
    const statements = drafts.map((draft) => draft.id);
    const consensusKey = validator.key;
    const content = { chain: chain.id, consensusKey, blockHash, evidence };
    const offence = { ...content, id: recordId(chain, votes), circuit, keyHash, statements };
    const subject = { name: `${chain.id}:${consensusKey}`, rank: votes.voteA.height, standsMs: STANDS_MS };
    const { id, accepted: recorded } = await offences.accept(offence, drafts, { subject });
    if (recorded) log.warn({ chain: chain.id, consensusKey, offence: offenceId(votes), id }, 'a validator voted twice');
    await settler.settle(id);
    return { id, recorded };
  }

  async #checked(chain: FollowedChain, answers: DuplicateVoteAnswers): ReturnType<typeof checkDuplicateVote> {
    try {
      return await checkDuplicateVote(chain, this.parts.states, answers);
    } catch (error) {
      throw evidenceProblem(error);
    }
  }
}

/** SHA-256 of chain and offence; the chain id has its length before it. */
function recordId({ chainId }: FollowedChain, votes: DuplicateVote): Hex {
  const name = new TextEncoder().encode(chainId);
  const length = toBytesBE(BigInt(name.length), 1, 'length');
  return toHex(sha256(concatBytes(length, name, asciiToBytes(offenceId(votes)))));
}
