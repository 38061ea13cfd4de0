// SPDX-License-Identifier: GPL-3.0-or-later
import type { HeaderMessage } from '../../protocol/cometbft/client-state.ts';
import { headerHash } from '../../protocol/cometbft/header.ts';
import { testBlock, testCommit, type TestValidator } from '../../protocol/cometbft/testing/generated-chain.ts';
import { validatorsHash, type ValidatorSet } from '../../protocol/cometbft/validator-set.ts';

/** A set that `validatorSet` may refuse to make. */
export function uncheckedSet(validators: readonly TestValidator[]): ValidatorSet {
  return {
    validators: validators.map(({ key, power }) => ({ key, power })),
    addresses: validators.map(({ address }) => address),
    totalPower: validators.reduce((sum, { power }) => sum + power, 0n),
  };
}

/** Height 12 by any set, which all of it signed, believed by height 10. */
export function uncheckedMessage(
  validators: readonly TestValidator[],
  trusted?: readonly TestValidator[],
): HeaderMessage {
  const set = uncheckedSet(validators);
  const block = { height: 12n, validators };
  const honest = testBlock({ ...block, validators: validators.slice(0, 1) });
  const header = { ...honest.header, validatorsHash: validatorsHash(set) };
  const commit = testCommit(block, header, { hash: headerHash(header), parts: honest.commit.blockId.parts });
  return {
    trustedHeight: 10n,
    signedHeader: { header, commit },
    validators: set,
    ...(trusted ? { trustedValidators: uncheckedSet(trusted) } : {}),
    signers: validators.map((_, i) => i),
  };
}
