// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';

/** What the API says is to be called, opaque to the relayer. */
export interface DestinationCall {
  /** the contract */
  readonly to: Hex;
  readonly data: Hex;
}

/**
 * What a call would do now, judged on chain without sending it.
 * - needed: it has an effect
 * - done: its claim is already held, superseded or punished
 * - refused: it would fail; `permanent` when no later state of the chain can accept it
 */
export type Precheck =
  | { readonly state: 'needed'; readonly outcome: string }
  | { readonly state: 'done'; readonly outcome: string }
  | { readonly state: 'refused'; readonly reason: string; readonly permanent: boolean };

/** How an effect that was submitted ended. */
export interface Settlement {
  readonly effect: string;
  /** displaced: another transaction took its place, the effect is not done */
  readonly outcome: 'success' | 'reverted' | 'displaced';
  /** the transaction's name on its chain, if it is on it */
  readonly transaction: Hex | undefined;
  readonly gasUsed: bigint | undefined;
  /** seconds between signing and this report */
  readonly seconds: number;
}

/** A transaction that would be sent. */
export interface PlannedTransaction extends DestinationCall {
  readonly from: Hex;
  readonly gas: bigint;
  readonly maxFeePerGas: bigint;
}

/** A circuit's key as the API names it, to be compared with what a destination's contracts hold. */
export interface CircuitKey {
  readonly circuit: string;
  /** of the statements that it proves */
  readonly kind: string;
  /** 0 where that does not matter */
  readonly capacity: number;
  readonly keyHash: Hex;
  /** made by one party, who can prove anything under it */
  readonly isDevelopment: boolean;
  /** keccak-256 of the verifier's deployed code */
  readonly solidityCodeHash: Hex;
}

/** A chain to which proofs are carried. */
export interface Destination {
  readonly id: ChainId;

  /**
   * Before anything is sent: the chain is the configured one, its contracts verify with our keys.
   * @throws DestinationMismatchError
   */
  check(circuits: readonly CircuitKey[]): Promise<void>;

  /** @param belowHead whether a followed chain's header is needed below the ledger's head too; false when left out */
  precheck(call: DestinationCall, belowHead?: boolean): Promise<Precheck>;

  plan(call: DestinationCall): Promise<PlannedTransaction>;

  /** Bring what was sent before and the chain together; once before `submit`, and after a halt was lifted. */
  recover(): Promise<void>;

  /**
   * Send, once per effect, whatever crashes.
   * @returns false when a transaction with this effect is under way
   */
  submit(effect: string, call: DestinationCall): Promise<boolean>;

  /** Effects under way. */
  pending(): Promise<ReadonlySet<string>>;

  /**
   * One look at the chain. Each settlement is handed to `settle`, and again in a later round until it returns.
   * @throws ReorgError when the chain changed below its confirmation depth
   */
  advance(settle: (settlement: Settlement) => Promise<void>): Promise<void>;

  /** Of the paying account, in the chain's smallest unit. */
  balance(): Promise<bigint>;

  /** If an epoch can be sealed here: the call that seals it. */
  sealingDue(): Promise<{ readonly effect: string; readonly call: DestinationCall } | undefined>;
}
