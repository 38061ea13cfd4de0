// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { ApiClient } from '../api/api-client.ts';
import { ApiProblemError } from '../api/errors.ts';
import type { ApiDuplicateVotePage, ApiHeaderUpdatePage, ApiQuorumConflictPage, ApiStatement } from '../api/schemas.ts';
import type { DestinationCall, Precheck } from '../destinations/destination.ts';

const itemSchema = z.object({
  /** one of PATHS and an id, `statements:<id>`, and what tells it from others of that: also the name of its effect */
  id: z.string(),
  sequence: z.number(),
  /** evidence goes before checkpoints: stake may leave */
  urgent: z.boolean(),
  /** items of one lane go one after the other: each changes what the next one finds */
  lane: z.string(),
  /** decimal, of a checkpoint or header */
  height: z.string().optional(),
  provedAtMs: z.number().optional(),
  /** of a header: id of the item of a vote that cannot be judged without it, wherever the ledger's head is */
  neededBy: z.string().optional(),
});

/** Something proved on its way to one destination. */
export type RelayItem = z.output<typeof itemSchema>;

export function parseItem(text: string): RelayItem {
  return itemSchema.parse(JSON.parse(text));
}

/** How a finished statement is relayed, and which chain it is about; undefined for one that no ledger takes. */
export function statementItem(statement: ApiStatement): { item: RelayItem; source: Hex | undefined } | undefined {
  const { context, sequence, stateAtMs: provedAtMs } = statement;
  const id = `statements:${statement.id}`;
  if (context.kind === 'quorum') {
    const { chainKey, height } = context.attestation.checkpoint;
    const lane = `checkpoints:${chainKey}`;
    return { item: { id, sequence, urgent: false, lane, height: String(height), provedAtMs }, source: chainKey };
  }
  if (context.kind === 'equivocation') {
    return { item: { id, sequence, urgent: true, lane: id, provedAtMs }, source: undefined };
  }
  return undefined;
}

/** How two contradicting quorums are relayed. */
export function conflictItem({ id, sequence }: ApiQuorumConflictPage['conflicts'][number]): RelayItem {
  const name = `quorum-conflicts:${id}`;
  return { id: name, sequence, urgent: true, lane: name };
}

/**
 * How a proved header of a followed chain is relayed: one after the other, as each may be what the next is believed by.
 */
export function headerUpdateItem({ id, sequence, chain, height, contradicts }: ApiHeaderUpdatePage['updates'][number]) {
  const name = `header-updates:${id}`;
  const lane = contradicts ? name : `headers:${chain}`;
  return { id: name, sequence, urgent: contradicts, lane, height: String(height) } satisfies RelayItem;
}

/**
 * How a proved duplicate vote is relayed. Judges want the header of its height, which may long be below a ledger's
 * head: the header goes there too, after those that the ledger lacks on the way to it, under a name of this vote's own
 * and in turn with the others of its chain.
 */
export function duplicateVoteItems(offence: ApiDuplicateVotePage['duplicateVotes'][number]): RelayItem[] {
  const { id, sequence, chain, height: at, headerUpdate } = offence;
  const name = `duplicate-votes:${id}`;
  const height = String(at);
  const vote: RelayItem = { id: name, sequence, urgent: true, lane: name, height };
  if (headerUpdate === null) return [vote];
  const header = { id: `evidence-headers:${headerUpdate}:${id}`, lane: `headers:${chain}`, neededBy: name };
  return [vote, { ...header, sequence, urgent: true, height }];
}

/** Whether a header is all that a vote still lacks: for any other the header would cost gas and help nobody. */
export function lacksHeader(vote: Precheck): boolean {
  return vote.state === 'refused' && vote.reason === 'HeaderNotHeld';
}

const PATHS = {
  statements: 'statements',
  'quorum-conflicts': 'quorum-conflicts',
  'header-updates': 'cometbft/updates',
  'evidence-headers': 'cometbft/updates',
  'duplicate-votes': 'cometbft/duplicate-votes',
} as const;

/** What carries an item to a chain. */
export interface ItemCall {
  readonly call: DestinationCall;
  /** whether it brings a header that the item's own is believed by: the item itself comes after it */
  readonly onTheWay: boolean;
}

/**
 * What carries the item to a chain. A header that an item above the ledger's head is believed by may itself have been
 * passed over below it: it goes first then.
 * @throws the API's errors
 */
export async function callOf(api: ApiClient, item: Pick<RelayItem, 'id'>, chain: ChainId): Promise<ItemCall> {
  const [what, id] = item.id.split(':') as [keyof typeof PATHS, Hex];
  const path = PATHS[what];
  try {
    return { call: await api.calldata(path, id, chain, what === 'evidence-headers'), onTheWay: false };
  } catch (error) {
    const lacksTrusted = error instanceof ApiProblemError && error.problem === 'TRUSTED_STATE_NOT_HELD';
    if (what !== 'header-updates' || !lacksTrusted) throw error;
  }
  return { call: await api.calldata(path, id, chain, true), onTheWay: true };
}
