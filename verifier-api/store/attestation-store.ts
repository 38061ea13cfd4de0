// SPDX-License-Identifier: GPL-3.0-or-later
import { sha256 } from '@noble/hashes/sha2.js';
import type { Redis } from 'ioredis';
import type { Attestation, Checkpoint, Conflict } from '../../protocol/attestation.ts';
import { concatBytes, fromHex, toBytesBE, toHex, type Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { Point, Signature } from '../../protocol/eddsa.ts';
import type { Fr } from '../../protocol/field.ts';
import { SHARE_DENOMINATOR } from '../../protocol/share.ts';
import type { StatementId } from '../../protocol/statement.ts';
import { keyId } from '../../protocol/key-id.ts';
import { luaFile } from './lua-file.ts';
import { apiKeys } from './redis-keys.ts';
import { storedJson, type Vote } from './stored-json.ts';

/** An attestation whose signature, set and signer were checked. */
export interface VerifiedAttestation extends Vote {
  readonly message: Fr;
  readonly key: Point;
  /** the signer's slot in the set that the attestation names, and its stake there */
  readonly slot: number;
  readonly stakeGwei: bigint;
  /** of that set */
  readonly totalGwei: bigint;
}

export interface SubmitOutcome {
  /** `full`: the key has reached its limit on this chain; nothing changed */
  readonly outcome: 'stored' | 'known' | 'full';
  /** offence that this attestation completed, the key's first */
  readonly conflict: Conflict | undefined;
  /** whether the message has a quorum now */
  readonly quorum: boolean;
  /** what is decided and still waits to become a statement: of this message, of this key */
  readonly quorumPending: boolean;
  readonly offencePending: boolean;
}

/** What is known of one message. */
export interface StoredMessage {
  readonly message: Fr;
  readonly attestation: Attestation;
  /** by slot; those that came after the quorum too */
  readonly signatures: ReadonlyMap<number, Signature>;
  /** slots that signed when the share was first exceeded */
  readonly quorum: readonly number[] | undefined;
  /** of that quorum, once it has been made */
  readonly statement: StatementId | undefined;
}

/** A key that contradicted itself, by its first two such votes. */
export interface Offender {
  readonly keyId: Hex;
  readonly key: Point;
  readonly conflict: Conflict;
  readonly first: Vote;
  readonly second: Vote;
  /** once it has been made */
  readonly statement: StatementId | undefined;
}

export interface AttestationStoreOptions {
  /** thirty-thousandths of the set's stake that a quorum exceeds */
  readonly share: number;
  /** attestations stay at least this long, and at most twice as long */
  readonly evidenceWindowSeconds: number;
  /** attestations kept of one key on one chain in one such window */
  readonly mostVotesPerKey: number;
}

const OUTCOMES = { new: 'stored', known: 'known', full: 'full' } as const;

const submitScript = luaFile('submit-attestation.lua');
const evidenceScript = luaFile('record-evidence.lua');

/** Attestations by message, conflicts among them, quorums. Every change is one atomic step, whoever else is writing. */
export class AttestationStore {
  constructor(
    private readonly redis: Redis,
    private readonly options: AttestationStoreOptions,
  ) {}

  /** Store it, unless it is known; when this returns it is on disk. */
  async submit(vote: VerifiedAttestation): Promise<SubmitOutcome> {
    const { checkpoint, sourceHeight } = vote.attestation;
    const id = keyId(vote.key);
    const needed = leastQuorumGwei(vote.totalGwei, this.options.share);
    const reply = (await submitScript.run(
      this.redis,
      [apiKeys.message(vote.message), apiKeys.offender(id), apiKeys.outbox, apiKeys.checkpoints(checkpoint.chainKey)],
      [
        apiKeys.votesPrefix(id, checkpoint.chainKey),
        apiKeys.messagePrefix,
        this.options.evidenceWindowSeconds,
        vote.message.toString(),
        id,
        vote.slot,
        storedJson.attestation(vote.attestation),
        storedJson.signature(vote.signature),
        heightKey(sourceHeight),
        heightKey(checkpoint.height),
        checkpointDigest(checkpoint),
        ...halves(vote.stakeGwei),
        ...halves(needed),
        vote.key.x.toString(),
        vote.key.y.toString(),
        this.options.mostVotesPerKey,
      ],
    )) as [keyof typeof OUTCOMES, string, number, number, number]; // the script's own return
    return {
      outcome: OUTCOMES[reply[0]],
      conflict: reply[1] === '' ? undefined : (reply[1] as Conflict),
      quorumPending: reply[2] === 1,
      offencePending: reply[3] === 1,
      quorum: reply[4] === 1,
    };
  }

  /** Record an offence that was checked. @returns false when the key had been caught before; nothing changes then */
  async recordEvidence(key: Point, conflict: Conflict, first: Vote, second: Vote): Promise<boolean> {
    const id = keyId(key);
    const reply = await evidenceScript.run(
      this.redis,
      [apiKeys.offender(id), apiKeys.outbox],
      [id, conflict, key.x.toString(), key.y.toString(), storedJson.vote(first), storedJson.vote(second)],
    );
    return reply === 1;
  }

  /** Whether this very signature is stored. */
  async hasSignature(message: Fr, slot: number, signature: Signature): Promise<boolean> {
    return (await this.redis.hget(apiKeys.message(message), `s:${slot}`)) === storedJson.signature(signature);
  }

  async message(message: Fr): Promise<StoredMessage | undefined> {
    const hash = await this.redis.hgetall(apiKeys.message(message));
    if (hash['attestation'] === undefined) return undefined;
    const signatures = Object.entries(hash)
      .filter(([field]) => field.startsWith('s:'))
      .map(([field, text]): [number, Signature] => [Number(field.slice(2)), storedJson.parseSignature(text)])
      .sort(([a], [b]) => a - b);
    return {
      message,
      attestation: storedJson.parseAttestation(hash['attestation']),
      signatures: new Map(signatures),
      quorum: hash['quorum']
        ?.split(',')
        .map(Number)
        .sort((a, b) => a - b),
      statement: hash['statement'] as StatementId | undefined,
    };
  }

  async offender(id: Hex): Promise<Offender | undefined> {
    const hash = await this.redis.hgetall(apiKeys.offender(id));
    const { conflict, keyX, keyY, first, second } = hash;
    if (!conflict || !keyX || !keyY || !first || !second) return undefined;
    return {
      keyId: id,
      key: { x: BigInt(keyX), y: BigInt(keyY) },
      conflict: conflict as Conflict,
      first: storedJson.parseVote(first),
      second: storedJson.parseVote(second),
      statement: hash['statement'] as StatementId | undefined,
    };
  }

  /** Messages with a quorum at one height of a chain; more than one under several sets, or when two contradict. */
  async quorumsAt(chain: ChainKey, height: bigint): Promise<Fr[]> {
    const at = heightKey(height);
    return messagesOf(await this.redis.zrangebylex(apiKeys.checkpoints(chain), `(${at}`, `(${at};`));
  }

  /** Greatest height of a chain that has a quorum, below a bound if there is one. */
  async latestHeight(chain: ChainKey, below?: bigint): Promise<bigint | undefined> {
    const bound = below === undefined ? '+' : `(${heightKey(below)}`;
    const [member] = await this.redis.zrevrangebylex(apiKeys.checkpoints(chain), bound, '-', 'LIMIT', 0, 1);
    return member === undefined ? undefined : BigInt(member.slice(0, 20));
  }
}

/** 20 digits: their order as text is their order as numbers. */
function heightKey(height: bigint): string {
  return height.toString().padStart(20, '0');
}

function messagesOf(members: readonly string[]): Fr[] {
  return members.map((member) => BigInt(member.slice(21)) as Fr); // our own script wrote it
}

/** Tells the checkpoints of one chain and height apart. */
function checkpointDigest({ blockHash, stateRoot, timestamp }: Checkpoint): string {
  return toHex(sha256(concatBytes(fromHex(blockHash), fromHex(stateRoot), toBytesBE(timestamp, 8, 'timestamp'))));
}

/** Smallest stake that is strictly more than the share. */
function leastQuorumGwei(totalGwei: bigint, share: number): bigint {
  return (totalGwei * BigInt(share)) / BigInt(SHARE_DENOMINATOR) + 1n;
}

/** Upper part and lower 32 bits: a Lua number holds 53 bits exactly. */
function halves(value: bigint): [string, string] {
  return [(value >> 32n).toString(), (value & 0xffff_ffffn).toString()];
}
