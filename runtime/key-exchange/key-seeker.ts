// SPDX-License-Identifier: GPL-3.0-or-later
import type { Redis } from 'ioredis';
import { PhalanxError } from '../../protocol/errors.ts';
import {
  exchangeChannels,
  newPeerId,
  offerSchema,
  parseMessage,
  type KeyFile,
  type KeyName,
  type KeyOffer,
  type PartRequest,
} from './messages.ts';

/** Who offered a key does not send it: it has ended, or lost the file. */
export class HolderSilentError extends PhalanxError {
  readonly code = 'KEY_HOLDER_SILENT';
  readonly retryable = true;
}

export interface SeekerTimes {
  /** for the first offer */
  readonly offerMs: number;
  /** for one part of a file */
  readonly partMs: number;
}

const TIMES: SeekerTimes = { offerMs: 3_000, partMs: 10_000 };

/** Finds who has a key and asks for parts of its files. What comes is believed by nobody before its hash is checked. */
export class KeySeeker {
  readonly #id = newPeerId();
  readonly #parts = new Map<number, (part: Buffer) => void>();
  #onOffer: (offer: KeyOffer) => void = () => undefined;
  #number = 0;

  private constructor(
    private readonly redis: Redis,
    private readonly subscriber: Redis,
    private readonly times: SeekerTimes,
  ) {
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      if (channel.toString() === exchangeChannels.parts(this.#id)) return this.#takePart(message);
      const offer = parseMessage(offerSchema, message);
      if (offer) this.#onOffer(offer);
    });
  }

  /** @param redis connection to ask on, and to copy */
  static async open(redis: Redis, times: SeekerTimes = TIMES): Promise<KeySeeker> {
    const subscriber = redis.duplicate({ lazyConnect: true, maxRetriesPerRequest: null, enableOfflineQueue: true });
    subscriber.on('error', () => undefined);
    await subscriber.connect();
    const seeker = new KeySeeker(redis, subscriber, times);
    await subscriber.subscribe(exchangeChannels.offers(seeker.#id), exchangeChannels.parts(seeker.#id));
    return seeker;
  }

  close(): void {
    this.subscriber.disconnect();
  }

  /** The first offer of a key. @param except holders that are not wanted. @returns undefined when nobody else has it */
  async ask(
    { circuit, keyHash }: KeyName,
    except: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<KeyOffer | undefined> {
    const offered = new Promise<KeyOffer>((resolve) => {
      this.#onOffer = (offer) => {
        if (offer.circuit === circuit && offer.keyHash === keyHash && !except.has(offer.holder)) resolve(offer);
      };
    });
    const wanted = JSON.stringify({ circuit, keyHash, seeker: this.#id });
    const listeners = await this.redis.publish(exchangeChannels.wanted, wanted);
    return listeners === 0 ? undefined : within(offered, this.times.offerMs, signal);
  }

  /** @returns `length` bytes. @throws HolderSilentError; `signal.reason` */
  async part(offer: KeyOffer, file: KeyFile, offset: number, length: number, signal: AbortSignal): Promise<Buffer> {
    const { circuit, keyHash, holder } = offer;
    const number = this.#number++;
    const request: PartRequest = { circuit, keyHash, seeker: this.#id, file, offset, length, number };
    const came = new Promise<Buffer>((resolve) => this.#parts.set(number, resolve));
    try {
      const listeners = await this.redis.publish(exchangeChannels.holder(holder), JSON.stringify(request));
      const part = listeners === 0 ? undefined : await within(came, this.times.partMs, signal);
      if (part?.length !== length) {
        throw new HolderSilentError(`a process that offered the key of ${circuit} does not send it`, { circuit, file });
      }
      return part;
    } finally {
      this.#parts.delete(number);
    }
  }

  #takePart(message: Buffer): void {
    if (message.length < 4) return;
    this.#parts.get(message.readUInt32BE(0))?.(message.subarray(4));
  }
}

/** @returns undefined after that time. @throws `signal.reason` */
async function within<T>(promise: Promise<T>, ms: number, signal: AbortSignal): Promise<T | undefined> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  let abort: () => void = () => undefined;
  const ended = new Promise<undefined>((resolve, reject) => {
    timer = setTimeout(() => resolve(undefined), ms);
    abort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, ended]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}
