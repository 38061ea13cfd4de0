// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../bytes.ts';
import type { BlockId } from '../block-id.ts';
import type { CommitSignature, SignedHeader } from '../commit.ts';
import type { DuplicateVote, SignedVote } from '../duplicate-vote.ts';
import { timeToText } from '../timestamp.ts';
import type { ValidatorSet } from '../validator-set.ts';

/** Data as a node's RPC writes it: the other direction of our parsers. */

const upper = (hex: Hex): string => hex.slice(2).toUpperCase();
const base64 = (hex: Hex): string => Buffer.from(hex.slice(2), 'hex').toString('base64');
const answer = <T>(result: T) => ({ jsonrpc: '2.0', id: -1, result });

function blockIdJson({ hash, parts }: BlockId) {
  return { hash: upper(hash), parts: { total: parts.total, hash: upper(parts.hash) } };
}

function signatureJson(place: CommitSignature) {
  if (place.flag === 'absent') {
    return { block_id_flag: 1, validator_address: '', timestamp: '0001-01-01T00:00:00Z', signature: null };
  }
  return {
    block_id_flag: place.flag === 'commit' ? 2 : 3,
    validator_address: upper(place.address),
    timestamp: timeToText(place.timeNs),
    signature: base64(place.signature),
  };
}

/** As `/commit` answers. */
export function commitAnswer({ header, commit }: SignedHeader) {
  const { block, app } = header.version;
  return answer({
    signed_header: {
      header: {
        version: { block: String(block), ...(app === 0n ? {} : { app: String(app) }) },
        chain_id: header.chainId,
        height: String(header.height),
        time: timeToText(header.timeNs),
        last_block_id: blockIdJson(header.lastBlockId),
        last_commit_hash: upper(header.lastCommitHash),
        data_hash: upper(header.dataHash),
        validators_hash: upper(header.validatorsHash),
        next_validators_hash: upper(header.nextValidatorsHash),
        consensus_hash: upper(header.consensusHash),
        app_hash: upper(header.appHash),
        last_results_hash: upper(header.lastResultsHash),
        evidence_hash: upper(header.evidenceHash),
        proposer_address: upper(header.proposerAddress),
      },
      commit: {
        height: String(commit.height),
        round: commit.round,
        block_id: blockIdJson(commit.blockId),
        signatures: commit.signatures.map(signatureJson),
      },
    },
    canonical: true,
  });
}

/** As `/validators` answers, all pages of `perPage` in order. */
export function validatorsAnswers({ validators, addresses }: ValidatorSet, height: bigint, perPage = 100) {
  const rows = validators.map(({ key, power }, i) => ({
    address: upper(addresses[i] ?? '0x'),
    pub_key: { type: 'tendermint/PubKeyEd25519', value: base64(key) },
    voting_power: String(power),
    proposer_priority: '0',
  }));
  const pages = Array.from({ length: Math.ceil(rows.length / perPage) }, (_, page) =>
    rows.slice(page * perPage, (page + 1) * perPage),
  );
  return pages.map((page) =>
    answer({
      block_height: String(height),
      validators: page,
      count: String(page.length),
      total: String(rows.length),
    }),
  );
}

function voteJson(vote: SignedVote) {
  return {
    type: vote.type,
    height: String(vote.height),
    round: vote.round,
    block_id: blockIdJson(vote.blockId),
    timestamp: timeToText(vote.timeNs),
    validator_address: upper(vote.address),
    validator_index: 0,
    signature: base64(vote.signature),
  };
}

/** As a block's evidence lists it. */
export function duplicateVoteJson({ voteA, voteB }: DuplicateVote) {
  return {
    type: 'tendermint/DuplicateVoteEvidence',
    value: {
      vote_a: voteJson(voteA),
      vote_b: voteJson(voteB),
      TotalVotingPower: '1',
      ValidatorPower: '1',
      Timestamp: timeToText(voteA.timeNs),
    },
  };
}

/** As `/block` answers, of a block's parts those that are read. */
export function blockAnswer(signed: SignedHeader, evidence: readonly DuplicateVote[] = []) {
  const { signed_header } = commitAnswer(signed).result;
  return answer({
    block_id: signed_header.commit.block_id,
    block: { header: signed_header.header, evidence: { evidence: evidence.map(duplicateVoteJson) } },
  });
}
