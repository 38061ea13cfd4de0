// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { Anvil } from './anvil.ts';

/**
 * Deploy a contract that adds one to its storage slot 0 at every call: effects can be counted.
 * Runtime: PUSH1 1, PUSH0, SLOAD, ADD, PUSH0, SSTORE, STOP.
 */
export async function deployCounter({ client }: Anvil): Promise<{ address: Hex; count(): Promise<bigint> }> {
  const runtime = '60015f54015f5500';
  // PUSH8 runtime, PUSH0, MSTORE, PUSH1 8, PUSH1 24, RETURN
  const hash = await client.sendTransaction({ chain: null, data: `0x67${runtime}5f5260086018f3` });
  const { contractAddress } = await client.waitForTransactionReceipt({ hash });
  if (!contractAddress) throw new Error('not deployed');
  return {
    address: contractAddress,
    count: async () => BigInt((await client.getStorageAt({ address: contractAddress, slot: '0x0' })) ?? '0x0'),
  };
}
