// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import type { Hex } from '../../protocol/bytes.ts';
import type { ProvedStatement } from '../../protocol/proof.ts';
import type { StatementId } from '../../protocol/statement.ts';
import type { NewStatement } from '../../runtime/statement-record.ts';
import { luaFile } from './lua-file.ts';
import type { BundleKeys } from './redis-keys.ts';

const acceptScript = luaFile('accept-signature-bundle.lua');
const endScript = luaFile('end-signature-bundle.lua');
const pruneScript = luaFile('prune-signature-bundle.lua');

export const BUNDLE_STATES = ['proving', 'proved', 'failed'] as const;

/** Signatures that show something together, proved in shards by one circuit. */
export interface SignatureBundle {
  /** names what is shown, whatever signatures and proofs show it */
  readonly id: Hex;
  readonly circuit: string;
  readonly keyHash: Hex;
  /** of its shards, in the order of their signers */
  readonly statements: readonly StatementId[];
}

export interface StoredBundle extends SignatureBundle {
  readonly state: (typeof BUNDLE_STATES)[number];
  readonly createdAtMs: number;
  /** all of its statements were asked for since it was accepted */
  readonly started: boolean;
  /** of a proved one: rises over all of its kind */
  readonly sequence?: number;
  readonly failure?: { readonly code: string; readonly message: string };
}

/** How what a bundle shows is kept. */
export interface ContentCodec<Content> {
  encode(content: Content): string;
  /** @param text of `encode` */
  decode(text: string): Content;
}

/** What accepting a bundle establishes, kept in the same step unless the chain has a state at that height. */
export interface Established {
  readonly height: bigint;
  readonly state: string;
  /** heights and states of the chain */
  readonly keys: readonly [heights: string, states: string];
}

/** What a bundle is about, of which one bundle at a time stands: others are answered with it. */
export interface BundleSubject {
  /** names it, within the kind of bundle */
  readonly name: string;
  /** u64: a proved bundle gives way to one of a higher rank, */
  readonly rank: bigint;
  /** this long after it ended */
  readonly standsMs: number;
}

/** Bundles of one kind in Redis. What lies there is all that going on after a crash takes. */
export class SignatureBundleStore<Content extends object> {
  constructor(
    private readonly redis: Redis,
    private readonly keys: BundleKeys,
    private readonly codec: ContentCodec<Content>,
  ) {}

  /**
   * Unless another stands, the bundle is on disk and open when this returns. It is kept anew where it failed, or was
   * proved under another key than `keyHash`.
   * @returns the id of the one that stands, and whether that is this one, kept by this call
   */
  async accept(
    bundle: Content & SignatureBundle,
    statements: readonly NewStatement[],
    { established, subject }: { readonly established?: Established; readonly subject?: BundleSubject } = {},
  ): Promise<{ readonly id: Hex; readonly accepted: boolean }> {
    const { id, circuit, keyHash } = bundle;
    const keys = [
      ...[this.keys.bundle(id), this.keys.open, this.keys.ended, this.keys.proved],
      ...(established?.keys ?? []),
      ...(subject ? [this.keys.subject(subject.name)] : []),
    ];
    const fields = {
      content: this.codec.encode(bundle),
      circuit,
      keyHash,
      shards: JSON.stringify(bundle.statements),
      statements: JSON.stringify(statements),
    };
    const args = [
      ...[id, Date.now(), keyHash, String(established?.height ?? ''), established?.state ?? ''],
      ...[subject ? String(subject.rank).padStart(20, '0') : '', subject?.standsMs ?? 0],
      ...Object.entries(fields).flat(),
    ];
    const standing = await acceptScript.run(this.redis, keys, args);
    return standing === '' ? { id, accepted: true } : { id: standing as Hex, accepted: false };
  }

  async get(id: Hex): Promise<(Content & StoredBundle) | undefined> {
    const [state, createdAt, content, circuit, keyHash, shards, started, sequence, code, message] =
      await this.redis.hmget(
        this.keys.bundle(id), 'state', 'createdAt', 'content', 'circuit', 'keyHash', 'shards', 'started', 'sequence',
        'failureCode', 'failureMessage',
      ); // prettier-ignore
    if (!state || !content || !circuit || !keyHash || !shards) return undefined;
    // `accept` wrote it.
    return {
      ...this.codec.decode(content),
      id,
      circuit,
      keyHash: keyHash as Hex,
      statements: JSON.parse(shards) as StatementId[],
      state: state as StoredBundle['state'],
      createdAtMs: Number(createdAt),
      started: started === '1',
      ...(sequence ? { sequence: Number(sequence) } : {}),
      ...(code ? { failure: { code, message: message ?? '' } } : {}),
    };
  }

  /** What is to be proved, in the order of `statements`; undefined once it has ended. */
  async newStatements(id: Hex): Promise<NewStatement[] | undefined> {
    const text = await this.redis.hget(this.keys.bundle(id), 'statements');
    return text === null ? undefined : (JSON.parse(text) as NewStatement[]);
  }

  /** All of its statements have been asked for. */
  async noteStarted(id: Hex): Promise<void> {
    await this.redis.hset(this.keys.bundle(id), 'started', 1);
  }

  /** In the order of its statements. */
  async proofs(id: Hex): Promise<ProvedStatement[] | undefined> {
    const text = await this.redis.hget(this.keys.bundle(id), 'proofs');
    return text === null ? undefined : (JSON.parse(text) as ProvedStatement[]);
  }

  /** Ids of those that are not yet proved, oldest first. */
  async open(): Promise<Hex[]> {
    return (await this.redis.zrange(this.keys.open, 0, -1)) as Hex[];
  }

  /** How many are not yet proved. */
  async openCount(): Promise<number> {
    return this.redis.zcard(this.keys.open);
  }

  /** Proved ones by rising sequence. */
  async proved(after: number, limit: number): Promise<(Content & StoredBundle)[]> {
    const ids = await this.redis.zrangebyscore(this.keys.proved, `(${after}`, '+inf', 'LIMIT', 0, limit);
    const found = await Promise.all(ids.map((id) => this.get(id as Hex)));
    return found.filter((bundle) => bundle !== undefined);
  }

  /** @returns whether this call ended it */
  async endProved(id: Hex, proofs: readonly ProvedStatement[]): Promise<boolean> {
    return this.#end(id, 'proved', ['proofs', JSON.stringify(proofs)]);
  }

  /** @returns whether this call ended it */
  async endFailed(id: Hex, { code, message }: { code: string; message: string }): Promise<boolean> {
    return this.#end(id, 'failed', ['failureCode', code, 'failureMessage', message]);
  }

  /** Remove what ended longer ago than the retention. @returns how many */
  async prune(retentionMs: number): Promise<number> {
    const { bundle, ended, proved } = this.keys;
    const ids = await this.redis.zrangebyscore(ended, '-inf', Date.now() - retentionMs);
    for (const id of ids) await pruneScript.run(this.redis, [bundle(id), ended, proved], [id]);
    return ids.length;
  }

  async #end(id: Hex, state: 'proved' | 'failed', fields: readonly string[]): Promise<boolean> {
    const { bundle, open, ended, proved, sequence } = this.keys;
    return (
      (await endScript.run(
        this.redis,
        [bundle(id), open, ended, proved, sequence],
        [id, Date.now(), state, ...fields],
      )) === 1
    );
  }
}
