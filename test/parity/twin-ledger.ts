// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  BaseError,
  decodeErrorResult,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  parseAbiParameters,
  toHex,
  type Address,
  type Hex,
} from 'viem';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import type { ConsensusState, HeaderMessage, LightClient } from '../../protocol/cometbft/client-state.ts';
import { ledgerState, type LedgerState } from '../../protocol/cometbft/ledger-header.ts';
import { submitMisbehaviour } from '../../protocol/cometbft/misbehaviour.ts';
import { CometBftRefusal, type RefusalReason } from '../../protocol/cometbft/refusal.ts';
import { refuses } from '../../protocol/cometbft/testing/refuses.ts';
import { NANOSECONDS, type TimeNs } from '../../protocol/cometbft/timestamp.ts';
import { updateClient } from '../../protocol/cometbft/update-client.ts';
import { validatorSet } from '../../protocol/cometbft/validator-set.ts';
import { startAnvil, type Anvil } from '../../relayer/testing/anvil.ts';
import { asLedgerReads, provedHeader } from './ledger-reading.ts';
import { NO_PREDECESSOR, reasonOf } from './ledger-refusals.ts';
import { connect, deployContract, kindOf, type Client } from './registry.ts';
import { compileSolidity, type CompiledContract } from './solidity.ts';
import { trapdoorKey } from './trapdoor-key.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const SOURCES = ['cometbft/CometBftLedger', 'cometbft/BatchVerifier', 'VerifierRegistry'];
const KEY_HASH = keccak256(toHex('trapdoor'));
const CAPACITY = 7;
const UNBONDING_SECONDS = 2 ** 32 - 1;
const OUTCOMES = ['updated', 'known', 'misbehaviour'];
/** `ICometBftLedger.Freeze`. */
const [NOT_FROZEN, MISBEHAVIOUR] = [0, 3];
/** Before every block of the tests. */
const GENESIS_SECONDS = 1_600_000_000;

/** A chain with what ledgers need, and a ledger for each history that is played on it. */
export class LedgerChain {
  private constructor(
    private readonly anvil: Anvil,
    readonly client: Client,
    private readonly account: Address,
    private readonly registry: Address,
    private readonly ledgerCode: CompiledContract | undefined,
  ) {}

  static async start(): Promise<LedgerChain> {
    const sources = SOURCES.map(async (name) => {
      const file = `contracts/src/${name}.sol`;
      return [file, await readFile(path.join(ROOT, file), 'utf8')] as const;
    });
    const compiled = await compileSolidity(Object.fromEntries(await Promise.all(sources)));
    const anvil = await startAnvil('--timestamp', `${GENESIS_SECONDS}`, '--gas-limit', '300000000');
    try {
      const client = connect(anvil.url);
      const [account] = await client.getAddresses();
      assert.ok(account);
      const verifier = await deployContract(client, compiled.get('BatchVerifier'), [trapdoorKey]);
      const entry = { keyHash: KEY_HASH, kind: kindOf('ed25519'), capacity: CAPACITY, signalCount: 3, verifier };
      const registry = await deployContract(client, compiled.get('VerifierRegistry'), [account, [entry]]);
      return new LedgerChain(anvil, client, account, registry, compiled.get('CometBftLedger'));
    } catch (error) {
      await anvil.stop();
      throw error;
    }
  }

  /** Plays with a light client and a ledger of the same one state; the chain forgets the ledger afterwards. */
  async play(start: LightClient, game: (twins: Twins) => Promise<void>): Promise<void> {
    const id = await this.client.snapshot();
    try {
      const [anchor, ...others] = [...start.states].map(([height, state]) => ledgerState(height, state));
      assert.ok(anchor && others.length === 0);
      const config = {
        owner: this.account,
        guardian: this.account,
        verifiers: this.registry,
        chainId: start.chainId,
        unbondingPeriod: UNBONDING_SECONDS,
        policy: {
          trustingPeriod: seconds(start.trustingPeriodNs),
          maxClockDrift: seconds(start.maxClockDriftNs),
          freezeDuration: 0,
          freezeCooldown: 0,
        },
        anchor,
      };
      const ledger = await deployContract(this.client, this.ledgerCode, [config]);
      await game(new Twins(this.client, this.account, ledger, start));
    } finally {
      await this.client.revert({ id });
    }
  }

  stop(): Promise<void> {
    return this.anvil.stop();
  }
}

/** A light client and a ledger that are shown the same, and have to say the same of it. */
export class Twins {
  constructor(
    private readonly chain: Client,
    private readonly account: Address,
    private readonly ledger: Address,
    /** Ours, as it stands. */
    public client: LightClient,
  ) {}

  /**
   * Show both a header.
   * @param nowNs a whole second; not before that of the last step that changed something
   * @returns outcome or reason of refusal
   */
  async update(message: HeaderMessage, nowNs: TimeNs): Promise<string> {
    const read = asLedgerReads(this.client.chainId, message);
    const below = [...this.client.states.keys()].filter((height) => height < message.signedHeader.header.height);
    const predecessor = below.reduce((a, b) => (a > b ? a : b), 0n);
    const data = encodeFunctionData({
      abi: cometBftLedgerAbi,
      functionName: 'update',
      args: [this.#trusted(read), predecessor, provedHeader(read, CAPACITY), KEY_HASH],
    });
    const theirs = await this.#send(data, [read], nowNs);
    const [ours, client] = attempt(() => updateClient(this.client, read, nowNs));
    const [asShown] = attempt(() => updateClient(this.client, message, nowNs));
    // Chain ids, commits and votes for nothing are no part of the ledger's form: what is wrong with them is a missing
    // signature there, and what is known needs none.
    if (OUTCOMES.includes(asShown)) assert.equal(ours, asShown);
    else assert.ok(ours === 'known' || !OUTCOMES.includes(ours), `${asShown}, as the ledger reads it ${ours}`);
    if (theirs === NO_PREDECESSOR) assert.ok(below.length === 0 && !OUTCOMES.includes(ours), ours);
    else assert.equal(theirs, ours, 'the ledger says otherwise than the light client');
    if (client) this.client = client;
    await this.#compareStates();
    return asShown;
  }

  /** Show both two headers as evidence, the higher one first, as the ledger wants it. */
  async submit(first: HeaderMessage, second: HeaderMessage, nowNs: TimeNs): Promise<string> {
    if (first.signedHeader.header.height < second.signedHeader.header.height) return this.submit(second, first, nowNs);
    const [a, b] = [first, second].map((message) => asLedgerReads(this.client.chainId, message)) as [
      HeaderMessage,
      HeaderMessage,
    ];
    const data = encodeFunctionData({
      abi: cometBftLedgerAbi,
      functionName: 'submitMisbehaviour',
      args: [this.#trusted(a), provedHeader(a, CAPACITY), this.#trusted(b), provedHeader(b, CAPACITY), KEY_HASH],
    });
    const theirs = await this.#send(data, [a, b], nowNs);
    const submit = (x: HeaderMessage, y: HeaderMessage) => () => ({
      ...submitMisbehaviour(this.client, x, y, nowNs),
      outcome: 'misbehaviour',
    });
    const [ours, client] = attempt(submit(a, b));
    assert.equal(theirs, ours, 'the ledger says otherwise than the light client');
    const [asShown] = attempt(submit(first, second));
    if (client) this.client = client;
    await this.#compareStates();
    return asShown;
  }

  /** A header with a set that we make no `ValidatorSet` of: the ledger refuses it for the same reason. */
  async refuseSet(message: HeaderMessage, nowNs: TimeNs, reason: RefusalReason): Promise<void> {
    const sets = [message.validators, message.trustedValidators ?? message.validators];
    refuses(reason, () => sets.forEach(({ validators }) => validatorSet(validators)));
    const args = [this.#trusted(message), message.trustedHeight, provedHeader(message, CAPACITY), KEY_HASH] as const;
    const data = encodeFunctionData({ abi: cometBftLedgerAbi, functionName: 'update', args });
    assert.equal(await this.#send(data, [message], nowNs), reason);
  }

  /** What the caller passes for a height: the state held there, or one that nobody holds. */
  #trusted({ trustedHeight }: HeaderMessage): LedgerState {
    const [someState] = this.client.states.values();
    const state: ConsensusState | undefined = this.client.states.get(trustedHeight) ?? someState;
    assert.ok(state);
    return ledgerState(trustedHeight, state);
  }

  /** @returns outcome or reason of refusal; a transaction only where the call passes */
  async #send(data: Hex, messages: readonly HeaderMessage[], nowNs: TimeNs): Promise<string> {
    assert.equal(nowNs % NANOSECONDS, 0n);
    const time = nowNs / NANOSECONDS;
    const call = { account: this.account, to: this.ledger, data };
    let returned: Hex | undefined;
    try {
      ({ data: returned } = await this.chain.call({ ...call, blockOverrides: { time } }));
    } catch (error) {
      const { errorName, args = [] } = decodeErrorResult({ abi: cometBftLedgerAbi, data: revertData(error) });
      return reasonOf(errorName, args, messages);
    }
    const outcome = returned ? (OUTCOMES[Number(returned)] ?? returned) : 'misbehaviour';
    if (outcome === 'known') return outcome;
    await this.chain.setNextBlockTimestamp({ timestamp: time });
    const hash = await this.chain.sendTransaction({ ...call, chain: null });
    const { status } = await this.chain.waitForTransactionReceipt({ hash });
    assert.equal(status, 'success');
    return outcome;
  }

  /** Both hold the same and are frozen or not. */
  async #compareStates(): Promise<void> {
    const read = { address: this.ledger, abi: cometBftLedgerAbi } as const;
    const { headHeight, freeze } = await this.chain.readContract({ ...read, functionName: 'status' });
    assert.equal(freeze, this.client.frozen ? MISBEHAVIOUR : NOT_FROZEN);
    const heights = [...this.client.states.keys()].sort((a, b) => (a < b ? -1 : 1));
    assert.equal(headHeight, heights.at(-1));
    for (const [i, height] of heights.entries()) {
      const { digest, next } = await this.chain.readContract({ ...read, functionName: 'held', args: [height] });
      const state = this.client.states.get(height);
      assert.ok(state);
      assert.deepEqual([digest, next], [stateDigest(ledgerState(height, state)), heights[i + 1] ?? 0n]);
    }
  }
}

const seconds = (ns: bigint): number => Number(ns / NANOSECONDS);

function attempt(
  act: () => { readonly outcome: string; readonly client: LightClient },
): [outcome: string, client?: LightClient] {
  try {
    const { outcome, client } = act();
    return [outcome, client];
  } catch (error) {
    if (error instanceof CometBftRefusal) return [error.reason];
    throw error;
  }
}

/** What the ledger reverted with. @throws what failed otherwise */
function revertData(error: unknown): Hex {
  const isRevert = (e: unknown) => typeof (e as { data?: unknown }).data === 'string';
  const cause = error instanceof BaseError ? error.walk(isRevert) : undefined;
  if (!cause) throw error;
  return (cause as unknown as { data: Hex }).data;
}

const STATE = parseAbiParameters('uint64, uint64, bytes32, bytes32, bytes32');

function stateDigest({ height, timeNs, appHash, nextValidatorsHash, blockHash }: LedgerState): Hex {
  return keccak256(encodeAbiParameters(STATE, [height, timeNs, appHash, nextValidatorsHash, blockHash]));
}
