// SPDX-License-Identifier: GPL-3.0-or-later
import { open, rm, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Redis } from 'ioredis';
import { assertUsableKey, loadKeyFolder, type KeyMode } from '../circuits/artifacts.ts';
import { KeyMissingError } from '../circuits/keys/errors.ts';
import { circuitKeysFolder, installKey, type KeyPaths } from '../circuits/keys/key-store.ts';
import { manifestSchema } from '../circuits/keys/manifest.ts';
import { PhalanxError } from '../protocol/errors.ts';
import type { Logger } from '../runtime/log.ts';
import { HolderSilentError, KeySeeker, type SeekerTimes } from '../runtime/key-exchange/key-seeker.ts';
import { KEY_FILES, PART_BYTES, type KeyFile, type KeyName, type KeyOffer } from '../runtime/key-exchange/messages.ts';

/** What another process sent is not the key that it named. */
export class KeyFetchError extends PhalanxError {
  readonly code = 'KEY_FETCH_FAILED';
  readonly retryable = true;
}

/** The key that was asked for may not be used here, whoever sends it. */
class UnusableOfferError extends KeyFetchError {}

/** Parts asked for at a time: Redis keeps no more than that for a slow reader. */
const PARTS_AT_ONCE = 4;

export interface KeyFetcherOptions {
  readonly redis: Redis;
  /** keys are installed there */
  readonly home: string;
  readonly mode: KeyMode;
  readonly log: Logger;
  readonly times?: SeekerTimes;
}

/**
 * Brings keys that lie on other machines to this one. A key counts as one only after everything was checked as at every
 * start: file hashes, the proving key's own verification key and the hash by which the job names it, its ceremony.
 */
export class KeyFetcher {
  constructor(private readonly options: KeyFetcherOptions) {}

  /**
   * Install a key from whoever has it, in place of what lies here in its name.
   * @throws KeyMissingError when nobody has it; KeyFetchError, also for a development key in production;
   * `signal.reason`
   */
  async fetch(key: KeyName, signal: AbortSignal): Promise<void> {
    const { redis, log, times } = this.options;
    const seeker = await KeySeeker.open(redis, times);
    const failed = new Set<string>();
    let failure: unknown = new KeyMissingError(
      `there is no key ${key.keyHash} for ${key.circuit} here, and no other process on this Redis has it`,
      { ...key },
    );
    try {
      for (;;) {
        const offer = await seeker.ask(key, failed, signal);
        if (!offer) throw failure;
        try {
          return await this.#install(key, new Download(seeker, offer, failed, signal));
        } catch (error) {
          if (signal.aborted || error instanceof UnusableOfferError) throw error;
          log.warn({ err: error, ...key }, 'a key could not be fetched from a process that offered it');
          failed.add(offer.holder);
          failure = error;
        }
      }
    } finally {
      seeker.close();
    }
  }

  async #install(key: KeyName, download: Download): Promise<void> {
    const { home, mode, log } = this.options;
    const { circuit, keyHash } = key;
    const { manifest: text, sizes } = download.offer;
    const manifest = parseManifest(text, key);
    try {
      assertUsableKey(manifest, mode);
    } catch (error) {
      // Not for good: a worker in development mode may prove it.
      throw new UnusableOfferError(`the key ${keyHash} of ${circuit} is not fetched`, { ...key }, error);
    }
    const begun = performance.now();
    const bytes = KEY_FILES.reduce((sum, file) => sum + sizes[file], 0);
    log.info({ circuit, keyHash, bytes }, 'fetching a key');
    const name = keyHash.slice(2);
    await rm(path.join(circuitKeysFolder(circuit, { home }), name), { recursive: true, force: true });
    const build = async (paths: KeyPaths): Promise<void> => {
      for (const file of KEY_FILES) await download.file(file, paths[file]);
      await writeFile(paths.manifest, text);
      try {
        await loadKeyFolder(paths.folder, circuit);
      } catch (error) {
        throw new KeyFetchError(`what another process sent is not the key ${keyHash} of ${circuit}`, { ...key }, error);
      }
    };
    await installKey(circuit, name, build, { home });
    log.info({ circuit, keyHash, bytes, seconds: (performance.now() - begun) / 1_000 }, 'key fetched');
  }
}

/** One key on its way. When its holder falls silent another one goes on from the same byte. */
class Download {
  constructor(
    private readonly seeker: KeySeeker,
    public offer: KeyOffer,
    private readonly failed: Set<string>,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws HolderSilentError when nobody else goes on; `signal.reason` */
  async file(name: KeyFile, target: string): Promise<void> {
    const file = await open(target, 'wx');
    try {
      const size = this.offer.sizes[name];
      for (let offset = 0; offset < size;) {
        const end = Math.min(size, offset + PARTS_AT_ONCE * PART_BYTES);
        try {
          await this.#parts(name, offset, end, file);
          offset = end;
        } catch (error) {
          if (!(error instanceof HolderSilentError)) throw error;
          await this.#change(error);
        }
      }
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async #parts(name: KeyFile, from: number, end: number, file: FileHandle): Promise<void> {
    const offsets: number[] = [];
    for (let offset = from; offset < end; offset += PART_BYTES) offsets.push(offset);
    const parts = await Promise.allSettled(
      offsets.map(async (offset) => {
        const length = Math.min(PART_BYTES, end - offset);
        const part = await this.seeker.part(this.offer, name, offset, length, this.signal);
        await file.write(part, 0, length, offset);
      }),
    );
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
  }

  async #change(silence: HolderSilentError): Promise<void> {
    this.failed.add(this.offer.holder);
    const next = await this.seeker.ask(this.offer, this.failed, this.signal);
    // Other files under the same hash would not fit to what has come.
    if (next?.manifest !== this.offer.manifest) throw silence;
    this.offer = next;
  }
}

function parseManifest(text: string, { circuit, keyHash }: KeyName): ReturnType<typeof manifestSchema.parse> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const { data: manifest } = manifestSchema.safeParse(json);
  if (manifest?.circuit === circuit && manifest.verificationKeyHash === keyHash) return manifest;
  throw new KeyFetchError(`another process offers something else than the key ${keyHash} of ${circuit}`, {
    circuit,
    keyHash,
  });
}
