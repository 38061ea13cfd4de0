// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import {
  setOf,
  TEST_CHAIN,
  testBlock,
  testValidators,
  type TestBlock,
  type TestValidator,
} from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { timeToText } from '../../protocol/cometbft/timestamp.ts';
import type { Wire } from './api-fixture.ts';

/** Validators of one power: seventeen sign, which takes two shards of fifteen. */
export const VALIDATORS = testValidators(
  'followed',
  Array.from({ length: 24 }, () => 10n),
);
export const START = 10n;
export const GENESIS_HASH: Hex = `0x${'9e'.repeat(32)}`;
export const LEDGER = `0x${'c0'.repeat(20)}`;
export const UPDATES = `/v1/cometbft/cosmos:${TEST_CHAIN}/updates`;

/** The one at a place of the set. */
export function validator(place: number): TestValidator {
  const found = VALIDATORS[place];
  if (!found) throw new RangeError(`no validator ${place}`);
  return found;
}

/** A block that all of them signed. */
export const block = (height: bigint, change: Partial<TestBlock> = {}): SignedHeader =>
  testBlock({ height, validators: VALIDATORS, ...change });

/** The configuration's section: the generated chain, trusted at START, with a ledger on the first chain only. */
export function followedSection(start: SignedHeader = block(START)): Wire {
  const { timeNs, ...hashes } = consensusState(start.header);
  return {
    cometbft: [
      {
        chainId: TEST_CHAIN,
        genesisHash: GENESIS_HASH,
        // The generated blocks are of 2024.
        trustingPeriodSeconds: 10 * 365 * 86_400,
        trusted: { height: Number(start.header.height), time: timeToText(timeNs), ...hashes },
        ledgers: [{ chain: 'eip155:31337', address: LEDGER }],
      },
    ],
  };
}

/** What is posted to have a header proved. @param trusted the set of the height after the trusted one */
export function request(
  signed: SignedHeader,
  trustedHeight = START,
  validators: readonly TestValidator[] = VALIDATORS,
  trusted?: readonly TestValidator[],
): Wire {
  const { height } = signed.header;
  return {
    commit: commitAnswer(signed),
    validators: validatorsAnswers(setOf(validators), height),
    trustedHeight: String(trustedHeight),
    ...(trusted ? { trustedValidators: validatorsAnswers(setOf(trusted), trustedHeight + 1n) } : {}),
  };
}
