// SPDX-License-Identifier: GPL-3.0-or-later
import type { StatementRecord } from '../../runtime/statement-record.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import { parseContext } from '../statements/statement-context.ts';
import type { SetStore } from '../store/set-store.ts';

export interface OvertakenParts {
  readonly statements: StatementStore;
  readonly sets: SetStore;
  readonly trustingPeriodSeconds: number;
  /** the earliest of the ledgers' clocks, in seconds */
  readonly ledgerSeconds: () => Promise<bigint>;
  readonly now?: () => number;
}

/**
 * End quorum statements that no ledger will believe any more, because the trusting period of their set is over before
 * they are proved. Their checkpoints are attested anew, under a newer set. An end is for good, so this machine's clock
 * does not decide alone: every ledger's must have passed that time too.
 * @returns how many
 * @throws what `ledgerSeconds` does: nothing ends while a chain cannot be asked
 */
export async function endOvertaken(parts: OvertakenParts): Promise<number> {
  const { statements, sets, trustingPeriodSeconds, now = Date.now } = parts;
  const nowSeconds = BigInt(Math.floor(now() / 1_000));
  let ledgerSeconds: bigint | undefined;
  let ended = 0;
  for (const state of ['queued', 'proving'] as const) {
    const page = await statements.list({ state, kind: 'quorum', after: 0, limit: 200 });
    for (const record of page.statements) {
      const commitment = setOf(record);
      const sealed = commitment === undefined ? undefined : await sets.get(commitment);
      const end = sealed && sealed.sealedAt + BigInt(trustingPeriodSeconds);
      if (!end || nowSeconds <= end) continue;
      ledgerSeconds ??= await parts.ledgerSeconds();
      if (ledgerSeconds <= end) continue;
      if (await statements.supersede(record.id, `the trusting period of epoch ${sealed.set.epoch} is over`)) ended += 1;
    }
  }
  return ended;
}

function setOf(record: StatementRecord) {
  const context = parseContext(record.context);
  return context.kind === 'quorum' ? context.attestation.setCommitment : undefined;
}
