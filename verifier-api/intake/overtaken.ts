// SPDX-License-Identifier: GPL-3.0-or-later
import type { StatementRecord } from '../../runtime/statement-record.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import { parseContext } from '../statements/statement-context.ts';
import type { SetStore } from '../store/set-store.ts';

export interface OvertakenParts {
  readonly statements: StatementStore;
  readonly sets: SetStore;
  readonly trustingPeriodSeconds: number;
  readonly now?: () => number;
}

/**
 * End quorum statements that no ledger will believe any more, because the trusting period of their set is over before
 * they are proved. Their checkpoints are attested anew, under a newer set.
 * @returns how many
 */
export async function endOvertaken(parts: OvertakenParts): Promise<number> {
  const { statements, sets, trustingPeriodSeconds, now = Date.now } = parts;
  const nowSeconds = BigInt(Math.floor(now() / 1_000));
  let ended = 0;
  for (const state of ['queued', 'proving'] as const) {
    const page = await statements.list({ state, kind: 'quorum', after: 0, limit: 200 });
    for (const record of page.statements) {
      const commitment = setOf(record);
      const sealed = commitment === undefined ? undefined : await sets.get(commitment);
      if (!sealed || nowSeconds <= sealed.sealedAt + BigInt(trustingPeriodSeconds)) continue;
      if (await statements.supersede(record.id, `the trusting period of epoch ${sealed.set.epoch} is over`)) ended += 1;
    }
  }
  return ended;
}

function setOf(record: StatementRecord) {
  const context = parseContext(record.context);
  return context.kind === 'quorum' ? context.attestation.setCommitment : undefined;
}
