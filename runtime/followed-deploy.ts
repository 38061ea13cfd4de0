// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { followedChainFields } from './followed-chain.ts';
import { seconds } from './schema-fields.ts';

/**
 * A CometBFT chain that `phalanx deploy` puts a light client of on the chain: what phalanx.yaml says of it, and more.
 */
export const followedDeploySchema = z.strictObject({
  ...followedChainFields,
  /** the chain's own: how long its validators can be slashed after they leave */
  unbondingPeriodSeconds: seconds,
  /** the chain's consensus parameters `evidence.max_age_num_blocks` and `max_age_duration` */
  evidenceMaxAgeBlocks: z.int().min(1),
  evidenceMaxAgeSeconds: seconds,
});

export type FollowedDeployFile = z.output<typeof followedDeploySchema>;
