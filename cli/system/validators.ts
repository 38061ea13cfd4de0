// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { mnemonicToAccount, type HDAccount } from 'viem/accounts';
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { publicKey, type Point } from '../../protocol/eddsa.ts';
import { ANVIL_MNEMONIC } from './anvil.ts';

/** A validator of the local system with both of its keys. */
export interface LocalValidator {
  /** from 1 */
  readonly number: number;
  readonly name: string;
  /** BabyJubJub, 32 bytes */
  readonly secret: Uint8Array;
  readonly key: Point;
  /** deposits and may withdraw */
  readonly operator: HDAccount;
  readonly stakeGwei: bigint;
}

const ETHER_GWEI = 1_000_000_000n;

/**
 * Stakes in ether, unequal on purpose. The first two stay honest in the demo. Validators 3 to 6 hold more than two
 * thirds together, and nobody but them can make a quorum without each of the four once 7 and 8 are gone.
 */
export const LOCAL_STAKES_ETHER = [70n, 50n, 185n, 180n, 175n, 170n, 90n, 80n] as const;

/** Accounts of the mnemonic: 0 deploys and owns, 1 is the guardian, 2 relays, operators follow. */
export const FIRST_OPERATOR = 3;

/** @param number from 1 */
export function newValidator(number: number, stakeEther: bigint): LocalValidator {
  const secret = new Uint8Array(randomBytes(32));
  return {
    number,
    name: `validator-${number}`,
    secret,
    key: publicKey(secret),
    operator: mnemonicToAccount(ANVIL_MNEMONIC, { addressIndex: FIRST_OPERATOR + number - 1 }),
    stakeGwei: stakeEther * ETHER_GWEI,
  };
}

/** Content of a key file. */
export function secretHex(validator: LocalValidator): Hex {
  return toHex(validator.secret);
}
