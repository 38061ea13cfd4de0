// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256 } from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import type { EvmClient } from '../lib/evm-client.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import type { CircuitKey } from './destination.ts';
import { DestinationMismatchError } from './errors.ts';

/**
 * That the contracts verify with our keys: for each kind of statement a key of ours is registered and not retired, and
 * the code at each such verifier's address is the code that our manifest names. A ledger with another verifier under
 * our key's hash could be made to accept what we never proved, or refuse what we prove and waste its gas.
 * @returns circuits whose key is not in use there: what they prove is refused until it is
 * @throws DestinationMismatchError
 */
export async function checkVerifiers(
  client: EvmClient,
  contracts: { readonly ledger: Hex; readonly coalition: Hex },
  circuits: readonly CircuitKey[],
): Promise<string[]> {
  const registries = new Set(
    await Promise.all([
      client.readContract({ address: contracts.ledger, abi: checkpointLedgerAbi, functionName: 'VERIFIERS' }),
      client.readContract({ address: contracts.coalition, abi: hubCoalitionAbi, functionName: 'VERIFIERS' }),
    ]),
  );
  const now = Number((await client.getBlock({ blockTag: 'latest' })).timestamp);
  const unused: string[] = [];
  // Signatures are for the ledgers of followed chains (followed-check.ts), whose verifiers no manifest has the code of.
  const ours = circuits.filter(({ kind }) => kind !== 'ed25519');
  for (const registry of registries) {
    const used = new Set<string>();
    for (const circuit of ours) {
      if (await isInUse(client, registry, circuit, now)) used.add(circuit.kind);
      else unused.push(circuit.circuit);
    }
    const missing = ours.find(({ kind }) => !used.has(kind));
    if (missing) {
      throw new DestinationMismatchError(
        `no key of ours for ${missing.kind} statements is registered, or it is retired`,
        {
          registry,
          circuit: missing.circuit,
          keyHash: missing.keyHash,
        },
      );
    }
  }
  return unused;
}

async function isInUse(
  client: EvmClient,
  registry: Hex,
  { circuit, keyHash, solidityCodeHash }: CircuitKey,
  now: number,
): Promise<boolean> {
  const { verifier, retiresAt } = await client.readContract({
    address: registry,
    abi: verifierRegistryAbi,
    functionName: 'entry',
    args: [keyHash],
  });
  if (BigInt(verifier) === 0n || retiresAt <= now) return false;
  const code = await client.getCode({ address: verifier });
  const actual = code === undefined ? 'none' : keccak256(code);
  if (actual === solidityCodeHash) return true;
  throw new DestinationMismatchError(`the verifier of ${circuit} has other code than our key's`, {
    circuit,
    keyHash,
    registry,
    verifier,
    expected: solidityCodeHash,
    actual,
  });
}
