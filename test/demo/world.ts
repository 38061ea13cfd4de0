// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFunctionData, type TransactionReceipt } from 'viem';
import type { LocalChain } from '../../cli/system/local-chain.ts';
import type { LocalSystem } from '../../cli/system/local-system.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import type { Checkpoint } from '../../protocol/attestation.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { keyId } from '../../protocol/key-id.ts';
import type { Report, StepResult } from './report.ts';

/** `Freeze` of ICheckpointLedger. */
export const FREEZE = { none: 0, guardian: 1, owner: 2, conflict: 3 } as const;

/** Blocks by which Anvil's `finalized` tag stays behind, and one more. */
const FINALITY = 3n;

/** The running system as the demo sees it: moved by transactions and time, judged by reading its chains. */
export class World {
  /** the first process that ended by itself */
  crash: string | undefined;

  constructor(
    readonly system: LocalSystem,
    readonly report: Report,
  ) {}

  get hub(): LocalChain {
    return this.system.hub;
  }

  get other(): LocalChain {
    return this.system.other;
  }

  validator(number: number): LocalValidator {
    const validator = this.system.validators[number - 1];
    assert.ok(validator, `validator ${number}`);
    return validator;
  }

  /** Ask again and again until there is an answer. @throws Error after the deadline, or when a process has crashed */
  async until<T>(what: string, ask: () => Promise<T | undefined>, deadlineMs = 120_000): Promise<T> {
    this.report.doing(what);
    for (const started = Date.now(); ; await sleep(150)) {
      if (this.crash !== undefined) throw new Error(this.crash);
      const answer = await ask();
      if (answer !== undefined) return answer;
      if (Date.now() - started > deadlineMs) throw new Error(`still waiting after ${deadlineMs / 1000} s: ${what}`);
    }
  }

  /** Bring a chain to its next checkpoint, and that to finality. @returns its height */
  async mineToCheckpoint({ client }: LocalChain): Promise<bigint> {
    const interval = BigInt(this.system.interval);
    const now = await client.getBlockNumber({ cacheTime: 0 });
    const height = (now / interval + 1n) * interval;
    await client.mine({ blocks: Number(height - now + FINALITY) });
    return height;
  }

  /** Move both chains' clocks. */
  async passTime(seconds: bigint | number): Promise<void> {
    for (const { client } of [this.hub, this.other]) {
      await client.increaseTime({ seconds: Number(seconds) });
      await client.mine({ blocks: 1 });
    }
  }

  /** What the chain itself says of one of its blocks. */
  async checkpointOf({ client, chainKey }: LocalChain, height: bigint): Promise<Checkpoint> {
    const { hash, stateRoot, timestamp } = await client.getBlock({ blockNumber: height });
    assert.ok(hash);
    return { chainKey, height, blockHash: hash, stateRoot, timestamp };
  }

  /** The ledger's state of a source chain. */
  chainOn(destination: LocalChain, source: LocalChain) {
    return destination.client.readContract({
      abi: checkpointLedgerAbi,
      address: destination.deployment.ledger,
      functionName: 'chain',
      args: [source.chainKey],
    });
  }

  /** The latest checkpoint that a ledger holds of a source, as the source itself has it. */
  async headOf(destination: LocalChain, source: LocalChain): Promise<Checkpoint> {
    return this.checkpointOf(source, (await this.chainOn(destination, source)).headHeight);
  }

  isTrusted(chain: LocalChain, commitment: bigint): Promise<boolean> {
    return chain.client.readContract({
      abi: checkpointLedgerAbi,
      address: chain.deployment.ledger,
      functionName: 'isTrusted',
      args: [commitment],
    });
  }

  /** Wait until a ledger holds what the source chain really has at a height; how it came to hold it. */
  async untilHeld(destination: LocalChain, source: LocalChain, height: bigint): Promise<Accepted> {
    const { client, deployment, name } = destination;
    const checkpoint = await this.checkpointOf(source, height);
    const event = await this.until(
      `${source.name}'s block ${height}: signatures, proof, transaction on ${name}`,
      async () => {
        const found = await client.getContractEvents({
          abi: checkpointLedgerAbi,
          address: deployment.ledger,
          eventName: 'CheckpointAccepted',
          args: { chainKey: source.chainKey, height },
          fromBlock: deployment.firstBlock,
          strict: true,
        });
        return found.at(-1);
      },
    );
    assert.deepEqual(
      event.args.attestation.checkpoint,
      checkpoint,
      'the ledger holds another checkpoint than the chain has',
    );
    // Reverts unless exactly this is held.
    const since = await client.readContract({
      abi: checkpointLedgerAbi,
      address: deployment.ledger,
      functionName: 'acceptedAt',
      args: [checkpoint],
    });
    assert.ok(since > 0n);
    const receipt = await client.getTransactionReceipt({ hash: event.transactionHash });
    const { input } = await client.getTransaction({ hash: event.transactionHash });
    const { functionName, args } = decodeFunctionData({ abi: checkpointLedgerAbi, data: input });
    assert.equal(functionName, 'submitCheckpoint');
    return { checkpoint, signers: event.args.signers, submission: args as Submission, ...resultOf(receipt) };
  }

  /** A validator's collateral and standing on one chain. */
  standing(chain: LocalChain, { key }: LocalValidator) {
    return chain.client.readContract({
      abi: coalitionAbi,
      address: chain.deployment.coalition,
      functionName: 'validator',
      args: [keyId(key)],
    });
  }

  /** Every slashing of a key on one chain: there is never more than one. */
  tombstones({ client, deployment }: LocalChain, { key }: LocalValidator) {
    return client.getContractEvents({
      abi: coalitionAbi,
      address: deployment.coalition,
      eventName: 'Tombstoned',
      args: { keyId: keyId(key) },
      fromBlock: deployment.firstBlock,
      strict: true,
    });
  }

  /** Wait until a key is slashed on one chain. */
  async untilSlashed(chain: LocalChain, validator: LocalValidator): Promise<StepResult> {
    const event = await this.until(
      `${validator.name} is slashed on ${chain.name}`,
      async () => (await this.tombstones(chain, validator))[0],
    );
    const { stakeGwei, status } = await this.standing(chain, validator);
    assert.equal(status, STATUS.tombstoned);
    assert.equal(stakeGwei, 0n, 'stake is left');
    assert.equal(event.args.penaltyGwei, validator.stakeGwei, 'the penalty is another than the stake');
    return resultOf(await chain.client.getTransactionReceipt({ hash: event.transactionHash }));
  }
}

/** `Status` of ICoalition. */
export const STATUS = { none: 0, active: 1, exited: 2, tombstoned: 3 } as const;

type SubmitArgs = Extract<
  ReturnType<typeof decodeFunctionData<typeof checkpointLedgerAbi>>,
  { functionName: 'submitCheckpoint' }
>['args'];

/** Arguments of `submitCheckpoint` as they stand in a transaction. */
export type Submission = SubmitArgs;

/** How a ledger came to hold a checkpoint. */
export interface Accepted extends StepResult {
  readonly checkpoint: Checkpoint;
  /** bitmap */
  readonly signers: bigint;
  readonly submission: Submission;
}

export function resultOf({ gasUsed, transactionHash }: TransactionReceipt): { gas: bigint; tx: Hex } {
  return { gas: gasUsed, tx: transactionHash };
}
