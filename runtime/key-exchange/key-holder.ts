// SPDX-License-Identifier: GPL-3.0-or-later
import { open, stat } from 'node:fs/promises';
import type { Redis } from 'ioredis';
import type { Logger } from '../log.ts';
import {
  exchangeChannels,
  newPeerId,
  parseMessage,
  partRequestSchema,
  wantedSchema,
  type KeyFile,
  type KeyName,
  type KeyOffer,
  type PartRequest,
} from './messages.ts';

/** A key on this machine: the text of its manifest, and where its files lie. */
export interface HeldKey {
  readonly manifest: string;
  readonly paths: Readonly<Record<KeyFile, string>>;
}

export type FindHeldKey = (key: KeyName) => Promise<HeldKey | undefined>;

/** Requests that wait at most; a seeker asks again for what is dropped. */
const MAX_WAITING = 64;

/** Hands the keys of this machine to processes on others that ask for them, one part at a time. */
export class KeyHolder {
  readonly #id = newPeerId();
  readonly #held = new Map<string, HeldKey>();
  #waiting = 0;
  #work: Promise<void> = Promise.resolve();

  private constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
    private readonly find: FindHeldKey,
    private readonly log: Logger,
  ) {
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => this.#take(channel.toString(), message));
  }

  /** @param redis connection to answer on, and to copy: a subscription needs one of its own */
  static async open(redis: Redis, find: FindHeldKey, log: Logger): Promise<KeyHolder> {
    const subscriber = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: null, enableOfflineQueue: true });
    subscriber.on('error', () => undefined);
    await subscriber.connect();
    const holder = new KeyHolder(redis, subscriber, find, log);
    await subscriber.subscribe(exchangeChannels.wanted, exchangeChannels.holder(holder.#id));
    return holder;
  }

  async close(): Promise<void> {
    this.subscriber.disconnect();
    await this.#work;
  }

  #take(channel: string, message: Buffer): void {
    if (this.#waiting >= MAX_WAITING) return;
    this.#waiting += 1;
    this.#work = this.#work
      .then(() => (channel === exchangeChannels.wanted ? this.#offer(message) : this.#send(message)))
      .catch((err: unknown) => this.log.warn({ err }, 'a key that was asked for could not be handed out'))
      .finally(() => (this.#waiting -= 1));
  }

  async #offer(message: Buffer): Promise<void> {
    const wanted = parseMessage(wantedSchema, message);
    const held = wanted && (await this.find(wanted));
    if (!held) return;
    const { circuit, keyHash, seeker } = wanted;
    const sizes = await sizesOf(held);
    if (!sizes) return;
    const offer: KeyOffer = { circuit, keyHash, holder: this.#id, manifest: held.manifest, sizes };
    this.#held.set(nameOf(wanted), held);
    await this.redis.publish(exchangeChannels.offers(seeker), JSON.stringify(offer));
  }

  async #send(message: Buffer): Promise<void> {
    const request = parseMessage(partRequestSchema, message);
    const held = request && this.#held.get(nameOf(request));
    if (!held) return;
    if (request.file === 'zkey' && request.offset === 0) {
      this.log.info({ circuit: request.circuit, keyHash: request.keyHash }, 'handing a key to another process');
    }
    await this.redis.publish(exchangeChannels.parts(request.seeker), await readPart(held.paths[request.file], request));
  }
}

/** @returns undefined when not all of it lies here: who only verifies needs no proving key */
async function sizesOf({ paths }: HeldKey): Promise<KeyOffer['sizes'] | undefined> {
  const size = async (file: KeyFile): Promise<number> => (await stat(paths[file])).size;
  try {
    return { verificationKey: await size('verificationKey'), wasm: await size('wasm'), zkey: await size('zkey') };
  } catch {
    return undefined;
  }
}

async function readPart(path: string, { number, offset, length }: PartRequest): Promise<Buffer> {
  const message = Buffer.alloc(4 + length);
  message.writeUInt32BE(number);
  const file = await open(path, 'r');
  try {
    const { bytesRead } = await file.read(message, 4, length, offset);
    return message.subarray(0, 4 + bytesRead);
  } finally {
    await file.close();
  }
}

const nameOf = ({ circuit, keyHash }: KeyName): string => `${circuit} ${keyHash}`;
