// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Point } from '../../protocol/eddsa.ts';
import type { Fr } from '../../protocol/field.ts';
import {
  slotOf,
  totalStakeGwei,
  validatorSet,
  type ValidatorSet,
  type Validator,
} from '../../protocol/validator-set.ts';
import { validatorSetSchema } from '../schemas/validator-set.ts';
import { apiKeys } from './redis-keys.ts';

/** A validator set that the hub sealed. */
export interface SealedSet {
  readonly commitment: Fr;
  /** the hub's time, seconds */
  readonly sealedAt: bigint;
  readonly set: ValidatorSet;
  readonly totalGwei: bigint;
  /** of `set`; what its digest on the hub binds, with commitment and time */
  readonly capacity: number;
}

/** A key where it stands in a set. */
export interface Member {
  readonly sealed: SealedSet;
  readonly slot: number;
  readonly validator: Validator;
}

/** Published validator sets. They never change, so each process keeps what it has read. */
export class SetStore {
  readonly #known = new Map<Fr, SealedSet>();

  constructor(private readonly redis: Redis) {}

  /** @param sealed commitment recomputed, sealing seen on the hub. @returns whether it is new */
  async add(sealed: SealedSet): Promise<boolean> {
    const { commitment, sealedAt, set } = sealed;
    const { epoch, capacity, slots } = set;
    const encoded = z.encode(validatorSetSchema, {
      commitment,
      epoch,
      capacity,
      sealedAt,
      slots: slots.map((slot) => slot ?? null),
    });
    const replies = await this.redis
      .multi()
      .set(apiKeys.set(commitment), JSON.stringify(encoded), 'NX')
      .zadd(apiKeys.sets, 0, `${epoch.toString().padStart(20, '0')}:${commitment}`)
      .exec();
    this.#known.set(commitment, sealed);
    return replies?.[0]?.[1] === 'OK';
  }

  async get(commitment: Fr): Promise<SealedSet | undefined> {
    const known = this.#known.get(commitment);
    if (known) return known;
    const text = await this.redis.get(apiKeys.set(commitment));
    if (text === null) return undefined;
    const { epoch, capacity, sealedAt, slots } = validatorSetSchema.parse(JSON.parse(text));
    const sealed = sealedSet(
      commitment,
      sealedAt,
      validatorSet(
        epoch,
        capacity,
        slots.map((slot) => slot ?? undefined),
      ),
    );
    this.#known.set(commitment, sealed);
    return sealed;
  }

  /** Newest epoch first. */
  async list(limit: number): Promise<SealedSet[]> {
    const members = await this.redis.zrevrangebylex(apiKeys.sets, '+', '-', 'LIMIT', 0, limit);
    const sets = await Promise.all(members.map((member) => this.get(BigInt(member.slice(21)) as Fr))); // we wrote it
    return sets.filter((set) => set !== undefined);
  }

  /** Where a key stands in one set. */
  async member(commitment: Fr, key: Point): Promise<Member | undefined> {
    const sealed = await this.get(commitment);
    return sealed && memberOf(sealed, key);
  }

  /** Where a key stands in the newest set that has it, of the last `limit`. */
  async newestMember(key: Point, limit = 1_024): Promise<Member | undefined> {
    for (const sealed of await this.list(limit)) {
      const member = memberOf(sealed, key);
      if (member) return member;
    }
    return undefined;
  }
}

export function sealedSet(commitment: Fr, sealedAt: bigint, set: ValidatorSet): SealedSet {
  return { commitment, sealedAt, set, totalGwei: totalStakeGwei(set), capacity: set.capacity };
}

function memberOf(sealed: SealedSet, key: Point): Member | undefined {
  const slot = slotOf(sealed.set, key);
  const validator = sealed.set.slots[slot];
  return validator && { sealed, slot, validator };
}
