// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import type { Hex } from '../../protocol/bytes.ts';
import { keyPaths, listKeyFolders, type KeyPaths } from './key-store.ts';
import { manifestSchema } from './manifest.ts';

/** A key that lies here, not opened: its manifest's text and its paths. Whoever takes it elsewhere checks it there. */
export interface InstalledKey {
  readonly manifest: string;
  readonly paths: KeyPaths;
}

/**
 * Look for a key by its hash.
 * @param homes in this order
 */
export async function findInstalledKey(
  circuit: string,
  keyHash: Hex,
  homes: readonly string[],
): Promise<InstalledKey | undefined> {
  for (const home of homes) {
    for (const folder of await listKeyFolders(circuit, { home })) {
      const paths = keyPaths(folder);
      const manifest = await readFile(paths.manifest, 'utf8').catch(() => '{}');
      if (parse(manifest) === keyHash) return { manifest, paths };
    }
  }
  return undefined;
}

function parse(manifest: string): Hex | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(manifest)).data?.verificationKeyHash;
  } catch {
    return undefined;
  }
}
