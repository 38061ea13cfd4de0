// SPDX-License-Identifier: GPL-3.0-or-later
import type { FollowedOptions } from '../../contracts/deploy/followed-options.ts';
import { chainKey } from '../../protocol/chain.ts';
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import { ledgerState } from '../../protocol/cometbft/ledger-header.ts';
import type { FollowedDeployFile } from '../../runtime/followed-deploy.ts';

/** What a light client is deployed with. @throws InvalidFieldError for an anchor that a ledger has no room for */
export function followedOptions(file: FollowedDeployFile): FollowedOptions {
  const { height, time, ...hashes } = file.trusted;
  return {
    chainId: file.chainId,
    chainKey: chainKey(cosmosChainId(file.chainId), file.genesisHash),
    unbondingPeriod: file.unbondingPeriodSeconds,
    trustingPeriod: file.trustingPeriodSeconds,
    maxClockDrift: file.maxClockDriftSeconds,
    evidenceMaxAgeBlocks: file.evidenceMaxAgeBlocks,
    evidenceMaxAge: file.evidenceMaxAgeSeconds,
    anchor: ledgerState(height, { ...hashes, timeNs: time }),
  };
}
