// SPDX-License-Identifier: GPL-3.0-or-later
import {
  BaseError,
  ContractFunctionRevertedError,
  ContractFunctionZeroDataError,
  keccak256,
  slice,
  stringToBytes,
} from 'viem';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { EvmClient } from '../lib/evm-client.ts';
import type { CircuitKey } from './destination.ts';
import { DestinationMismatchError } from './errors.ts';

/** A `CometBftLedger` of the destination. */
export interface FollowedLedger {
  /** of the chain that it follows, as its headers have it */
  readonly chainId: string;
  readonly chainKey: ChainKey;
  readonly address: Hex;
}

/** `StatementKinds.ED25519`. */
const ED25519 = slice(keccak256(stringToBytes('ed25519')), 0, 4);

/**
 * That each ledger follows the chain that the configuration has it for, that the Coalition's judge knows the chain by
 * this ledger, and that both verify with a key of ours for ed25519 statements, of the right kind and capacity. A wrong
 * ledger would be paid for headers that nobody looks for there; without the judge no duplicate vote could be slashed.
 * @returns circuits whose key is not in use in one of the registries
 * @throws DestinationMismatchError
 */
export async function checkFollowed(
  client: EvmClient,
  coalition: Hex,
  ledgers: readonly FollowedLedger[],
  circuits: readonly CircuitKey[],
): Promise<string[]> {
  if (ledgers.length === 0) return [];
  const judge = await asked('contracts.coalition', coalition, () =>
    client.readContract({ address: coalition, abi: hubCoalitionAbi, functionName: 'JUDGE' }),
  );
  const registries = new Set([
    await asked('JUDGE of contracts.coalition', judge, () =>
      client.readContract({ address: judge, abi: cometBftJudgeAbi, functionName: 'VERIFIERS' }),
    ),
  ]);
  for (const ledger of ledgers) {
    await checkChain(client, judge, ledger);
    const { address } = ledger;
    registries.add(await client.readContract({ address, abi: cometBftLedgerAbi, functionName: 'VERIFIERS' }));
  }
  const ours = circuits.filter(({ kind }) => kind === 'ed25519');
  const unused = new Set<string>();
  for (const registry of registries) {
    for (const circuit of await notInUse(client, registry, ours)) unused.add(circuit);
  }
  return [...unused];
}

async function checkChain(
  client: EvmClient,
  judge: Hex,
  { chainId, chainKey, address }: FollowedLedger,
): Promise<void> {
  const field = `ledger ${address} of cometbft chain ${chainId}`;
  const actual = await asked(field, address, () =>
    client.readContract({ address, abi: cometBftLedgerAbi, functionName: 'chainId' }),
  );
  if (actual !== chainId) throw new DestinationMismatchError(`${field}: its chainId is ${actual}`, { address, actual });
  const { ledger: known } = await client.readContract({
    address: judge,
    abi: cometBftJudgeAbi,
    functionName: 'chain',
    args: [chainKey],
  });
  if (known.toLowerCase() === address) return;
  const says =
    BigInt(known) === 0n
      ? `the Coalition's judge knows no chain with its chain key: compare genesisHash, or have the timelock execute setChain`
      : `the Coalition's judge knows the chain by ledger ${known}`;
  throw new DestinationMismatchError(`${field}: ${says}`, { address, judge, chainKey });
}

async function notInUse(client: EvmClient, registry: Hex, ours: readonly CircuitKey[]): Promise<string[]> {
  const now = Number((await client.getBlock({ blockTag: 'latest' })).timestamp);
  const unused: string[] = [];
  for (const { circuit, keyHash, capacity } of ours) {
    const entry = await client.readContract({
      address: registry,
      abi: verifierRegistryAbi,
      functionName: 'entry',
      args: [keyHash],
    });
    if (BigInt(entry.verifier) === 0n || entry.retiresAt <= now) {
      unused.push(circuit);
      continue;
    }
    for (const [field, expected, actual] of [
      ['kind', ED25519, entry.kind],
      ['capacity', capacity, entry.capacity],
      ['signalCount', 3, entry.signalCount],
    ] as const) {
      if (expected === actual) continue;
      throw new DestinationMismatchError(`the ${field} of ${circuit} in the registry is ${actual}, not ${expected}`, {
        registry,
        keyHash,
      });
    }
  }
  if (unused.length === ours.length) {
    throw new DestinationMismatchError('no key of ours for ed25519 statements is registered, or it is retired', {
      registry,
      circuits: ours.map(({ circuit }) => circuit).join(', '),
    });
  }
  return unused;
}

/** A contract that does not know the question is another one; a node that fails is asked again later. */
async function asked<T>(field: string, address: Hex, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isAnother =
      error instanceof BaseError &&
      error.walk(
        (cause) => cause instanceof ContractFunctionZeroDataError || cause instanceof ContractFunctionRevertedError,
      );
    if (!isAnother) throw error;
    throw new DestinationMismatchError(`${field}: there is no such contract`, { address }, error);
  }
}
