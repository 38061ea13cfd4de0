// SPDX-License-Identifier: GPL-3.0-or-later
import type { z } from 'zod';
import type { Fr } from '../../protocol/field.ts';
import type { StatementRecord } from '../../runtime/statement-record.ts';
import type { statementSchema } from '../schemas/statement.ts';
import { parseContext } from './statement-context.ts';
import { decodeClaim } from './verify-claim.ts';

/** A stored statement as the API shows it. */
export function statementView(record: StatementRecord): z.output<typeof statementSchema> {
  const { id, kind, circuit, keyHash, state, createdSequence, createdAtMs, stateAtMs, attempts } = record;
  const signals = record.publicSignals.map((signal) => BigInt(signal) as Fr); // checked before they were stored
  return {
    id,
    kind,
    circuit,
    keyHash,
    signals: decodeClaim(circuit, signals).signals,
    context: parseContext(record.context),
    state,
    sequence: record.stateSequence,
    createdSequence,
    createdAtMs,
    stateAtMs,
    attempts,
    phase: record.phase ?? null,
    progress: record.progress ?? null,
    failure: record.failure ?? null,
  };
}
