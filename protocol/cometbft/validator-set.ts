// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import { z } from 'zod';
import { fromHex, toHex, type Hex } from '../bytes.ts';
import { InvalidFieldError } from '../errors.ts';
import { merkleRoot } from './merkle.ts';
import { ProtoMessage } from './proto-message.ts';
import { CometBftRefusal } from './refusal.ts';
import { base64Of, hexOf, int64, list, object, parseRpc, rpcResult } from './rpc-json.ts';

/**
 * Largest sum of powers, an eighth of the largest int64, so that products with small fractions fit
 * (`MaxTotalVotingPower`).
 */
export const MAX_TOTAL_VOTING_POWER = (1n << 60n) - 1n;

export interface Validator {
  /** 32 bytes: an Ed25519 key as its owner encodes it */
  readonly key: Hex;
  /** in [0, 2^60) */
  readonly power: bigint;
}

/**
 * A chain's validators in its own order, which their hash depends on and commits refer to. No chain makes a set with a
 * key at two places; where one is shown, both places' powers are part of the whole, and the key counts at one of them.
 */
export interface ValidatorSet {
  readonly validators: readonly Validator[];
  /** 20 bytes each, by position */
  readonly addresses: readonly Hex[];
  /** in [0, 2^60) */
  readonly totalPower: bigint;
}

/** The first 20 bytes of SHA-256 over the key. */
export function validatorAddress(key: Hex): Hex {
  return toHex(sha256(fromHex(key)).subarray(0, 20));
}

/**
 * Check what every holder of a set relies on.
 * @throws InvalidFieldError for an empty set or a negative power, CometBftRefusal when powers sum to 2^60
 */
export function validatorSet(validators: readonly Validator[]): ValidatorSet {
  if (validators.length === 0) throw new InvalidFieldError('validators', 'at least one validator');
  let totalPower = 0n;
  validators.forEach(({ power }, index) => {
    if (power < 0n) throw new InvalidFieldError(`validators[${index}].power`, 'an integer of at least 0');
    totalPower += power;
    if (totalPower > MAX_TOTAL_VOTING_POWER) {
      throw new CometBftRefusal('POWER_EXCESSIVE', `powers sum to more than ${MAX_TOTAL_VOTING_POWER}`, { index });
    }
  });
  return { validators, addresses: validators.map(({ key }) => validatorAddress(key)), totalPower };
}

/** Each address with its place, the first if there are two (CometBFT, `GetByAddress`). */
export function placesByAddress({ addresses }: ValidatorSet): ReadonlyMap<Hex, number> {
  return new Map(addresses.map((address, place) => [address, place] as const).reverse());
}

/**
 * Root over SimpleValidator {1 pub_key {1 ed25519}, 2 voting_power} in the set's order (CometBFT, `ValidatorSet.Hash`).
 */
export function validatorsHash({ validators }: ValidatorSet): Hex {
  const leaves = validators.map(({ key, power }) =>
    new ProtoMessage()
      .embedded(1, new ProtoMessage().bytes(1, fromHex(key)).finish())
      .varint(2, power)
      .finish(),
  );
  return toHex(merkleRoot(leaves));
}

const pageSchema = object({
  block_height: int64(1n),
  validators: list(
    object({
      address: hexOf(20),
      pub_key: object({
        type: z.literal('tendermint/PubKeyEd25519', 'tendermint/PubKeyEd25519, the one kind that is supported'),
        value: base64Of(32),
      }),
      voting_power: int64(0n, MAX_TOTAL_VOTING_POWER),
    }),
  ),
  total: int64(1n),
});

/**
 * Read the set from the answers to `/validators`, its pages in order.
 * @param answers JSON-RPC answers; one that holds all pages joined will do
 * @param label how the sender calls them
 * @throws InvalidFieldError when one is malformed, of another height, or when pages are missing; CometBftRefusal when
 *   an address is not that of its key or there twice, and as `validatorSet`
 */
export function parseValidators(
  answers: readonly unknown[],
  label: string,
): { readonly height: bigint; readonly set: ValidatorSet } {
  const pages = answers.map((answer, i) => {
    const name = answers.length === 1 ? label : `${label}[${i}]`;
    return parseRpc(pageSchema, rpcResult(answer, name), `${name}.result`);
  });
  const [first] = pages;
  if (first === undefined) throw new InvalidFieldError(label, 'at least one page');
  const { block_height: height, total } = first;
  if (pages.some((page) => page.block_height !== height || page.total !== total)) {
    throw new InvalidFieldError(label, `pages of one set: height ${height}, ${total} validators`);
  }
  const rows = pages.flatMap(({ validators }) => validators);
  if (BigInt(rows.length) !== total) {
    throw new InvalidFieldError(label, `all ${total} validators (found ${rows.length}; pages hold at most 100)`);
  }
  const set = validatorSet(rows.map(({ pub_key: { value: key }, voting_power: power }) => ({ key, power })));
  const places = placesByAddress(set);
  rows.forEach(({ address }, index) => {
    if (address !== set.addresses[index]) {
      throw new CometBftRefusal('VALIDATOR_ADDRESS', `${address} is not the address of its key`, { index });
    }
    if (places.get(address) !== index) {
      throw new CometBftRefusal('VALIDATOR_REPEATED', `${address} stands twice`, { index });
    }
  });
  return { height, set };
}
