// SPDX-License-Identifier: GPL-3.0-or-later
import { NANOSECONDS, timeToText } from '../../protocol/cometbft/timestamp.ts';
import type { FollowedDeployFile } from '../../runtime/followed-deploy.ts';
import type { ConnectedChain } from './connect-chain.ts';
import { OperationError } from './operation-error.ts';

/**
 * A light client whose anchor is not within the trusting period by the chain's clock could never accept anything.
 * @throws OperationError
 */
export async function requireLiveAnchors(
  chain: ConnectedChain,
  cometbft: readonly FollowedDeployFile[],
): Promise<void> {
  if (cometbft.length === 0) return;
  const { timestamp } = await chain.client.getBlock({ blockTag: 'latest' });
  for (const { chainId, trusted, trustingPeriodSeconds } of cometbft) {
    if (trusted.time + BigInt(trustingPeriodSeconds) * NANOSECONDS > timestamp * NANOSECONDS) continue;
    throw new OperationError(
      `trusted.time of ${chainId} is longer ago than trustingPeriodSeconds, ${timeToText(trusted.time)}: take a newer state`,
    );
  }
}
