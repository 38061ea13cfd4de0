// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../bytes.ts';
import { InvalidFieldError } from '../errors.ts';
import type { AbciAnswer } from './abci-query.ts';

/**
 * Two proofs: of a record in its store's tree, and of the store's root in the app hash (`IAppStateReader.readStore`).
 */
export interface StoreProofs {
  readonly storeProof: Hex;
  readonly rootProof: Hex;
}

/**
 * Where the store `staking` of a Cosmos SDK chain keeps a validator (x/staking, ValidatorsKey): 0x21, the length 20,
 * and its operator's account.
 * @param account 20 bytes
 */
export function stakingKey(account: Hex): Hex {
  return `0x2114${account.slice(2)}`;
}

/**
 * The proofs in a node's answer to `/abci_query` at `/store/staking/key`. Whether they hold, and what the record says,
 * the judge finds.
 * @param account operator of the validator
 * @throws InvalidFieldError for the record of another account, none, or an answer without the two proofs
 */
export function stakingProofs(answer: AbciAnswer, account: Hex, label: string): StoreProofs {
  const { code, log, key, value, proof } = answer;
  const field = `${label}.response`;
  if (code !== 0) throw new InvalidFieldError(`${field}.code`, `0, for a query that succeeded (the log says: ${log})`);
  if (key !== stakingKey(account))
    throw new InvalidFieldError(`${field}.key`, `${stakingKey(account)}, the record of the account that signed`);
  if (value === '0x') throw new InvalidFieldError(`${field}.value`, 'a record: that account runs no validator');
  const [store, root] = proof;
  if (proof.length !== 2 || store?.type !== 'ics23:iavl' || root?.type !== 'ics23:simple')
    throw new InvalidFieldError(
      `${field}.proofOps`,
      'ics23:iavl and ics23:simple, as the query gives them with prove=true',
    );
  return { storeProof: store.data, rootProof: root.data };
}
