// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import type { World } from '../demo/world.ts';

/** A header on its way, as `/v1/cometbft/updates` tells it. */
export interface HeaderUpdate {
  readonly id: Hex;
  readonly chain: ChainId;
  readonly height: string;
  readonly contradicts: boolean;
  readonly signers: number;
  readonly circuit: string;
  readonly createdAtMs: number;
  readonly shards: readonly { readonly statement: Hex }[];
}

/** One event of a statement's stream. */
export interface StatementEvent {
  readonly atMs: number;
  readonly state: string;
  readonly phase?: string;
  readonly progress?: number;
}

/** A farm of one worker on a busy machine. */
const PROVING_MS = 300_000;

/** A connection for each request: one that is kept may be closed by the server as we come back to it. */
const FRESH = { connection: 'close' };

/** @throws Error with the API's own words */
async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url, { headers: FRESH });
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${JSON.stringify(body)}`);
  // The demo reads the API that stands beside it.
  return body as T;
}

/** Wait until a header of a chain is proved. */
export async function untilProved(
  world: World,
  chain: ChainId,
  height: bigint,
  contradicts = false,
): Promise<HeaderUpdate> {
  const find = async (): Promise<HeaderUpdate | undefined> => {
    const { updates } = await getJson<{ updates: HeaderUpdate[] }>(`${world.system.apiUrl}/v1/cometbft/updates`);
    return updates.find(
      (update) => update.chain === chain && update.height === String(height) && update.contradicts === contradicts,
    );
  };
  return world.until(`${chain}'s block ${height}: proofs by the farm`, find, PROVING_MS);
}

/** All that the farm said of a statement that has ended. */
export async function statementEvents({ system }: World, statement: Hex): Promise<StatementEvent[]> {
  const response = await fetch(`${system.apiUrl}/v1/statements/${statement}/events`, { headers: FRESH });
  const text = await response.text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, json]) => JSON.parse(json ?? '') as StatementEvent);
}
