// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../protocol/bytes.ts';
import type { StatementId } from '../protocol/statement.ts';

/** Version of everything that lies in Redis. It is part of every key but the one that states it. */
export const SCHEMA_VERSION = 2;

/** Holds the decimal schema version; a process that finds another one refuses to start. */
export const SCHEMA_KEY = 'phalanx:schema';

/** First part of all other keys. */
export const KEY_ROOT = `phalanx:${SCHEMA_VERSION}`;

/** Prefix and name of the BullMQ queue that carries statements to the provers. */
export const PROVE_QUEUE = { prefix: `${KEY_ROOT}:bull`, name: 'prove' } as const;

/** Prefix and name of the BullMQ queue of what waits for several statements: parents of jobs of the one above. */
export const FLOW_QUEUE = { prefix: PROVE_QUEUE.prefix, name: 'flows' } as const;

/**
 * States of a statement. From `queued` it goes to `proving`, and back when an attempt is given up; the rest are ends.
 */
export const STATEMENT_STATES = ['queued', 'proving', 'proved', 'failed', 'superseded'] as const;

export type StatementState = (typeof STATEMENT_STATES)[number];

/** Keys of the statement store. */
export const statementKeys = {
  /** hash: one statement */
  statement: (id: StatementId): string => `${KEY_ROOT}:statement:${id}`,
  /** stream: what happened to it */
  events: (id: StatementId): string => `${KEY_ROOT}:statement:${id}:events`,
  /** counter: every change of state of any statement takes the next number */
  sequence: `${KEY_ROOT}:statements:sequence`,
  /** sorted set: every statement by the number of its creation */
  all: `${KEY_ROOT}:statements:all`,
  /** sorted set: the statements in one state, by the number at which they entered it */
  inState: (state: StatementState): string => `${KEY_ROOT}:statements:${state}`,
  /** publish/subscribe channel: the id of a statement that has a new event */
  channel: `${KEY_ROOT}:statements:changed`,
} as const;

/** BullMQ job of a statement. A job id may hold no colon and must not be all digits. */
export function proveJobId(id: StatementId): string {
  return `s${id.slice(2)}`;
}

/** BullMQ job of a flow. @param id 32 bytes: of what waits for the statements */
export function flowJobId(id: Hex): string {
  return `f${id.slice(2)}`;
}
