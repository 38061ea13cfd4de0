// SPDX-License-Identifier: GPL-3.0-or-later
import type { Address } from 'viem';
import type { LocalChain } from '../../cli/system/local-chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';
import type { ChainKey } from '../../protocol/chain.ts';

/** What a bridge gets from the API in one call. */
export interface StateProof {
  readonly checkpoint: Checkpoint;
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly Hex[];
}

/** @throws Error with the API's own words */
async function getJson(url: string): Promise<unknown> {
  const response = await fetch(url);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${JSON.stringify(body)}`);
  return body;
}

/** `GET /v1/chains/{source}/proof`: one storage slot of the source as the destination can read it. */
export async function stateProof(
  apiUrl: string,
  source: LocalChain,
  destination: LocalChain,
  account: Address,
  slot: Hex,
): Promise<StateProof> {
  const query = new URLSearchParams({ chain: destination.id, account: account.toLowerCase(), slot });
  const body = (await getJson(`${apiUrl}/v1/chains/${encodeURIComponent(source.id)}/proof?${query}`)) as {
    checkpoint: { chainKey: ChainKey; height: string; blockHash: Hex; stateRoot: Hex; timestamp: string };
    accountProof: Hex[];
    storageProof: Hex[];
  };
  const { checkpoint, accountProof, storageProof } = body;
  return {
    checkpoint: { ...checkpoint, height: BigInt(checkpoint.height), timestamp: BigInt(checkpoint.timestamp) },
    accountProof,
    storageProof,
  };
}
