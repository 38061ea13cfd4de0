// SPDX-License-Identifier: GPL-3.0-or-later
import type { Attestation } from '../../protocol/attestation.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { Point, Signature } from '../../protocol/eddsa.ts';
import type { Fr } from '../../protocol/field.ts';
import { setCommitment, type ValidatorSet } from '../../protocol/validator-set.ts';
import type { CircuitKey, DestinationCall } from '../destinations/destination.ts';
import { proofToJson } from '../../protocol/proof.ts';
import type { ShownQuorum } from '../watcher/conflict-report.ts';
import { ApiProblemError } from './errors.ts';
import { ApiHttp, type HttpOptions } from './http.ts';
import type { LightBlock, ShownHeader } from '../sources/cometbft/cometbft-source.ts';
import {
  acceptedHeaderSchema,
  calldataSchema,
  circuitsSchema,
  duplicateVotePageSchema,
  followedChainSchema,
  headerUpdatePageSchema,
  headerUpdateSchema,
  offenceSchema,
  quorumCheckpointSchema,
  quorumConflictPageSchema,
  rotationSchema,
  statementPageSchema,
  validatorSetSchema,
  type ApiDuplicateVotePage,
  type AcceptedHeader,
  type ApiFollowedChain,
  type ApiHeaderUpdate,
  type ApiHeaderUpdatePage,
  type ApiQuorumConflictPage,
  type ApiStatementPage,
  type ApiValidatorSet,
  type QuorumCheckpoint,
} from './schemas.ts';

/** A set rotation that is due. */
export interface Rotation {
  readonly epoch: bigint;
  readonly call: DestinationCall;
}

/** The verification API as relayers, attesters and watchers use it. All methods throw the errors of `ApiHttp`. */
export class ApiClient {
  private readonly http: ApiHttp;

  constructor(options: HttpOptions) {
    this.http = new ApiHttp(options);
  }

  get urls(): readonly string[] {
    return this.http.urls;
  }

  /** Finished statements after a feed sequence, oldest first. */
  async provedStatements(after: number, limit: number): Promise<ApiStatementPage> {
    return this.http.get(`/v1/statements?state=proved&after=${after}&limit=${limit}`, statementPageSchema);
  }

  /** Pairs of quorums that contradict each other after a feed sequence, oldest first. */
  async quorumConflicts(after: number, limit: number): Promise<ApiQuorumConflictPage> {
    return this.http.get(`/v1/quorum-conflicts?after=${after}&limit=${limit}`, quorumConflictPageSchema);
  }

  /** Proved headers of CometBFT chains after a feed sequence, oldest first. */
  async headerUpdates(after: number, limit: number): Promise<ApiHeaderUpdatePage> {
    return this.http.get(`/v1/cometbft/updates?after=${after}&limit=${limit}`, headerUpdatePageSchema);
  }

  /** Proved duplicate votes on CometBFT chains after a feed sequence, oldest first. */
  async duplicateVotes(after: number, limit: number): Promise<ApiDuplicateVotePage> {
    return this.http.get(`/v1/cometbft/duplicate-votes?after=${after}&limit=${limit}`, duplicateVotePageSchema);
  }

  /** A CometBFT chain, and what is accepted of it. */
  async followedChain(chain: ChainId): Promise<ApiFollowedChain> {
    return this.http.get(pathOf(chain), followedChainSchema);
  }

  /** The highest accepted header of a CometBFT chain below a height; undefined if there is none. */
  async acceptedBelow(chain: ChainId, height: bigint): Promise<AcceptedHeader | undefined> {
    return orUndefined(this.http.get(`${pathOf(chain)}/headers/latest?below=${height}`, acceptedHeaderSchema));
  }

  /** Have a header proved. It was checked and is on disk when this returns. */
  async postHeader(chain: ChainId, { block, message, trustedAnswers }: ShownHeader): Promise<ApiHeaderUpdate> {
    const body = {
      ...block.answers,
      trustedHeight: String(message.trustedHeight),
      ...(trustedAnswers ? { trustedValidators: trustedAnswers } : {}),
    };
    return this.http.postToAny(`${pathOf(chain)}/updates`, body, headerUpdateSchema);
  }

  /** Of a header on its way to ledgers: `proving`, `proved` or `failed`; undefined once it is no longer kept. */
  async headerUpdateState(update: Hex): Promise<string | undefined> {
    return (await orUndefined(this.http.get(`/v1/cometbft/updates/${update}`, headerUpdateSchema)))?.state;
  }

  /** @param evidence as a block lists it @param block that of the votes' height, which has been accepted */
  async postDuplicateVote(chain: ChainId, evidence: unknown, { answers }: Pick<LightBlock, 'answers'>): Promise<Hex> {
    const path = `${pathOf(chain)}/duplicate-votes`;
    return (await this.http.postToAny(path, { evidence, ...answers }, offenceSchema)).id;
  }

  /** Of a duplicate vote on its way to Coalitions: as `headerUpdateState`. */
  async duplicateVoteState(record: Hex): Promise<string | undefined> {
    return (await orUndefined(this.http.get(`/v1/cometbft/duplicate-votes/${record}`, offenceSchema)))?.state;
  }

  /**
   * What carries a statement, a pair of quorums, a header or a duplicate vote to a chain.
   * @param path of a header: what carries the first that the ledger lacks on the way to it
   */
  async calldata(
    what: 'statements' | 'quorum-conflicts' | 'cometbft/updates' | 'cometbft/duplicate-votes',
    id: Hex,
    chain: ChainId,
    path = false,
  ): Promise<DestinationCall> {
    const query = `chain=${encodeURIComponent(chain)}${path ? '&path=true' : ''}`;
    return this.http.get(`/v1/${what}/${id}/calldata?${query}`, calldataSchema);
  }

  /** Keys that proofs are made with now; circuits without one are left out. */
  async circuitKeys(): Promise<CircuitKey[]> {
    const { circuits } = await this.http.get('/v1/circuits', circuitsSchema);
    return circuits.flatMap(({ id, kind, capacity, key }) =>
      key ? [{ ...key, circuit: id, kind, capacity: capacity ?? 0, isDevelopment: key.kind === 'development' }] : [],
    );
  }

  async rotation(chain: ChainId): Promise<Rotation | undefined> {
    const { due, next, call } = await this.http.get(`/v1/rotations?chain=${encodeURIComponent(chain)}`, rotationSchema);
    return due && next && call ? { epoch: next.epoch, call } : undefined;
  }

  /** The latest checkpoint of a chain below a height that has a quorum, with the signatures; undefined without one. */
  async latestCheckpoint(chain: ChainId, below: bigint): Promise<QuorumCheckpoint | undefined> {
    return orUndefined(
      this.http.get(
        `/v1/chains/${encodeURIComponent(chain)}/checkpoints/latest?below=${below}`,
        quorumCheckpointSchema,
      ),
    );
  }

  async validatorSet(commitment: Fr): Promise<ApiValidatorSet | undefined> {
    return orUndefined(this.http.get(`/v1/validator-sets/${commitment}`, validatorSetSchema));
  }

  /** To one address. */
  async postAttestation(url: string, attestation: Attestation, key: Point, signature: Signature): Promise<void> {
    await this.http.post(url, '/v1/attestations', {
      attestation: attestationJson(attestation),
      key: { x: String(key.x), y: String(key.y) },
      signature: { r8x: String(signature.r8.x), r8y: String(signature.r8.y), s: String(signature.s) },
    });
  }

  /** Two quorum proofs that contradict each other, to one address. */
  async postQuorumConflict(url: string, [first, second]: readonly [ShownQuorum, ShownQuorum]): Promise<void> {
    await this.http.post(url, '/v1/quorum-conflicts', { first: quorumJson(first), second: quorumJson(second) });
  }

  /** To one address. */
  async postValidatorSet(url: string, set: ValidatorSet, sealedAt: bigint): Promise<void> {
    await this.http.post(url, '/v1/validator-sets', {
      commitment: String(setCommitment(set)),
      epoch: String(set.epoch),
      capacity: set.capacity,
      sealedAt: String(sealedAt),
      slots: set.slots
        .map(
          (slot) =>
            slot && { key: { x: String(slot.key.x), y: String(slot.key.y) }, stakeGwei: String(slot.stakeGwei) },
        )
        .map((slot) => slot ?? null),
    });
  }
}

const pathOf = (chain: ChainId): string => `/v1/cometbft/${encodeURIComponent(chain)}`;

function attestationJson({ setCommitment: commitment, sourceHeight, checkpoint }: Attestation): object {
  return {
    setCommitment: String(commitment),
    sourceHeight: String(sourceHeight),
    checkpoint: { ...checkpoint, height: String(checkpoint.height), timestamp: String(checkpoint.timestamp) },
  };
}

function quorumJson({ attestation, signers, share, keyHash, proof }: ShownQuorum): object {
  return {
    attestation: attestationJson(attestation),
    signers: String(signers),
    share,
    keyHash,
    proof: proofToJson(proof),
  };
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiProblemError && error.status === 404) return undefined;
    throw error;
  }
}
