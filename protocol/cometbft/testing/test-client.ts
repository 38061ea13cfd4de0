// SPDX-License-Identifier: GPL-3.0-or-later
import { consensusState, type HeaderMessage, type LightClient } from '../client-state.ts';
import type { SignedHeader } from '../commit.ts';
import { NANOSECONDS } from '../timestamp.ts';
import {
  setOf,
  TEST_CHAIN,
  TEST_TIME_NS,
  testBlock,
  testValidators,
  type TestBlock,
  type TestValidator,
} from './generated-chain.ts';

export const DAY_NS = 86_400n * NANOSECONDS;
/** Who signs up to height 10. */
export const old = testValidators('old', [30n, 30n, 30n, 10n]);
/** None of them. */
export const fresh = testValidators('fresh', [30n, 30n, 30n, 10n]);
/** Long after the blocks, well within the trusting period. */
export const now = TEST_TIME_NS + DAY_NS;

/** A client that trusts the block at height 10, whose next set is `next`. */
export function clientAt10(next: readonly TestValidator[] = old): LightClient {
  const { header } = testBlock({ height: 10n, validators: old, next });
  return {
    chainId: TEST_CHAIN,
    trustingPeriodNs: 14n * DAY_NS,
    maxClockDriftNs: 10n * NANOSECONDS,
    frozen: false,
    states: new Map([[10n, consensusState(header)]]),
  };
}

const votes = ({ commit }: SignedHeader): number[] =>
  commit.signatures.flatMap(({ flag }, index) => (flag === 'commit' ? [index] : []));

/** A block, shown with all its votes, believed by height 10 and the set that it names. */
export function message(block: TestBlock, trusted?: readonly TestValidator[]): HeaderMessage {
  const signedHeader = testBlock(block);
  return {
    trustedHeight: 10n,
    signedHeader,
    validators: setOf(block.validators),
    ...(trusted ? { trustedValidators: setOf(trusted) } : {}),
    signers: votes(signedHeader),
  };
}
