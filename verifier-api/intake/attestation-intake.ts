// SPDX-License-Identifier: GPL-3.0-or-later
import { attestationMessage, conflictOf, type Conflict } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { Domain } from '../../protocol/domain.ts';
import { verify } from '../../protocol/eddsa.ts';
import type { Fr } from '../../protocol/field.ts';
import type { StatementId } from '../../protocol/statement.ts';
import type { Logger } from '../../runtime/log.ts';
import { Problem } from '../http/problem.ts';
import type { SignedAttestation } from '../schemas/attestation.ts';
import type { AttestationStore, SubmitOutcome } from '../store/attestation-store.ts';
import { keyId } from '../../protocol/key-id.ts';
import type { SealedSet, SetStore } from '../store/set-store.ts';
import type { Outbox, OutboxItem } from './outbox.ts';

export interface IntakeParts {
  readonly attestations: AttestationStore;
  readonly sets: SetStore;
  readonly outbox: Outbox;
  readonly domain: Domain;
  /** blocks between checkpoints, by chain */
  readonly intervals: ReadonlyMap<ChainKey, bigint>;
  readonly trustingPeriodSeconds: number;
  readonly log: Logger;
}

export interface Receipt extends SubmitOutcome {
  readonly outcome: 'stored' | 'known';
  readonly message: Fr;
}

export interface EvidenceReceipt {
  readonly keyId: Hex;
  readonly conflict: Conflict;
  /** false when the key had been caught before */
  readonly recorded: boolean;
  readonly statement: StatementId | null;
}

/** The door for attestations and evidence: everything is checked before anything is stored. */
export class AttestationIntake {
  constructor(private readonly parts: IntakeParts) {}

  /** @throws Problem */
  async submit(signed: SignedAttestation): Promise<Receipt> {
    const { attestation, key, signature } = signed;
    this.#checkPlace(signed);
    const member = await this.parts.sets.member(attestation.setCommitment, key);
    if (!member) {
      const known = await this.parts.sets.get(attestation.setCommitment);
      if (!known) throw new Problem('SET_UNKNOWN', `no validator set ${attestation.setCommitment} has been published`);
      throw new Problem('SIGNER_NOT_IN_SET', 'the key stands in no slot of the set that the attestation names');
    }
    const message = attestationMessage(this.parts.domain, attestation);
    // The same bytes were verified when they came first.
    const stored = await this.parts.attestations.hasSignature(message, member.slot, signature);
    if (!stored) this.#checkAge(member.sealed);
    if (!stored && !verify(key, message, signature)) {
      throw new Problem('SIGNATURE_INVALID', 'the key did not sign this attestation in this domain');
    }
    const { outcome, ...rest } = await this.parts.attestations.submit({
      attestation,
      key,
      signature,
      message,
      slot: member.slot,
      stakeGwei: member.validator.stakeGwei,
      totalGwei: member.sealed.totalGwei,
    });
    if (outcome === 'full') {
      throw new Problem('VOTES_EXHAUSTED', 'the key has handed in as many attestations of this chain as are kept');
    }
    if (rest.quorumPending) await this.#settle(`quorum:${message}`);
    if (rest.offencePending) await this.#settle(`equivocation:${keyId(key)}`);
    return { ...rest, outcome, message };
  }

  /** Two attestations from anyone. Chain, interval and set need not be known: an offence is one whatever it names. */
  async submitEvidence(first: SignedAttestation, second: SignedAttestation): Promise<EvidenceReceipt> {
    const { key } = first;
    if (key.x !== second.key.x || key.y !== second.key.y)
      throw new Problem('KEYS_DIFFER', 'expected two attestations by one key');
    for (const { attestation } of [first, second]) requireRisingHeights(attestation);
    const conflict = conflictOf(first.attestation, second.attestation);
    if (!conflict) throw new Problem('NO_CONFLICT', 'neither a double vote nor a surround vote');
    if (!(await this.parts.sets.newestMember(key))) {
      throw new Problem('SIGNER_NOT_IN_SET', 'the key stands in no published validator set');
    }
    for (const [name, { attestation, signature }] of Object.entries({ first, second })) {
      if (!verify(key, attestationMessage(this.parts.domain, attestation), signature)) {
        throw new Problem('SIGNATURE_INVALID', `${name}: the key did not sign this attestation in this domain`);
      }
    }
    const recorded = await this.parts.attestations.recordEvidence(key, conflict, first, second);
    await this.#settle(`equivocation:${keyId(key)}`);
    const offender = await this.parts.attestations.offender(keyId(key));
    return { keyId: keyId(key), conflict, recorded, statement: offender?.statement ?? null };
  }

  #checkPlace({ attestation }: SignedAttestation): void {
    requireRisingHeights(attestation);
    const { chainKey, height } = attestation.checkpoint;
    const interval = this.parts.intervals.get(chainKey);
    if (interval === undefined) throw new Problem('CHAIN_UNKNOWN', `no chain here has the key ${chainKey}`);
    if (height % interval !== 0n)
      throw new Problem('HEIGHT_NOT_ON_INTERVAL', `expected a multiple of ${interval}, found ${height}`);
  }

  /**
   * No ledger believes an older set, and whoever has left it has nothing more to lose: they must not make a quorum
   * here.
   */
  #checkAge({ set, sealedAt }: SealedSet): void {
    const trustedUntil = sealedAt + BigInt(this.parts.trustingPeriodSeconds);
    if (BigInt(Math.floor(Date.now() / 1_000)) <= trustedUntil) return;
    throw new Problem('SET_EXPIRED', `epoch ${set.epoch} was trusted until ${trustedUntil}`);
  }

  /** What was stored is safe whatever happens here: the reconciler comes back to it. */
  async #settle(item: OutboxItem): Promise<void> {
    try {
      await this.parts.outbox.settle(item);
    } catch (err) {
      this.parts.log.error({ err, item }, 'a statement could not be made yet');
    }
  }
}

function requireRisingHeights({ sourceHeight, checkpoint }: SignedAttestation['attestation']): void {
  if (sourceHeight < checkpoint.height) return;
  throw new Problem('SOURCE_NOT_BELOW_TARGET', `source ${sourceHeight} is not below ${checkpoint.height}`);
}
