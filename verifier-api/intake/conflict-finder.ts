// SPDX-License-Identifier: GPL-3.0-or-later
import { sameCheckpoint } from '../../protocol/attestation.ts';
import type { Fr } from '../../protocol/field.ts';
import type { StatementId } from '../../protocol/statement.ts';
import type { Logger } from '../../runtime/log.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import { Problem } from '../http/problem.ts';
import type { QuorumEvidence } from '../schemas/quorum-conflict.ts';
import { proofSchema } from '../schemas/proof.ts';
import { parseContext } from '../statements/statement-context.ts';
import type { AttestationStore } from '../store/attestation-store.ts';
import type { QuorumConflictIntake } from './quorum-conflict-intake.ts';

export interface ConflictFinderParts {
  readonly statements: StatementStore;
  readonly attestations: AttestationStore;
  readonly quorumConflicts: QuorumConflictIntake;
  readonly log: Logger;
}

/** Notices two proved quorums for two checkpoints of one height among the service's own statements. */
export class ConflictFinder {
  #after = 0;

  constructor(private readonly parts: ConflictFinderParts) {}

  /** Look at what has been proved since the last time. @returns how many conflicts are new */
  async find(): Promise<number> {
    const { statements } = this.parts;
    let found = 0;
    for (;;) {
      const page = await statements.list({ state: 'proved', kind: 'quorum', after: this.#after, limit: 100 });
      for (const { id } of page.statements) found += await this.#compare(id);
      if (page.after === this.#after) return found;
      this.#after = page.after;
    }
  }

  async #compare(id: StatementId): Promise<number> {
    const { attestations } = this.parts;
    const mine = await this.#evidence(id);
    if (!mine) return 0;
    const { checkpoint } = mine.attestation;
    let found = 0;
    for (const message of await attestations.quorumsAt(checkpoint.chainKey, checkpoint.height)) {
      const other = await attestations.message(message);
      if (!other?.statement || sameCheckpoint(other.attestation.checkpoint, checkpoint)) continue;
      const theirs = await this.#evidence(other.statement);
      if (theirs && (await this.#submit(mine, theirs))) found += 1;
    }
    return found;
  }

  /** @returns whether it is new. A pair that is no evidence (nobody signed both, a key is gone) holds up no other. */
  async #submit(mine: QuorumEvidence, theirs: QuorumEvidence): Promise<boolean> {
    try {
      return (await this.parts.quorumConflicts.submit(mine, theirs)).recorded;
    } catch (error) {
      if (!(error instanceof Problem) || error.retryable) throw error;
      this.parts.log.error({ err: error }, 'two quorums contradict each other and slash nobody');
      return false;
    }
  }

  /** @returns undefined while it is not proved */
  async #evidence(id: StatementId): Promise<QuorumEvidence | undefined> {
    const [record, proved] = [await this.parts.statements.get(id), await this.parts.statements.proof(id)];
    if (!record || !proved) return undefined;
    const context = parseContext(record.context);
    if (context.kind !== 'quorum') return undefined;
    const [, , signers = '0', share = '0'] = proved.publicSignals;
    return {
      attestation: context.attestation,
      signers: BigInt(signers) as Fr, // a public signal, verified before it was stored
      share: Number(share),
      keyHash: proved.keyHash,
      proof: proofSchema.parse(proved.proof),
    };
  }
}
