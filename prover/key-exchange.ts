// SPDX-License-Identifier: GPL-3.0-or-later
import path from 'node:path';
import type { Redis } from 'ioredis';
import { findInstalledKey } from '../circuits/keys/find-installed-key.ts';
import type { WorkerConfig } from '../runtime/config.ts';
import { KeyHolder } from '../runtime/key-exchange/key-holder.ts';
import type { Logger } from '../runtime/log.ts';
import type { Catalog } from './catalog.ts';
import { ProvingCancelledError } from './errors.ts';
import { FetchingCatalog } from './fetching-catalog.ts';
import { InstalledCatalog } from './installed-catalog.ts';
import { KeyFetcher } from './key-fetcher.ts';

/** Keys taken from other machines lie in this folder of the home; it may be deleted at any time. */
const FETCHED = 'fetched';

export interface KeyExchange {
  readonly catalog: Catalog;
  close(): Promise<void>;
}

/** Takes keys that are missing here from other processes on the same Redis, and hands those that lie here to others. */
export async function openKeyExchange(
  installed: Catalog,
  redis: Redis,
  { home, mode }: Pick<WorkerConfig, 'home' | 'mode'>,
  log: Logger,
): Promise<KeyExchange> {
  const fetchedHome = path.join(home, FETCHED);
  const fetched = new InstalledCatalog(fetchedHome, mode);
  const fetcher = new KeyFetcher({ redis, home: fetchedHome, mode, log });
  const catalog = new FetchingCatalog(installed, fetched, fetcher);
  const find = ({ circuit, keyHash }: { circuit: string; keyHash: `0x${string}` }) =>
    findInstalledKey(circuit, keyHash, [home, fetchedHome]);
  const holder = await KeyHolder.open(redis, find, log);
  return {
    catalog,
    close: async () => {
      await catalog.close(new ProvingCancelledError('the worker stops'));
      await holder.close();
    },
  };
}
