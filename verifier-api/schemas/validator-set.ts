// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { CAPACITIES } from '../../protocol/validator-set.ts';
import { fr, point, stakeGwei, u64 } from './primitives.ts';

const slot = z
  .strictObject({ key: point, stakeGwei }, 'an object {key, stakeGwei}, or null for an empty slot')
  .nullable()
  .meta({ id: 'ValidatorSlot' });

const fields = {
  epoch: u64,
  capacity: z.literal(CAPACITIES, `one of ${CAPACITIES.join(', ')}`),
  sealedAt: u64.describe("The hub's block timestamp at sealing, in seconds."),
  slots: z.array(slot, 'an array').max(128, 'at most 128 slots').describe('As many as the capacity; null is empty.'),
};

export const publishedSetSchema = z
  .strictObject({ commitment: fr.optional().describe('Checked when present.'), ...fields }, 'an object')
  .meta({ id: 'PublishedValidatorSet', description: 'A validator set as the hub sealed it.' });

export const validatorSetSchema = z
  .strictObject({ commitment: fr, ...fields }, 'an object')
  .meta({ id: 'ValidatorSet', description: 'A validator set whose sealing was seen on the hub.' });

export const validatorSetListSchema = z
  .strictObject({ validatorSets: z.array(validatorSetSchema) })
  .meta({ id: 'ValidatorSetList' });
