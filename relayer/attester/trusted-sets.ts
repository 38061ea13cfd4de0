// SPDX-License-Identifier: GPL-3.0-or-later
import type { Fr } from '../../protocol/field.ts';
import { setCommitment, validatorSet, type ValidatorSet } from '../../protocol/validator-set.ts';
import type { ApiClient } from '../api/api-client.ts';
import type { Hub } from '../lib/hub.ts';

/** A validator set that the hub sealed. */
export interface TrustedSet {
  readonly set: ValidatorSet;
  /** seconds */
  readonly sealedAt: bigint;
}

/** Validator sets from the API, believed only where the hub's Coalition sealed their recomputed commitment. */
export class TrustedSets {
  private readonly known = new Map<Fr, TrustedSet>();

  constructor(
    private readonly api: ApiClient,
    private readonly hub: Hub,
  ) {}

  /**
   * @returns undefined while the API does not have it, or what it has is not what the hub sealed
   * @throws the API's and the sources' errors
   */
  async get(commitment: Fr): Promise<TrustedSet | undefined> {
    const known = this.known.get(commitment);
    if (known) return known;
    const answer = await this.api.validatorSet(commitment);
    if (!answer) return undefined;
    const slots = answer.slots.map((slot) => slot ?? undefined);
    const set = validatorSet(answer.epoch, answer.capacity, slots);
    if (setCommitment(set) !== commitment) return undefined;
    const { sealedAt } = answer;
    if (!(await this.hub.isSealed({ commitment, capacity: set.capacity, epoch: set.epoch, sealedAt })))
      return undefined;
    const trusted = { set, sealedAt };
    this.known.set(commitment, trusted);
    return trusted;
  }
}
