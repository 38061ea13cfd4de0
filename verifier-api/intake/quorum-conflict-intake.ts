// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { encodeFunctionData } from 'viem';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { attestationMessage, conflictOf, type Conflict } from '../../protocol/attestation.ts';
import { concatBytes, fromHex, toHex, type Hex } from '../../protocol/bytes.ts';
import type { Domain } from '../../protocol/domain.ts';
import type { Point } from '../../protocol/eddsa.ts';
import { toFr } from '../../protocol/field.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { attestationAbi, leavesAbi, proofAbi, type Call } from '../chains/abi-values.ts';
import type { ChainClient } from '../chains/chain-client.ts';
import { Problem } from '../http/problem.ts';
import type { QuorumEvidence } from '../schemas/quorum-conflict.ts';
import { circuitFor } from '../statements/build-statement.ts';
import type { CircuitKeys } from '../statements/circuit-keys.ts';
import { verifyClaim } from '../statements/verify-claim.ts';
import type { QuorumConflictStore, StoredQuorumConflict } from '../store/quorum-conflict-store.ts';
import type { SealedSet, SetStore } from '../store/set-store.ts';

export interface QuorumConflictParts {
  readonly conflicts: QuorumConflictStore;
  readonly sets: SetStore;
  readonly keys: CircuitKeys;
  readonly domain: Domain;
}

/** A stored conflict with what follows from it. */
export interface QuorumConflict extends StoredQuorumConflict {
  readonly conflict: Conflict;
  readonly keys: readonly Point[];
}

/** The door for two quorum proofs that contradict each other: they slash every key in both bitmaps. */
export class QuorumConflictIntake {
  constructor(private readonly parts: QuorumConflictParts) {}

  /**
   * Check both proofs by the strict verifier, against signals recomputed from the attestations, and keep them.
   * @returns id, and whether it is new
   * @throws Problem
   */
  async submit(first: QuorumEvidence, second: QuorumEvidence): Promise<{ id: Hex; recorded: boolean }> {
    for (const { attestation } of [first, second]) {
      if (attestation.sourceHeight >= attestation.checkpoint.height) {
        throw new Problem('SOURCE_NOT_BELOW_TARGET', 'a source height is not below its checkpoint');
      }
    }
    if (!conflictOf(first.attestation, second.attestation)) {
      throw new Problem('NO_CONFLICT', 'neither two checkpoints at one height nor one quorum around the other');
    }
    const sets = { first: await this.#set(first), second: await this.#set(second) };
    if (bothSigned(first, sets.first, second, sets.second).length === 0) {
      throw new Problem('NO_CONFLICT', 'no key signed both');
    }
    const ids = {
      first: await this.#verify('first', first, sets.first),
      second: await this.#verify('second', second, sets.second),
    };
    const ordered = ids.first < ids.second ? ([first, second] as const) : ([second, first] as const);
    const id = conflictId(ids.first, ids.second);
    return { id, recorded: await this.parts.conflicts.add(id, ...ordered) };
  }

  async get(id: Hex): Promise<QuorumConflict | undefined> {
    const stored = await this.parts.conflicts.get(id);
    return stored && this.#complete(stored);
  }

  async list(after: number, limit: number): Promise<QuorumConflict[]> {
    return Promise.all((await this.parts.conflicts.list(after, limit)).map((stored) => this.#complete(stored)));
  }

  /** `slashQuorums` for the collateral on a chain. */
  async call({ first, second }: QuorumConflict, { config }: ChainClient): Promise<Call> {
    const [firstSet, secondSet] = [await this.#set(first), await this.#set(second)];
    const data = encodeFunctionData({
      abi: coalitionAbi,
      functionName: 'slashQuorums',
      args: [
        evidenceAbi(first),
        evidenceAbi(second),
        leavesAbi(firstSet),
        firstSet.commitment === secondSet.commitment ? [] : leavesAbi(secondSet),
      ],
    });
    return { contract: 'Coalition', method: 'slashQuorums', to: config.contracts.coalition, data };
  }

  async #complete(stored: StoredQuorumConflict): Promise<QuorumConflict> {
    const { first, second } = stored;
    const conflict = conflictOf(first.attestation, second.attestation);
    if (!conflict) throw new TypeError(`stored quorums ${stored.id} do not conflict`);
    return { ...stored, conflict, keys: bothSigned(first, await this.#set(first), second, await this.#set(second)) };
  }

  async #set({ attestation }: QuorumEvidence): Promise<SealedSet> {
    const sealed = await this.parts.sets.get(attestation.setCommitment);
    if (!sealed) throw new Problem('SET_UNKNOWN', `no validator set ${attestation.setCommitment} has been published`);
    return sealed;
  }

  async #verify(name: string, evidence: QuorumEvidence, { commitment, set }: SealedSet): Promise<StatementId> {
    const { attestation, signers, share, keyHash, proof } = evidence;
    const message = attestationMessage(this.parts.domain, attestation);
    const publicSignals = [commitment, message, signers, toFr(BigInt(share), 'share')];
    const circuit = circuitFor('quorum', set.capacity).id;
    const { verdict, claim } = await verifyClaim(this.parts.keys, { circuit, keyHash, publicSignals, proof });
    if (!verdict.valid) throw new Problem('PROOF_INVALID', `${name}: ${verdict.reason}: ${verdict.detail}`);
    return claim.statement;
  }
}

function conflictId(a: StatementId, b: StatementId): Hex {
  const [less, more] = a < b ? [a, b] : [b, a];
  return toHex(sha256(concatBytes(fromHex(less), fromHex(more))));
}

function evidenceAbi({ attestation, signers, share, keyHash, proof }: QuorumEvidence) {
  return { attestation: attestationAbi(attestation), signers, share, keyHash, proof: proofAbi(proof) };
}

function bothSigned(first: QuorumEvidence, firstSet: SealedSet, second: QuorumEvidence, secondSet: SealedSet): Point[] {
  const others = signerKeys(second, secondSet);
  return signerKeys(first, firstSet).filter((key) => others.some((other) => other.x === key.x && other.y === key.y));
}

function signerKeys({ signers }: QuorumEvidence, { set }: SealedSet): Point[] {
  return set.slots.flatMap((slot, i) => (slot && (signers >> BigInt(i)) & 1n ? [slot.key] : []));
}
