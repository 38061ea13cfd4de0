// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { Hex } from '../../protocol/bytes.ts';
import type { Domain } from '../../protocol/domain.ts';
import type { Fr } from '../../protocol/field.ts';
import type { StatementId } from '../../protocol/statement.ts';
import type { StatementStore } from '../../runtime/statement-store.ts';
import { equivocationDraft, quorumDraft, withKey, type Draft } from '../statements/build-statement.ts';
import type { CircuitKeys } from '../statements/circuit-keys.ts';
import type { AttestationStore, Offender } from '../store/attestation-store.ts';
import { luaFile } from '../store/lua-file.ts';
import { apiKeys } from '../store/redis-keys.ts';
import type { Member, SetStore } from '../store/set-store.ts';

const settleScript = luaFile('settle.lua');

export interface OutboxParts {
  readonly redis: Redis;
  readonly attestations: AttestationStore;
  readonly sets: SetStore;
  readonly statements: StatementStore;
  readonly keys: CircuitKeys;
  readonly domain: Domain;
  readonly share: number;
  readonly trustingPeriodSeconds: number;
  readonly now?: () => number;
}

/** Something decided that waits to become a statement. */
export type OutboxItem = `quorum:${string}` | `equivocation:${string}`;

/**
 * Turns what the store has decided (a message has a quorum, a key has contradicted itself) into statements. The
 * decision and its place here are one atomic write; making the statement is idempotent; so after a crash it is done
 * again.
 */
export class Outbox {
  constructor(private readonly parts: OutboxParts) {}

  /**
   * Make one statement.
   * @returns its id; undefined when nothing waits under that name, or it cannot be made any more
   * @throws NoCircuitKeyError while the circuit has no key; the item then stays
   */
  async settle(item: OutboxItem): Promise<StatementId | undefined> {
    if ((await this.parts.redis.zscore(apiKeys.outbox, item)) === null) return undefined;
    const [kind = '', id = ''] = item.split(':');
    const draft = kind === 'quorum' ? await this.quorum(BigInt(id) as Fr) : await this.equivocation(id as Hex);
    if (draft) await this.create(draft);
    const source = kind === 'quorum' ? apiKeys.message(BigInt(id)) : apiKeys.offender(id);
    await settleScript.run(this.parts.redis, [source, apiKeys.outbox], [item, draft?.id ?? '']);
    return draft?.id;
  }

  /** Every item that waits, oldest first. @returns what could not be settled, with the reason */
  async settleAll(): Promise<{ item: string; error: unknown }[]> {
    const failures: { item: string; error: unknown }[] = [];
    for (const item of await this.parts.redis.zrange(apiKeys.outbox, 0, -1)) {
      try {
        await this.settle(item as OutboxItem); // the store's scripts wrote it
      } catch (error) {
        failures.push({ item, error });
      }
    }
    return failures;
  }

  async size(): Promise<number> {
    return this.parts.redis.zcard(apiKeys.outbox);
  }

  /** Write a draft down as a statement under its circuit's present key. @throws NoCircuitKeyError */
  async create(draft: Draft): Promise<void> {
    const { manifest } = await this.parts.keys.current({ id: draft.circuit });
    await this.parts.statements.create(withKey(draft, manifest.verificationKeyHash));
  }

  /** @returns undefined while the message has no quorum, or when it or its set is no longer known */
  async quorum(message: Fr): Promise<Draft | undefined> {
    const stored = await this.parts.attestations.message(message);
    if (!stored?.quorum) return undefined;
    const sealed = await this.parts.sets.get(stored.attestation.setCommitment);
    return sealed && quorumDraft(stored, stored.quorum, sealed, this.parts.share);
  }

  /** @param set prove membership in this one; default: see `#membership` */
  async equivocation(keyId: Hex, set?: Fr): Promise<Draft | undefined> {
    const offender = await this.parts.attestations.offender(keyId);
    if (!offender) return undefined;
    const member =
      set === undefined ? await this.#membership(offender) : await this.parts.sets.member(set, offender.key);
    return member && equivocationDraft(this.parts.domain, offender, member);
  }

  /**
   * Offenders choose what their attestations name, also a set that nobody can be slashed for any more. One that is
   * still trusted stays slashable for the whole evidence window, and ledgers know it.
   */
  async #membership({ key, first, second }: Offender): Promise<Member | undefined> {
    const { sets, trustingPeriodSeconds, now = Date.now } = this.parts;
    const named = await Promise.all(
      [first, second].map(({ attestation }) => sets.member(attestation.setCommitment, key)),
    );
    const oldest = BigInt(Math.floor(now() / 1_000) - trustingPeriodSeconds);
    const known = named.flatMap((member) => (member ? [member] : []));
    known.sort((a, b) => (a.sealed.set.epoch < b.sealed.set.epoch ? 1 : -1));
    const [newest] = known;
    if (newest && newest.sealed.sealedAt >= oldest) return newest;
    return (await sets.newestMember(key)) ?? newest;
  }
}
