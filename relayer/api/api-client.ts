// SPDX-License-Identifier: GPL-3.0-or-later
import type { Attestation } from '../../protocol/attestation.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { Point, Signature } from '../../protocol/eddsa.ts';
import type { Fr } from '../../protocol/field.ts';
import { setCommitment, type ValidatorSet } from '../../protocol/validator-set.ts';
import type { CircuitKey, DestinationCall } from '../destinations/destination.ts';
import { ApiProblemError } from './errors.ts';
import { ApiHttp, type HttpOptions } from './http.ts';
import {
  calldataSchema,
  circuitsSchema,
  quorumCheckpointSchema,
  rotationSchema,
  statementPageSchema,
  validatorSetSchema,
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

  /** What carries a statement to a chain. */
  async calldata(statementId: Hex, chain: ChainId): Promise<DestinationCall> {
    return this.http.get(`/v1/statements/${statementId}/calldata?chain=${encodeURIComponent(chain)}`, calldataSchema);
  }

  /** Keys that proofs are made with now; circuits without one are left out. */
  async circuitKeys(): Promise<CircuitKey[]> {
    const { circuits } = await this.http.get('/v1/circuits', circuitsSchema);
    return circuits.flatMap(({ id, key }) => (key ? [{ circuit: id, ...key }] : []));
  }

  async rotation(chain: ChainId): Promise<Rotation | undefined> {
    const { rotation } = await this.http.get(`/v1/rotations?chain=${encodeURIComponent(chain)}`, rotationSchema);
    return rotation ? { epoch: rotation.epoch, call: { to: rotation.to, data: rotation.data } } : undefined;
  }

  /** The latest checkpoint of a chain that has a quorum, with the signatures; undefined before the first. */
  async latestCheckpoint(chain: ChainId): Promise<QuorumCheckpoint | undefined> {
    return orUndefined(
      this.http.get(`/v1/chains/${encodeURIComponent(chain)}/checkpoints/latest`, quorumCheckpointSchema),
    );
  }

  async validatorSet(commitment: Fr): Promise<ApiValidatorSet | undefined> {
    return orUndefined(this.http.get(`/v1/validator-sets/${commitment}`, validatorSetSchema));
  }

  /** To one address. */
  async postAttestation(url: string, attestation: Attestation, key: Point, signature: Signature): Promise<void> {
    const { setCommitment: commitment, sourceHeight, checkpoint } = attestation;
    await this.http.post(url, '/v1/attestations', {
      attestation: {
        setCommitment: String(commitment),
        sourceHeight: String(sourceHeight),
        checkpoint: { ...checkpoint, height: String(checkpoint.height), timestamp: String(checkpoint.timestamp) },
      },
      key: { x: String(key.x), y: String(key.y) },
      signature: { r8x: String(signature.r8.x), r8y: String(signature.r8.y), s: String(signature.s) },
    });
  }

  /** To one address. */
  async postValidatorSet(url: string, set: ValidatorSet, sealedAt: bigint): Promise<void> {
    await this.http.post(url, '/v1/validator-sets', {
      commitment: String(setCommitment(set)),
      epoch: String(set.epoch),
      capacity: set.capacity,
      sealedAt: String(sealedAt),
      slots: set.slots.map(
        (slot) => slot && { key: { x: String(slot.key.x), y: String(slot.key.y) }, stakeGwei: String(slot.stakeGwei) },
      ).map((slot) => slot ?? null),
    });
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiProblemError && error.status === 404) return undefined;
    throw error;
  }
}
