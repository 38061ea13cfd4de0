// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import type { ApiStatement } from '../api/schemas.ts';

const itemSchema = z.object({
  id: z.string().transform((text) => text as Hex),
  sequence: z.number(),
  /** evidence goes before checkpoints: stake may leave */
  urgent: z.boolean(),
  /** items of one lane go one after the other: each changes what the next one finds */
  lane: z.string(),
  /** decimal, of a checkpoint */
  height: z.string().optional(),
  provedAtMs: z.number().optional(),
});

/** A finished statement on its way to one destination. */
export type RelayItem = z.output<typeof itemSchema>;

export function parseItem(text: string): RelayItem {
  return itemSchema.parse(JSON.parse(text));
}

/** How a finished statement is relayed, and which chain it is about; undefined for one that no ledger takes. */
export function itemOf(statement: ApiStatement): { item: RelayItem; source: Hex | undefined } | undefined {
  const { id, context, stateSequence: sequence, stateAtMs } = statement;
  const common = { id, sequence, ...(stateAtMs === undefined ? {} : { provedAtMs: stateAtMs }) };
  if (context.kind === 'quorum') {
    const { chainKey, height } = context.attestation.checkpoint;
    const item = { ...common, urgent: false, lane: `checkpoints:${chainKey}`, height: String(height) };
    return { item, source: chainKey };
  }
  if (context.kind === 'equivocation') {
    return { item: { ...common, urgent: true, lane: `evidence:${id}` }, source: undefined };
  }
  return undefined;
}
