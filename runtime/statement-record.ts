// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../protocol/bytes.ts';
import type { StatementId } from '../protocol/statement.ts';
import type { StatementState } from './keys.ts';

/** Parts of one proving attempt, in order. */
export const PROVING_PHASES = ['witness', 'prove', 'check'] as const;

export type ProvingPhase = (typeof PROVING_PHASES)[number];

/** What may travel through JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A statement to be proved, already checked: nothing here is validated again before a prover sees it. */
export interface NewStatement {
  readonly id: StatementId;
  /** `quorum`, `equivocation`, `registration` */
  readonly kind: string;
  readonly circuit: string;
  /** names the key that the proof is to be made with */
  readonly keyHash: Hex;
  /** canonical decimals in the circuit's order */
  readonly publicSignals: readonly string[];
  /** private inputs in the form of the statement kind's schema; dropped once proved */
  readonly inputs: Json;
  /** what the claim is about, for whoever reads the statement (attestations, chains); kept as it is */
  readonly context: Json;
  /** goes before all that is not urgent; false when left out */
  readonly urgent?: boolean;
}

/** A statement as it lies in Redis, without its inputs and its proof. */
export interface StatementRecord {
  readonly id: StatementId;
  readonly kind: string;
  readonly circuit: string;
  readonly keyHash: Hex;
  readonly publicSignals: readonly string[];
  readonly context: Json;
  readonly urgent: boolean;
  readonly state: StatementState;
  /** number of the change that brought it into `state`; rises over all statements */
  readonly stateSequence: number;
  readonly stateAtMs: number;
  readonly createdSequence: number;
  readonly createdAtMs: number;
  /** times that a prover began it */
  readonly attempts: number;
  /** while proving */
  readonly phase?: ProvingPhase;
  /** of the phase, 0 to 1 */
  readonly progress?: number;
  /** why it failed or was superseded; while queued, why the last attempt was given up */
  readonly failure?: { readonly code: string; readonly message: string };
}

/** One entry of a statement's event stream. */
export interface StatementEvent {
  /** stream id; rises; an event source resumes after it */
  readonly eventId: string;
  readonly atMs: number;
  readonly state: StatementState;
  readonly attempt: number;
  readonly phase?: ProvingPhase;
  readonly progress?: number;
  readonly code?: string;
}

/** Fields of the hash that make up a record, in the order in which `recordFromHash` takes their values. */
export const RECORD_FIELDS = [
  'kind', 'circuit', 'keyHash', 'publicSignals', 'context', 'urgent', 'state', 'stateSequence', 'stateAt',
  'createdSequence', 'createdAt', 'attempts', 'phase', 'progress', 'failureCode', 'failureMessage',
] as const; // prettier-ignore

/** @returns undefined where there is no such statement */
export function recordFromHash(id: StatementId, values: readonly (string | null)[]): StatementRecord | undefined {
  const hash = Object.fromEntries(RECORD_FIELDS.map((field, i) => [field, values[i] ?? null]));
  if (hash['state'] === null) return undefined;
  const text = (field: (typeof RECORD_FIELDS)[number]): string => {
    const value = hash[field];
    if (value === null || value === undefined) throw new Error(`statement ${id} lacks ${field}`);
    return value;
  };
  // Only the store's own scripts write these hashes, under a schema version that is checked at start.
  return {
    id,
    kind: text('kind'),
    circuit: text('circuit'),
    keyHash: text('keyHash') as Hex,
    publicSignals: JSON.parse(text('publicSignals')) as string[],
    context: JSON.parse(text('context')) as Json,
    urgent: text('urgent') === '1',
    state: text('state') as StatementState,
    stateSequence: Number(text('stateSequence')),
    stateAtMs: Number(text('stateAt')),
    createdSequence: Number(text('createdSequence')),
    createdAtMs: Number(text('createdAt')),
    attempts: Number(text('attempts')),
    ...(hash['phase'] ? { phase: hash['phase'] as ProvingPhase, progress: Number(hash['progress'] ?? 0) } : {}),
    ...(hash['failureCode'] ? { failure: { code: hash['failureCode'], message: hash['failureMessage'] ?? '' } } : {}),
  };
}

/** @param fields names and values in turn, as a stream entry has them */
export function eventFromEntry(eventId: string, fields: readonly string[]): StatementEvent {
  const entry = new Map<string, string>();
  for (let i = 0; i + 1 < fields.length; i += 2) entry.set(fields[i] ?? '', fields[i + 1] ?? '');
  const phase = entry.get('phase');
  const code = entry.get('code');
  return {
    eventId,
    atMs: Number(entry.get('at')),
    state: (entry.get('state') ?? 'queued') as StatementState,
    attempt: Number(entry.get('attempt') ?? 0),
    ...(phase ? { phase: phase as ProvingPhase, progress: Number(entry.get('progress') ?? 0) } : {}),
    ...(code ? { code } : {}),
  };
}
