// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Hex } from '../protocol/bytes.ts';
import { verificationKeyHash, type VerificationKey } from '../protocol/verification-key.ts';
import { DevelopmentKeyError, KeyError, KeyMissingError } from './keys/errors.ts';
import { fileHash } from './keys/file-hash.ts';
import { currentKeyFolder, keyPaths, listKeyFolders, type KeyPaths, type KeyStoreOptions } from './keys/key-store.ts';
import { manifestSchema, type Manifest } from './keys/manifest.ts';
import { readZkeyFile } from './keys/zkey-file.ts';

/** `production` accepts keys of a ceremony only. */
export type KeyMode = 'production' | 'development';

/** A circuit's key with everything that goes with it, checked against its manifest. */
export interface KeyArtifacts {
  readonly manifest: Manifest;
  readonly paths: KeyPaths;
  readonly verificationKey: VerificationKey;
}

export interface ArtifactOptions extends KeyStoreOptions {
  /** a key by its hash; default: the circuit's current key */
  readonly keyHash?: Hex;
}

/**
 * Read a key's manifest. Cheap: the files it describes are not opened (see `loadArtifacts`).
 * @throws KeyMissingError, KeyError when the manifest breaks its schema
 */
export async function loadManifest(circuit: string, options: ArtifactOptions = {}): Promise<Manifest> {
  return readManifest(await findKeyFolder(circuit, options), circuit);
}

/** Manifests of every key of a circuit that lies here, the current one or not. */
export async function listManifests(circuit: string, options: KeyStoreOptions = {}): Promise<Manifest[]> {
  const folders = await listKeyFolders(circuit, options);
  return Promise.all(folders.map((folder) => readManifest(folder, circuit)));
}

/**
 * Load a key, checked as `loadKeyFolder` does.
 * @throws KeyMissingError, KeyError
 */
export async function loadArtifacts(circuit: string, options: ArtifactOptions = {}): Promise<KeyArtifacts> {
  return loadKeyFolder(await findKeyFolder(circuit, options), circuit);
}

/**
 * Check that every file in a key's folder is the one its manifest describes, and that manifest, proving key and
 * verification key agree with each other: a development key cannot pass for one of a ceremony by its manifest alone.
 * @throws KeyError
 */
export async function loadKeyFolder(folder: string, circuit: string): Promise<KeyArtifacts> {
  const manifest = await readManifest(folder, circuit);
  const paths = keyPaths(folder);
  const refuse = (why: string): KeyError =>
    new KeyError(`key of ${circuit} in ${folder} ${why}; remove the folder and run \`phalanx setup\``, { circuit });
  for (const [file, expected] of [
    [paths.zkey, manifest.zkeyHash],
    [paths.wasm, manifest.wasmHash],
  ] as const) {
    if ((await fileHash(file)) !== expected) throw refuse(`has another ${path.basename(file)} than its manifest says`);
  }
  const zkey = await readZkeyFile(paths.zkey);
  const verificationKey = parseVerificationKey(await readFile(paths.verificationKey, 'utf8'), refuse);
  for (const key of [verificationKey, zkey.verificationKey]) {
    if (verificationKeyHash(key) !== manifest.verificationKeyHash) {
      throw refuse('has another verification key than its manifest says');
    }
  }
  if (zkey.publicSignals !== manifest.publicSignals.length)
    throw refuse('has another number of public signals than its manifest');
  const recorded = manifest.ceremony?.contributions ?? [];
  if (
    recorded.length !== zkey.contributions.length ||
    recorded.some(({ hash }, index) => hash !== zkey.contributions[index]?.hash)
  ) {
    throw refuse('has other contributions than its manifest says');
  }
  if (manifest.kind === 'ceremony' && zkey.contributions.at(-1)?.kind !== 'beacon') {
    throw refuse('passes for a ceremony key and has no beacon');
  }
  return { manifest, paths, verificationKey };
}

/**
 * The gate that every process passes each key through (DESIGN.md, rule 3).
 * @throws DevelopmentKeyError in production mode on a key that no ceremony made
 */
export function assertUsableKey(
  manifest: Pick<Manifest, 'circuit' | 'kind' | 'verificationKeyHash'>,
  mode: KeyMode,
): void {
  if (mode === 'production' && manifest.kind !== 'ceremony') {
    throw new DevelopmentKeyError(
      `the key of ${manifest.circuit} is a development key: whoever made it can forge proofs. ` +
        'Production needs a key from a ceremony (`phalanx ceremony --help`)',
      { circuit: manifest.circuit, keyHash: manifest.verificationKeyHash },
    );
  }
}

/**
 * Put the Solidity verifiers where the contracts' build finds them, one `<Contract>.sol` each.
 * @returns the paths; a file that is already right is left untouched, so that nothing is compiled again
 */
export async function writeSolidityVerifiers(
  keys: readonly Pick<KeyArtifacts, 'manifest' | 'paths'>[],
  folder: string,
): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  return Promise.all(
    keys.map(async ({ manifest, paths }) => {
      const target = path.join(folder, `${manifest.solidityContract}.sol`);
      const source = await readFile(paths.solidity, 'utf8');
      if ((await readFile(target, 'utf8').catch(() => undefined)) !== source) {
        const temporary = `${target}.${process.pid}`;
        await writeFile(temporary, source);
        await rename(temporary, target);
      }
      return target;
    }),
  );
}

async function findKeyFolder(circuit: string, options: ArtifactOptions): Promise<string> {
  if (options.keyHash === undefined) {
    const folder = await currentKeyFolder(circuit, options);
    if (folder) return folder;
    throw new KeyMissingError(`there is no key for ${circuit} yet: run \`phalanx setup\``, { circuit });
  }
  for (const folder of await listKeyFolders(circuit, options)) {
    if ((await readManifest(folder, circuit)).verificationKeyHash === options.keyHash) return folder;
  }
  throw new KeyMissingError(`there is no key ${options.keyHash} for ${circuit} here`, {
    circuit,
    keyHash: options.keyHash,
  });
}

async function readManifest(folder: string, circuit: string): Promise<Manifest> {
  const file = keyPaths(folder).manifest;
  const refuse = (why: string): KeyError => new KeyError(`${file} ${why}`, { circuit });
  const text = await readFile(file, 'utf8').catch(() => {
    throw refuse('cannot be read');
  });
  const parsed = manifestSchema.safeParse(parseJson(text, refuse));
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`);
    throw refuse(`is no manifest: ${issues.join('; ')}`);
  }
  if (parsed.data.circuit !== circuit) throw refuse(`is of ${parsed.data.circuit}, not of ${circuit}`);
  return parsed.data;
}

function parseVerificationKey(text: string, refuse: (why: string) => KeyError): VerificationKey {
  const key = parseJson(text, refuse) as Partial<VerificationKey> | null;
  // Its content is pinned by its hash; this only sees that the hash can be computed.
  if (!key || key.protocol !== 'groth16' || key.curve !== 'bn128' || !Array.isArray(key.IC)) {
    throw refuse('has a malformed verification key');
  }
  return key as VerificationKey;
}

function parseJson(text: string, refuse: (why: string) => KeyError): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw refuse('holds malformed JSON');
  }
}
