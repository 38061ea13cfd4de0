// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../../protocol/chain.ts';
import type { StatementRecord } from '../../runtime/statement-record.ts';
import type { StoredBundle } from '../store/signature-bundle-store.ts';

/** What the API says of every bundle: how far its shards are. @param records of its statements, in order */
export function bundleView(
  { circuit, keyHash, state, statements, sequence, createdAtMs, failure }: StoredBundle,
  records: readonly (StatementRecord | undefined)[],
  destinations: readonly ChainId[],
) {
  // A proved one holds its proofs itself: what its statements come to later is not its own.
  const shards = statements.map((statement, i) =>
    state === 'proved' ? { statement, state } : { statement, state: records[i]?.state ?? null },
  );
  return {
    circuit,
    keyHash,
    state,
    proved: shards.filter((shard) => shard.state === 'proved').length,
    shards,
    sequence: sequence ?? null,
    createdAtMs,
    destinations: [...destinations],
    failure: failure ?? null,
  };
}
