// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { timeFromText, timeToText, type TimeNs } from '../../protocol/cometbft/timestamp.ts';
import { address, bytes32, chainId, chainKeySchema, u64 } from './primitives.ts';

const TIME = 'a time in UTC as RFC 3339, at most nine decimals';

const time = z
  .codec(
    z.string(TIME),
    z.custom<TimeNs>((value) => typeof value === 'bigint'),
    {
      decode: (text, context) => {
        const value = timeFromText(text);
        if (value !== undefined) return value;
        context.issues.push({ code: 'custom', message: TIME, input: text });
        return z.NEVER;
      },
      encode: timeToText,
    },
  )
  .meta({ id: 'TimeNs', description: `${TIME}.`, examples: ['2026-01-31T12:00:00.5Z'] });

export const acceptedHeaderSchema = z
  .strictObject({
    height: u64,
    time,
    blockHash: bytes32,
    appHash: bytes32.describe("Root of the application's state after the block before."),
    nextValidatorsHash: bytes32.describe('Of the set that signs the next height.'),
    update: bytes32.nullable().describe('The header update that led to it; null for the trusted start.'),
  })
  .meta({
    id: 'AcceptedHeader',
    description: 'What others are believed by: an accepted header, or the trusted start.',
  });

export const followedChainSchema = z
  .strictObject({
    chain: chainId,
    chainId: z.string().describe('As its headers have it.'),
    chainKey: chainKeySchema,
    trustingPeriodSeconds: z.int().describe('How long after its time a header vouches for others.'),
    trusted: acceptedHeaderSchema.describe('Where following begins, as the operator configured it.'),
    latest: acceptedHeaderSchema.describe('The accepted header of the greatest height; the trusted start before any.'),
    destinations: z
      .array(z.strictObject({ chain: chainId, ledger: address }))
      .describe('Where a `CometBftLedger` follows the chain.'),
  })
  .meta({ id: 'FollowedChain', description: 'A CometBFT chain that is followed by light clients.' });

export const followedChainListSchema = z
  .strictObject({ chains: z.array(followedChainSchema) })
  .meta({ id: 'FollowedChainList' });
