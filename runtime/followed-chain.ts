// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { ChainId, ChainKey } from '../protocol/chain.ts';
import { timeFromText } from '../protocol/cometbft/timestamp.ts';
import { MAX_CHAIN_ID_BYTES } from '../protocol/cometbft/vote.ts';
import { chainId, hex, httpUrl, seconds } from './schema-fields.ts';

const CHAIN_ID = `expected a chain id of 1 to ${MAX_CHAIN_ID_BYTES} bytes`;
const TIME = 'expected a time in UTC as RFC 3339 such as 2026-01-31T12:00:00.5Z';

const time = z.string(TIME).transform((text, context) => {
  const found = timeFromText(text);
  if (found !== undefined) return found;
  context.addIssue({ code: 'custom', message: TIME });
  return z.NEVER;
});

/** A state of the chain that the operator believes, as `CometBftLedger`s hold it from their start. */
const trusted = z.strictObject({
  height: z.int().min(1).transform(BigInt),
  time,
  blockHash: hex(32),
  appHash: hex(32),
  nextValidatorsHash: hex(32),
});

/** What a CometBFT chain is followed by, wherever that stands. */
export const followedChainFields = {
  /** as its headers have it, such as cosmoshub-4 */
  chainId: z
    .string(CHAIN_ID)
    .min(1, CHAIN_ID)
    .refine((text) => new TextEncoder().encode(text).length <= MAX_CHAIN_ID_BYTES, CHAIN_ID),
  /** SHA-256 of the genesis file as the chain's operators publish it: with the CAIP-2 id it makes the chain key */
  genesisHash: hex(32),
  /** the ledgers' own policy */
  trustingPeriodSeconds: seconds,
  /** how far a header may lie ahead of this machine's clock */
  maxClockDriftSeconds: z.int().min(0).max(86_400).default(60),
  trusted,
  /** nodes of the chain, which `phalanx follow` reads; it passes over a chain without them */
  rpcs: z.array(httpUrl).min(1).optional(),
  /** headers at its multiples are followed */
  interval: z
    .int()
    .min(1)
    .max(2 ** 32)
    .default(1)
    .transform(BigInt),
};

/** A CometBFT chain whose headers are proved by its own validators' signatures and relayed to ledgers of its own. */
export const followedChainSchema = z.strictObject({
  ...followedChainFields,
  /** the `CometBftLedger` on each of `chains` that follows it */
  ledgers: z.array(z.strictObject({ chain: chainId, address: hex(20) })).min(1),
});

export interface FollowedChain extends z.output<typeof followedChainSchema> {
  /** CAIP-2 */
  readonly id: ChainId;
  readonly chainKey: ChainKey;
}
