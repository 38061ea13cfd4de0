// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256 } from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import type { EvmClient } from '../lib/evm-client.ts';
import { coalitionAbi } from '../lib/coalition-abi.ts';
import { ledgerAbi, registryAbi } from '../lib/ledger-abi.ts';
import type { CircuitKey } from './destination.ts';
import { DestinationMismatchError } from './errors.ts';

/**
 * That the contracts verify with our keys: each key's hash is registered and not retired, and the code at its verifier's
 * address is the code that our manifest names. A ledger with another verifier under our key's hash could be made to
 * accept what we never proved, or refuse what we prove and waste its gas.
 * @throws DestinationMismatchError
 */
export async function checkVerifiers(
  client: EvmClient,
  contracts: { readonly ledger: Hex; readonly coalition: Hex },
  circuits: readonly CircuitKey[],
): Promise<void> {
  const registries = new Set(
    await Promise.all([
      client.readContract({ address: contracts.ledger, abi: ledgerAbi, functionName: 'VERIFIERS' }),
      client.readContract({ address: contracts.coalition, abi: coalitionAbi, functionName: 'VERIFIERS' }),
    ]),
  );
  const now = Number((await client.getBlock({ blockTag: 'latest' })).timestamp);
  for (const address of registries) {
    for (const { circuit, keyHash, solidityCodeHash } of circuits) {
      const { verifier, retiresAt } = await client.readContract({
        address,
        abi: registryAbi,
        functionName: 'entry',
        args: [keyHash],
      });
      const meta = { circuit, keyHash, registry: address };
      if (BigInt(verifier) === 0n) throw new DestinationMismatchError(`our key of ${circuit} is not registered`, meta);
      if (retiresAt <= now) throw new DestinationMismatchError(`our key of ${circuit} is retired`, meta);
      const code = await client.getCode({ address: verifier });
      const actual = code === undefined ? 'none' : keccak256(code);
      if (actual !== solidityCodeHash) {
        throw new DestinationMismatchError(`the verifier of ${circuit} has other code than our key's`, {
          ...meta,
          verifier,
          expected: solidityCodeHash,
          actual,
        });
      }
    }
  }
}
