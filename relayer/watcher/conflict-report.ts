// SPDX-License-Identifier: GPL-3.0-or-later
import { parseEventLogs, type ContractEventArgsFromTopics } from 'viem';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import type { Attestation } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import { checkpointDigest } from '../../protocol/checkpoint-digest.ts';
import { toFr, type Fr } from '../../protocol/field.ts';
import type { Proof, SolidityProof } from '../../protocol/proof.ts';
import { LOG_CHUNK, type EvmClient } from '../lib/evm-client.ts';

/** A quorum proof as it was shown to a ledger. */
export interface ShownQuorum {
  readonly attestation: Attestation;
  readonly signers: Fr;
  readonly share: number;
  readonly keyHash: Hex;
  readonly proof: Proof;
}

type Shown = Omit<ContractEventArgsFromTopics<typeof checkpointLedgerAbi, 'CheckpointAccepted'>, 'generation'>;

/**
 * The quorums that contradict each other, out of the ledger's events: each conflicting one, after the one whose
 * checkpoint the ledger held. One of them may have been made in secret; on chain it no longer is.
 * @param transaction of one `CheckpointConflict` or several
 * @returns undefined in place of a pair when the ledger holds the other checkpoint by its owner's word, without a proof
 */
export async function shownConflicts(
  client: EvmClient,
  ledger: Hex,
  transaction: Hex,
  fromBlock: bigint,
): Promise<(readonly [ShownQuorum, ShownQuorum] | undefined)[]> {
  const { logs, blockNumber } = await client.getTransactionReceipt({ hash: transaction });
  const conflicts = parseEventLogs({
    abi: checkpointLedgerAbi,
    eventName: 'CheckpointConflict',
    logs: logs.filter(({ address }) => address.toLowerCase() === ledger.toLowerCase()),
  });
  const pairs = [];
  for (const { args } of conflicts) {
    const held = await lastAccepted(client, ledger, args, fromBlock, blockNumber);
    pairs.push(held && ([shown(held), shown(args)] as const));
  }
  return pairs;
}

/**
 * What the ledger was shown when it took the checkpoint that it held: the last time, where there were several
 * generations.
 */
async function lastAccepted(
  client: EvmClient,
  ledger: Hex,
  { chainKey, height, heldDigest }: { readonly chainKey: Hex; readonly height: bigint; readonly heldDigest: Hex },
  fromBlock: bigint,
  newest: bigint,
): Promise<Shown | undefined> {
  for (let toBlock = newest; toBlock >= fromBlock; toBlock -= LOG_CHUNK) {
    const begin = toBlock - LOG_CHUNK + 1n;
    const accepted = await client.getContractEvents({
      address: ledger,
      abi: checkpointLedgerAbi,
      eventName: 'CheckpointAccepted',
      args: { chainKey, height },
      fromBlock: begin > fromBlock ? begin : fromBlock,
      toBlock,
      strict: true,
    });
    const last = accepted.findLast(({ args }) => checkpointDigest(attestationOf(args).checkpoint) === heldDigest);
    if (last) return last.args;
  }
  return undefined;
}

function shown(args: Shown): ShownQuorum {
  return {
    attestation: attestationOf(args),
    signers: toFr(args.signers, 'signers'),
    share: args.share,
    keyHash: args.keyHash,
    proof: fromSolidity(args.proof),
  };
}

function attestationOf({ attestation: { setCommitment, sourceHeight, checkpoint } }: Shown): Attestation {
  return {
    setCommitment: toFr(BigInt(setCommitment), 'setCommitment'),
    sourceHeight,
    checkpoint: { ...checkpoint, chainKey: checkpoint.chainKey as ChainKey },
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
