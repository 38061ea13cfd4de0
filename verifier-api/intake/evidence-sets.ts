// SPDX-License-Identifier: GPL-3.0-or-later
import { toFr, type Fr } from '../../protocol/field.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import type { QuorumConflictStore } from '../store/quorum-conflict-store.ts';
import type { SealedSet, SetStore } from '../store/set-store.ts';

export interface EvidenceSetsParts {
  readonly statements: StatementStore;
  readonly conflicts: QuorumConflictStore;
  readonly sets: SetStore;
  /** trusting period and evidence window */
  readonly slashableSeconds: number;
  readonly now?: () => number;
}

/**
 * The sets that proved evidence is about. An offender chooses the set that it names, also one that a ledger's rotations
 * passed over; collateral beside that ledger is out of reach until somebody shows it the set.
 */
export class EvidenceSets {
  readonly #commitments = new Set<Fr>();
  #afterStatement = 0;
  #afterConflict = 0;

  constructor(private readonly parts: EvidenceSetsParts) {}

  /** Those whose members can still be slashed. */
  async list(): Promise<SealedSet[]> {
    await this.#readStatements();
    await this.#readConflicts();
    const { sets, slashableSeconds, now = Date.now } = this.parts;
    const oldest = BigInt(Math.floor(now() / 1_000) - slashableSeconds);
    const known = await Promise.all([...this.#commitments].map((commitment) => sets.get(commitment)));
    return known.flatMap((sealed) => (sealed && sealed.sealedAt >= oldest ? [sealed] : []));
  }

  async #readStatements(): Promise<void> {
    for (;;) {
      const query = { state: 'proved', kind: 'equivocation', after: this.#afterStatement, limit: 100 } as const;
      const { statements, after } = await this.parts.statements.list(query);
      for (const { publicSignals } of statements) {
        this.#commitments.add(toFr(BigInt(publicSignals[0] ?? 0), 'setCommitment'));
      }
      if (after === this.#afterStatement) return;
      this.#afterStatement = after;
    }
  }

  async #readConflicts(): Promise<void> {
    for (;;) {
      const page = await this.parts.conflicts.list(this.#afterConflict, 100);
      for (const { first, second, sequence } of page) {
        this.#commitments.add(first.attestation.setCommitment).add(second.attestation.setCommitment);
        this.#afterConflict = sequence;
      }
      if (page.length === 0) return;
    }
  }
}
