// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { BaseError, encodeFunctionData, type PrivateKeyAccount } from 'viem';
import { evmChainId, type ChainId } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import type { CommonConfig } from '../../runtime/common-config.ts';
import type { Logger } from '../../runtime/log.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { evmClient, type EvmClient } from '../lib/evm-client.ts';
import { TxSender } from '../tx/tx-sender.ts';
import { TxStore } from '../tx/tx-store.ts';
import type {
  CircuitKey,
  Destination,
  DestinationCall,
  PlannedTransaction,
  Precheck,
  Settlement,
} from './destination.ts';
import { DestinationMismatchError } from './errors.ts';
import { checkFollowed, type FollowedLedger } from './followed-check.ts';
import { isBelowHead } from './header-ledger.ts';
import { checkVerifiers } from './key-check.ts';
import { judgeResult, judgeRevert } from './precheck.ts';
import { ReorgGuard } from './reorg-guard.ts';

export interface EvmDestinationOptions {
  readonly id: ChainId;
  readonly genesisHash: Hex;
  /** tried in order when one fails */
  readonly rpcs: readonly string[];
  readonly contracts: { readonly ledger: Hex; readonly coalition: Hex };
  /** of CometBFT chains */
  readonly followed: readonly FollowedLedger[];
  /** whether `coalition` is the hub's, which seals epochs */
  readonly isHub: boolean;
  readonly confirmations: number;
  readonly stuckAfterMs: number;
  /** wei */
  readonly maxFeePerGas: bigint;
  /** whether development keys are admitted */
  readonly mode: CommonConfig['mode'];
}

/** An EVM chain with a ledger and a Coalition, written to from one account. */
export class EvmDestination implements Destination {
  readonly id: ChainId;
  private readonly client: EvmClient;
  private readonly sender: TxSender;
  private readonly guard: ReorgGuard;

  constructor(
    private readonly options: EvmDestinationOptions,
    private readonly account: PrivateKeyAccount,
    redis: Redis,
    private readonly log: Logger,
  ) {
    const { id, rpcs, confirmations, stuckAfterMs, maxFeePerGas } = options;
    this.id = id;
    this.client = evmClient(rpcs);
    this.guard = new ReorgGuard(this.client, redis, id, confirmations);
    this.sender = new TxSender({
      client: this.client,
      account,
      store: new TxStore(redis, id, account.address),
      log,
      evmChainId: requireEvm(id),
      confirmations,
      stuckAfterMs,
      maxFeePerGas,
    });
  }

  async check(circuits: readonly CircuitKey[]): Promise<void> {
    const { id, genesisHash, contracts, followed, mode } = this.options;
    const development = mode === 'production' ? circuits.filter(({ isDevelopment }) => isDevelopment) : [];
    if (development.length > 0) {
      const names = development.map(({ circuit }) => circuit).join(', ');
      throw new DestinationMismatchError(`production refuses development keys, and the API proves with some: ${names}`);
    }
    const [chainId, genesis] = await Promise.all([this.client.getChainId(), this.client.getBlock({ blockNumber: 0n })]);
    if (chainId !== evmChainId(id) || genesis.hash !== genesisHash) {
      throw new DestinationMismatchError(`the nodes of ${id} serve another chain`, { chainId, genesis: genesis.hash });
    }
    const unused = [
      ...(await checkVerifiers(this.client, contracts, circuits)),
      ...(await checkFollowed(this.client, contracts.coalition, followed, circuits)),
    ];
    if (unused.length > 0) this.log.warn({ circuits: unused }, 'keys of ours that this chain does not use');
  }

  async precheck({ to, data }: DestinationCall, belowHead = false): Promise<Precheck> {
    try {
      const { data: result } = await this.client.call({ account: this.account.address, to, data });
      const verdict = judgeResult(data, result ?? '0x');
      const isNew = verdict.state === 'needed' && verdict.outcome === 'updated';
      if (!isNew || belowHead || !(await isBelowHead(this.client, { to, data }))) return verdict;
      return { state: 'done', outcome: 'superseded' };
    } catch (error) {
      const revert = revertOf(error);
      if (!revert) throw error;
      return judgeRevert(revert.data);
    }
  }

  async plan(call: DestinationCall): Promise<PlannedTransaction> {
    const { gas, maxFeePerGas } = await this.sender.plan(call);
    return { ...call, from: this.account.address, gas, maxFeePerGas };
  }

  async recover(): Promise<void> {
    await this.guard.check();
    await this.sender.reconcile();
  }

  async submit(effect: string, call: DestinationCall): Promise<boolean> {
    return this.sender.submit(effect, call);
  }

  async pending(): Promise<ReadonlySet<string>> {
    return this.sender.pendingEffects();
  }

  async advance(settle: (settlement: Settlement) => Promise<void>): Promise<void> {
    await this.guard.check();
    let displaced = false;
    for (const { record, outcome } of await this.sender.advance()) {
      displaced ||= outcome === 'displaced';
      const first = record.attempts[0]?.at ?? Date.now();
      await settle({
        effect: record.effect,
        outcome,
        transaction: record.included?.hash,
        gasUsed: record.gasUsed,
        seconds: (Date.now() - first) / 1_000,
      });
      await this.sender.noted(record);
    }
    if (displaced) await this.sender.reconcile();
  }

  async balance(): Promise<bigint> {
    return this.client.getBalance({ address: this.account.address });
  }

  async sealingDue(): Promise<{ effect: string; call: DestinationCall } | undefined> {
    if (!this.options.isHub) return undefined;
    const to = this.options.contracts.coalition;
    // A set that nobody joined or left since is worth a new epoch too: the old one expires.
    const call = { to, data: encodeFunctionData({ abi: hubCoalitionAbi, functionName: 'sealEpoch' }) };
    const { state } = await this.precheck(call);
    if (state !== 'needed') return undefined;
    const { epoch } = await this.client.readContract({
      address: to,
      abi: hubCoalitionAbi,
      functionName: 'latestEpoch',
    });
    this.log.info({ epoch: String(epoch + 1n) }, 'an epoch can be sealed');
    return { effect: `seal:${epoch + 1n}`, call };
  }
}

/** The revert inside viem's error; undefined when the node failed instead of the call. */
function revertOf(error: unknown): { data: Hex | undefined } | undefined {
  if (!(error instanceof BaseError)) return undefined;
  const found = error.walk((inner) => isRevert(inner));
  if (!found) return undefined;
  const { data } = found as { data?: unknown };
  if (typeof data === 'string' && data.startsWith('0x')) return { data: data as Hex };
  const nested = typeof data === 'object' && data !== null ? (data as { data?: unknown }).data : undefined;
  return { data: typeof nested === 'string' ? (nested as Hex) : undefined };
}

/** JSON-RPC code 3 is a revert (execution-apis, eth_call); some nodes say it in words. */
function isRevert(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, message } = error as { code?: unknown; message?: unknown };
  return code === 3 || (code === -32_000 && typeof message === 'string' && /revert/i.test(message));
}

function requireEvm(id: ChainId): number {
  const chainId = evmChainId(id);
  if (chainId === undefined) throw new DestinationMismatchError(`${id} is no EVM chain`, { chain: id });
  return chainId;
}
