// SPDX-License-Identifier: GPL-3.0-or-later
import { decodeFunctionData, parseEventLogs } from 'viem';
import type { Attestation } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import { toFr, type Fr } from '../../protocol/field.ts';
import type { Proof, SolidityProof } from '../../protocol/proof.ts';
import { LOG_CHUNK, type EvmClient } from '../lib/evm-client.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';

/** A quorum proof as it was shown to a ledger. */
export interface ShownQuorum {
  readonly attestation: Attestation;
  readonly signers: Fr;
  readonly share: number;
  readonly keyHash: Hex;
  readonly proof: Proof;
}

/**
 * Two quorums that contradict each other, out of the transactions that showed them to a ledger: the conflicting one, and
 * the one whose checkpoint the ledger held. One of them may have been made in secret; on chain it no longer is.
 * @param transaction of a `CheckpointConflict`
 * @returns undefined when one of them came through another contract, so that its proof does not lie in the input
 */
export async function shownConflict(
  client: EvmClient,
  ledger: Hex,
  transaction: Hex,
  fromBlock: bigint,
): Promise<readonly [ShownQuorum, ShownQuorum] | undefined> {
  const second = await shownIn(client, ledger, transaction);
  const receipt = await client.getTransactionReceipt({ hash: transaction });
  const [conflict] = parseEventLogs({ abi: checkpointLedgerAbi, eventName: 'CheckpointConflict', logs: receipt.logs });
  if (!second || !conflict) return undefined;
  const { chainKey, height } = conflict.args;
  const held = await lastAccepted(client, ledger, { chainKey, height }, fromBlock, receipt.blockNumber);
  const first = held && (await shownIn(client, ledger, held));
  return first && [first, second];
}

/** The transaction by which a ledger took what it held at a height: the last one, where there were several generations. */
async function lastAccepted(
  client: EvmClient,
  ledger: Hex,
  args: { readonly chainKey: Hex; readonly height: bigint },
  fromBlock: bigint,
  newest: bigint,
): Promise<Hex | undefined> {
  for (let toBlock = newest; toBlock >= fromBlock; toBlock -= LOG_CHUNK) {
    const begin = toBlock - LOG_CHUNK + 1n;
    const accepted = await client.getContractEvents({
      address: ledger,
      abi: checkpointLedgerAbi,
      eventName: 'CheckpointAccepted',
      args,
      fromBlock: begin > fromBlock ? begin : fromBlock,
      toBlock,
    });
    const last = accepted.at(-1);
    if (last) return last.transactionHash;
  }
  return undefined;
}

async function shownIn(client: EvmClient, ledger: Hex, hash: Hex): Promise<ShownQuorum | undefined> {
  const { to, input, blockNumber } = await client.getTransaction({ hash });
  if (to?.toLowerCase() !== ledger.toLowerCase()) return undefined;
  const { functionName, args } = decodeFunctionData({ abi: checkpointLedgerAbi, data: input });
  if (functionName !== 'submitCheckpoint') return undefined;
  const [attestation, signers, keyHash, proof] = args;
  const { share } = await client.readContract({
    address: ledger,
    abi: checkpointLedgerAbi,
    functionName: 'policy',
    blockNumber,
  });
  const { checkpoint } = attestation;
  return {
    attestation: {
      setCommitment: toFr(BigInt(attestation.setCommitment), 'setCommitment'),
      sourceHeight: attestation.sourceHeight,
      checkpoint: { ...checkpoint, chainKey: checkpoint.chainKey as ChainKey },
    },
    signers: toFr(signers, 'signers'),
    share,
    keyHash,
    proof: fromSolidity(proof),
  };
}

/** EIP-197 has the imaginary part of G2 coordinates first. */
function fromSolidity({ a, b, c }: SolidityProof): Proof {
  return {
    a,
    b: [
      [b[0][1], b[0][0]],
      [b[1][1], b[1][0]],
    ],
    c,
  };
}
