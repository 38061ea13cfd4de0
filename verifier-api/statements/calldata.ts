// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeFunctionData } from 'viem';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { ProvedStatement } from '../../protocol/proof.ts';
import type { ChainClient } from '../chains/chain-client.ts';
import { attestationAbi, proofAbi, type Call } from '../chains/abi-values.ts';
import { Problem } from '../http/problem.ts';
import type { StatementContext } from './statement-context.ts';

/** The transaction that gives a proved statement its effect on a chain. */
export interface StatementCall extends Call {
  /** the only account that can send it, where that matters */
  readonly sender: Hex | null;
}

/** @throws Problem NOT_DELIVERABLE where the statement means nothing to that chain */
export function statementCall(
  context: StatementContext,
  proved: ProvedStatement,
  { config }: ChainClient,
): StatementCall {
  const signals = proved.publicSignals.map(BigInt);
  const signal = (index: number): bigint => {
    const value = signals[index];
    if (value === undefined) throw new TypeError(`${proved.circuit} lacks public signal ${index}`);
    return value;
  };
  const proof = proofAbi(proved.proof);
  switch (context.kind) {
    case 'quorum': {
      if (context.attestation.checkpoint.chainKey === config.chainKey) {
        throw new Problem('NOT_DELIVERABLE', `a checkpoint of ${config.id} itself is not for its own ledger`);
      }
      const args = [attestationAbi(context.attestation), signal(2), proved.keyHash, proof] as const;
      const data = encodeFunctionData({ abi: checkpointLedgerAbi, functionName: 'submitCheckpoint', args });
      return {
        contract: 'CheckpointLedger',
        method: 'submitCheckpoint',
        to: config.contracts.ledger,
        data,
        sender: null,
      };
    }
    case 'equivocation': {
      const data = encodeFunctionData({
        abi: coalitionAbi,
        functionName: 'slashEquivocation',
        args: [
          attestationAbi(context.first.attestation),
          attestationAbi(context.second.attestation),
          signal(0),
          signal(1),
          signal(2),
          signal(3),
          proved.keyHash,
          proof,
        ],
      });
      return { contract: 'Coalition', method: 'slashEquivocation', to: config.contracts.coalition, data, sender: null };
    }
    case 'ed25519':
      throw new Problem('NOT_DELIVERABLE', 'signatures have their effect through what asked for them');
    case 'registration': {
      if (context.chain !== config.id) throw new Problem('NOT_DELIVERABLE', `the key registers on ${context.chain}`);
      const args = [signal(0), signal(1), proved.keyHash, proof] as const;
      const data = encodeFunctionData({ abi: coalitionAbi, functionName: 'register', args });
      return { contract: 'Coalition', method: 'register', to: context.coalition, data, sender: context.operator };
    }
  }
}
