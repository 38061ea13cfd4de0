// SPDX-License-Identifier: GPL-3.0-or-later
import { BaseError, ContractFunctionRevertedError, encodeFunctionData, keccak256 } from 'viem';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { stateReaderAbi } from '../../protocol/abi/state-reader.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';
import { Problem } from '../http/problem.ts';
import type { AttestationStore } from '../store/attestation-store.ts';
import type { Call } from './abi-values.ts';
import type { ChainClient } from './chain-client.ts';
import { heldCheckpoint } from './held-checkpoint.ts';
import { Ledger } from './ledger.ts';

export interface StateReadQuery {
  readonly source: ChainClient;
  readonly destination: ChainClient;
  readonly account: Hex;
  /** 32 bytes; the account itself when left out */
  readonly slot: Hex | undefined;
  /** default: the latest that the destination's ledger holds */
  readonly height: bigint | undefined;
  readonly minAge: bigint;
  readonly maxAge: bigint;
}

/** The reader passes on the ledger's errors. */
const READ_ABI = [...stateReaderAbi, ...checkpointLedgerAbi] as const;

/** Everything that a contract on the destination needs to read the source's state, and what it would read. */
export interface StateRead {
  readonly checkpoint: Checkpoint;
  readonly acceptedAt: bigint;
  readonly accountProof: readonly Hex[];
  readonly storageProof: readonly Hex[];
  readonly call: Call;
  /** what the destination's StateReader returned for this call just now */
  readonly outcome: ReadOutcome;
}

export type ReadOutcome =
  | { readonly status: 'storage'; readonly exists: boolean; readonly value: bigint }
  | { readonly status: 'account'; readonly exists: boolean; readonly nonce: bigint; readonly balance: bigint }
  | { readonly status: 'reverted'; readonly error: string };

/** @throws Problem NOT_DELIVERABLE, STATE_MISMATCH, RPC_UNAVAILABLE */
export async function readState(attestations: AttestationStore, query: StateReadQuery): Promise<StateRead> {
  const { source, destination, account, slot } = query;
  const ledger = new Ledger(destination);
  const { chainKey } = source.config;
  const height = query.height ?? (await ledger.head(chainKey)).height;
  const held = await heldCheckpoint(attestations, ledger, chainKey, height);
  if (!held) {
    throw new Problem(
      'NOT_DELIVERABLE',
      `the ledger on ${destination.config.id} holds no known checkpoint of ${source.config.id} at ${height}`,
    );
  }
  const { checkpoint, acceptedAt } = held;
  const block = await source.block(height);
  if (block.hash !== checkpoint.blockHash || block.stateRoot !== checkpoint.stateRoot) {
    throw new Problem(
      'STATE_MISMATCH',
      `the nodes of ${source.config.id} have another block at ${height} than the checkpoint`,
    );
  }
  const { accountProof, storageProof } = await source.stateProof(account, slot === undefined ? [] : [slot], height);
  const [root] = accountProof;
  if (root === undefined || keccak256(root) !== checkpoint.stateRoot) {
    throw new Problem(
      'STATE_MISMATCH',
      `the proof from ${source.config.id} does not start at the checkpoint's state root`,
    );
  }
  const age = { minAge: query.minAge, maxAge: query.maxAge };
  const to = destination.config.contracts.stateReader;
  const contract = { address: to, abi: READ_ABI } as const;
  if (slot === undefined) {
    const args = [checkpoint, account, accountProof, age] as const;
    const read = { functionName: 'readAccount', args } as const;
    const outcome = await attempt(destination, async () => {
      const { exists, nonce, balance } = await destination.client.readContract({ ...contract, ...read });
      return { status: 'account', exists, nonce, balance };
    });
    const data = encodeFunctionData({ abi: stateReaderAbi, ...read });
    return {
      checkpoint,
      acceptedAt,
      accountProof,
      storageProof: [],
      call: { contract: 'StateReader', method: 'readAccount', to, data },
      outcome,
    };
  }
  const args = [checkpoint, account, slot, accountProof, storageProof, age] as const;
  const read = { functionName: 'readStorage', args } as const;
  const outcome = await attempt(destination, async () => {
    const [exists, value] = await destination.client.readContract({ ...contract, ...read });
    return { status: 'storage', exists, value };
  });
  const data = encodeFunctionData({ abi: stateReaderAbi, ...read });
  return {
    checkpoint,
    acceptedAt,
    accountProof,
    storageProof,
    call: { contract: 'StateReader', method: 'readStorage', to, data },
    outcome,
  };
}

/** A revert is an answer: the contract judges age, freezes and proofs. Anything else is the node's failure. */
async function attempt(chain: ChainClient, read: () => Promise<ReadOutcome>): Promise<ReadOutcome> {
  try {
    return await read();
  } catch (cause) {
    const revert =
      cause instanceof BaseError ? cause.walk((one) => one instanceof ContractFunctionRevertedError) : null;
    if (!(revert instanceof ContractFunctionRevertedError)) {
      throw new Problem('RPC_UNAVAILABLE', `${chain.config.id}: no node answered`, { cause });
    }
    return { status: 'reverted', error: revert.data?.errorName ?? revert.signature ?? revert.reason ?? 'revert' };
  }
}
