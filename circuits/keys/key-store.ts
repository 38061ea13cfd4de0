// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_HOME } from '../compile.ts';
import { KeyError } from './errors.ts';

/**
 * Files of a key's folder, `<home>/keys/<circuit>/<name>/`. The folder is whole in itself and can be copied to another
 * machine.
 */
export interface KeyPaths {
  readonly folder: string;
  readonly zkey: string;
  readonly wasm: string;
  readonly verificationKey: string;
  readonly manifest: string;
  readonly solidity: string;
}

export interface KeyStoreOptions {
  /** default: `.phalanx` of the repository */
  readonly home?: string;
}

export function keyPaths(folder: string): KeyPaths {
  return {
    folder,
    zkey: path.join(folder, 'circuit.zkey'),
    wasm: path.join(folder, 'circuit.wasm'),
    verificationKey: path.join(folder, 'verification_key.json'),
    manifest: path.join(folder, 'manifest.json'),
    solidity: path.join(folder, 'Verifier.sol'),
  };
}

export function circuitKeysFolder(circuit: string, options: KeyStoreOptions = {}): string {
  return path.join(options.home ?? DEFAULT_HOME, 'keys', circuit);
}

/** Folders of all keys of a circuit, whatever their kind. */
export async function listKeyFolders(circuit: string, options: KeyStoreOptions = {}): Promise<string[]> {
  const root = circuitKeysFolder(circuit, options);
  const entries = await readdir(root, { withFileTypes: true }).catch(ignoreMissing([]));
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(BUILDING))
    .map(({ name }) => path.join(root, name));
}

/**
 * The file that names a circuit's current key. It and the manifest that it leads to say all that `loadManifest` does.
 */
export function currentKeyFile(circuit: string, options: KeyStoreOptions = {}): string {
  return path.join(circuitKeysFolder(circuit, options), CURRENT);
}

/** @returns the folder that `current` names, or undefined when the circuit has no key yet */
export async function currentKeyFolder(circuit: string, options: KeyStoreOptions = {}): Promise<string | undefined> {
  const file = currentKeyFile(circuit, options);
  const text = await readFile(file, 'utf8').catch(ignoreMissing(undefined));
  if (text === undefined) return undefined;
  const name = text.trim();
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) throw new KeyError(`${file} names no folder`, { circuit });
  return path.join(path.dirname(file), name);
}

/** Make a key the one that new work is done with. Older ones stay, for proofs that name them. */
export async function setCurrentKey(circuit: string, folder: string, options: KeyStoreOptions = {}): Promise<void> {
  const root = circuitKeysFolder(circuit, options);
  const temporary = path.join(root, temporaryName());
  await writeFile(temporary, `${path.basename(folder)}\n`);
  await rename(temporary, path.join(root, CURRENT));
}

/**
 * Fill a key's folder and publish it whole: `build` writes into a folder of its own, which then takes its name in one
 * step. Of several callers at once the first to finish wins, and all get the same folder.
 */
export async function installKey(
  circuit: string,
  name: string,
  build: (paths: KeyPaths) => Promise<void>,
  options: KeyStoreOptions = {},
): Promise<string> {
  const root = circuitKeysFolder(circuit, options);
  const target = path.join(root, name);
  if (await exists(target)) return target;
  const building = path.join(root, temporaryName());
  await mkdir(building, { recursive: true });
  try {
    await build(keyPaths(building));
    await rename(building, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
    await syncFolder(root);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
  return target;
}

const CURRENT = 'current';
const BUILDING = 'building-';

function temporaryName(): string {
  return `${BUILDING}${process.pid}-${randomBytes(6).toString('hex')}`;
}

async function exists(folder: string): Promise<boolean> {
  return stat(path.join(folder, 'manifest.json')).then(
    () => true,
    () => false,
  );
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreMissing<T>(fallback: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return fallback;
    throw error;
  };
}
