// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { decodeFunctionData, encodeAbiParameters, getAbiItem, keccak256, type ContractFunctionArgs } from 'viem';
import type { LocalChain } from '../../cli/system/local-chain.ts';
import type { FollowedDeployment } from '../../contracts/deploy/followed-options.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import { ledgerState, type LedgerState } from '../../protocol/cometbft/ledger-header.ts';
import type { StepResult } from '../demo/report.ts';
import { resultOf, type World } from '../demo/world.ts';

/** `Freeze` of ICometBftLedger. */
export const FREEZE = { none: 0, guardian: 1, owner: 2, misbehaviour: 3 } as const;

/** Arguments of `update` as they stand in a transaction. */
export type UpdateArguments = ContractFunctionArgs<typeof cometBftLedgerAbi, 'nonpayable', 'update'>;

/** How a ledger came to hold a header. */
export interface AcceptedHeader extends StepResult {
  readonly state: LedgerState;
  readonly submission: UpdateArguments;
  /** when it was seen there */
  readonly heldAtMs: number;
}

/** Light clients on both chains, judged by reading them. */
export class CometBftWorld {
  constructor(readonly base: World) {}

  /** Both EVM chains. */
  get destinations(): readonly LocalChain[] {
    return [this.base.hub, this.base.other];
  }

  /** What follows a CometBFT chain on an EVM chain. */
  followed({ deployment }: LocalChain, chainId: string): FollowedDeployment {
    const found = deployment.followed.find((one) => one.chainId === chainId);
    assert.ok(found, `nothing follows ${chainId}`);
    return found;
  }

  status(chain: LocalChain, chainId: string) {
    return chain.client.readContract({
      abi: cometBftLedgerAbi,
      address: this.followed(chain, chainId).ledger,
      functionName: 'status',
    });
  }

  /** Exactly this state is held, whether the ledger is frozen or not. */
  async assertHeld(chain: LocalChain, chainId: string, state: LedgerState): Promise<void> {
    const { digest } = await chain.client.readContract({
      abi: cometBftLedgerAbi,
      address: this.followed(chain, chainId).ledger,
      functionName: 'held',
      args: [state.height],
    });
    assert.equal(digest, stateDigest(state), `the ledger on ${chain.name} holds something else at ${state.height}`);
  }

  /** Wait until a ledger holds what the chain has at a height; how it came to hold it. */
  async untilHeld(chain: LocalChain, signed: SignedHeader): Promise<AcceptedHeader> {
    const { chainId, height } = signed.header;
    const { client, deployment, name } = chain;
    const { ledger } = this.followed(chain, chainId);
    const generation = (await this.status(chain, chainId)).generation;
    const event = await this.base.until(`${chainId}'s block ${height}: proofs, transaction on ${name}`, async () => {
      const found = await client.getContractEvents({
        abi: cometBftLedgerAbi,
        address: ledger,
        eventName: 'HeaderAccepted',
        args: { height, generation },
        fromBlock: deployment.firstBlock,
        strict: true,
      });
      return found.at(-1);
    });
    const heldAtMs = Date.now();
    const state = stateOf(signed);
    assert.deepEqual(event.args.state, state, 'the ledger holds another header than the chain has');
    await this.assertHeld(chain, chainId, state);
    const receipt = await client.getTransactionReceipt({ hash: event.transactionHash });
    const { input } = await client.getTransaction({ hash: event.transactionHash });
    const { functionName, args } = decodeFunctionData({ abi: cometBftLedgerAbi, data: input });
    assert.equal(functionName, 'update');
    return { state, submission: args as UpdateArguments, heldAtMs, ...resultOf(receipt) };
  }
}

/** The state that a header leads to, in the ledger's form. */
export function stateOf({ header }: SignedHeader): LedgerState {
  return ledgerState(header.height, consensusState(header));
}

const stateType = getAbiItem({ abi: cometBftLedgerAbi, name: 'acceptedAt' }).inputs;

function stateDigest(state: LedgerState): Hex {
  return keccak256(encodeAbiParameters(stateType, [state]));
}
