// SPDX-License-Identifier: GPL-3.0-or-later
import { decodeFunctionData, toFunctionSelector, getAbiItem } from 'viem';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import type { EvmClient } from '../lib/evm-client.ts';
import type { DestinationCall } from './destination.ts';

const UPDATE = toFunctionSelector(getAbiItem({ abi: cometBftLedgerAbi, name: 'update' }));

/**
 * Whether a call brings a `CometBftLedger` a header at or below the highest that it holds: nobody needs it any more.
 */
export async function isBelowHead(client: EvmClient, { to, data }: DestinationCall): Promise<boolean> {
  if (!data.startsWith(UPDATE)) return false;
  const { functionName, args } = decodeFunctionData({ abi: cometBftLedgerAbi, data });
  if (functionName !== 'update') return false;
  const { headHeight } = await client.readContract({ address: to, abi: cometBftLedgerAbi, functionName: 'status' });
  return args[2].header.height <= headHeight;
}
