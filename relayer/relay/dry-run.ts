// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId, ChainKey } from '../../protocol/chain.ts';
import type { ApiClient } from '../api/api-client.ts';
import { ApiProblemError } from '../api/errors.ts';
import type { Destination, DestinationCall, PlannedTransaction } from '../destinations/destination.ts';
import { functionName } from '../destinations/precheck.ts';
import type { FeedName } from './backlog.ts';
import {
  callOf,
  conflictItem,
  duplicateVoteItems,
  headerUpdateItem,
  lacksHeader,
  statementItem,
  type RelayItem,
} from './relay-item.ts';

/** A transaction that the relayer would send, or why it would send none. */
export type DryRunLine = { readonly chain: ChainId; readonly subject: string } & (
  { readonly send: PlannedTransaction; readonly function: string; readonly outcome: string } | { readonly skip: string }
);

const PAGE = 100;

/**
 * What would be sent now, judged on the chains one statement at a time: first what waits already, then what the feed
 * has after `cursors`. Nothing is signed, stored or sent, and the place in the feed does not move.
 */
export async function* dryRun(
  api: ApiClient,
  destinations: readonly {
    readonly destination: Destination;
    readonly chainKey: ChainKey;
    readonly waiting: AsyncIterable<RelayItem>;
  }[],
  cursors: Readonly<Record<FeedName, number>>,
): AsyncGenerator<DryRunLine> {
  const keys = await api.circuitKeys();
  for (const { destination, waiting } of destinations) {
    await destination.check(keys);
    const rotation = await api.rotation(destination.id);
    if (rotation) yield judge(destination, `rotation to epoch ${rotation.epoch}`, rotation.call);
    for await (const item of waiting) yield itemLine(api, destination, item);
  }
  for (let after = cursors['quorum-conflicts']; ;) {
    const page = await api.quorumConflicts(after, PAGE);
    for (const conflict of page.conflicts) {
      for (const { destination } of destinations) yield itemLine(api, destination, conflictItem(conflict));
    }
    if (page.after <= after) break;
    after = page.after;
  }
  for (let after = cursors['duplicate-votes']; ;) {
    const page = await api.duplicateVotes(after, PAGE);
    for (const offence of page.duplicateVotes) {
      const followers = destinations.filter(({ destination }) => offence.destinations.includes(destination.id));
      for (const { destination } of followers) {
        for (const item of duplicateVoteItems(offence)) yield itemLine(api, destination, item);
      }
    }
    if (page.after <= after) break;
    after = page.after;
  }
  for (let after = cursors['header-updates']; ;) {
    const page = await api.headerUpdates(after, PAGE);
    for (const update of page.updates) {
      const followers = destinations.filter(({ destination }) => update.destinations.includes(destination.id));
      for (const { destination } of followers) yield itemLine(api, destination, headerUpdateItem(update));
    }
    if (page.after <= after) break;
    after = page.after;
  }
  for (let after = cursors.statements; ;) {
    const page = await api.provedStatements(after, PAGE);
    for (const statement of page.statements) {
      const found = statementItem(statement);
      if (!found) continue;
      for (const { destination, chainKey } of destinations) {
        if (chainKey !== found.source) yield itemLine(api, destination, found.item);
      }
    }
    if (page.after <= after) return;
    after = page.after;
  }
}

async function itemLine(api: ApiClient, destination: Destination, item: RelayItem): Promise<DryRunLine> {
  try {
    if (item.neededBy !== undefined) {
      const vote = await callOf(api, { id: item.neededBy }, destination.id);
      const needsIt = lacksHeader(await destination.precheck(vote.call));
      if (!needsIt) return { chain: destination.id, subject: item.id, skip: 'not what its vote lacks' };
    }
    const { call, onTheWay } = await callOf(api, item, destination.id);
    return await judge(destination, item.id, call, onTheWay || item.neededBy !== undefined);
  } catch (error) {
    if (!(error instanceof ApiProblemError)) throw error;
    return { chain: destination.id, subject: item.id, skip: error.message };
  }
}

async function judge(
  destination: Destination,
  subject: string,
  call: DestinationCall,
  belowHead = false,
): Promise<DryRunLine> {
  const chain = destination.id;
  const verdict = await destination.precheck(call, belowHead);
  if (verdict.state === 'refused') return { chain, subject, skip: `refused: ${verdict.reason}` };
  if (verdict.state === 'done') return { chain, subject, skip: verdict.outcome };
  const send = await destination.plan(call);
  return { chain, subject, send, function: functionName(call.data), outcome: verdict.outcome };
}
