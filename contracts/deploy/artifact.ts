// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Abi, Address, Hex } from 'viem';
import { CONTRACTS_ROOT } from './build.ts';

/** Where a library's address goes, in bytes: source file, library, places. */
export type LinkReferences = Readonly<
  Record<string, Readonly<Record<string, readonly { readonly start: number; readonly length: number }[]>>>
>;

/** What the deployment needs of forge's output for one contract. */
export interface Artifact {
  readonly name: string;
  readonly abi: Abi;
  /** creation code as hex; not valid hex where it still waits for libraries */
  readonly bytecode: string;
  readonly linkReferences: LinkReferences;
}

/** The contracts have not been built, or the artifact is not one of a contract. */
export class ArtifactError extends Error {
  readonly code = 'ARTIFACT_UNUSABLE';
}

/**
 * Read `contracts/out/<name>.sol/<name>.json`.
 * @throws ArtifactError
 */
export async function readArtifact(name: string): Promise<Artifact> {
  const folder = path.join(CONTRACTS_ROOT, 'out', `${name}.sol`);
  const file = path.join(folder, `${name}.json`);
  const text = await readFile(file, 'utf8')
    // forge names the profile when it has compiled a file under more than one.
    .catch(() => readFile(path.join(folder, `${name}.default.json`), 'utf8'))
    .catch((cause: unknown) => {
      throw new ArtifactError(`${name} has not been built: ${file} cannot be read`, { cause });
    });
  // forge wrote this file; only the parts used here are looked at.
  const json = JSON.parse(text) as {
    abi?: Abi;
    bytecode?: { object?: string; linkReferences?: LinkReferences };
  };
  const bytecode = json.bytecode?.object;
  if (!json.abi || bytecode === undefined || bytecode === '0x') throw new ArtifactError(`${name} has no code`);
  return { name, abi: json.abi, bytecode, linkReferences: json.bytecode?.linkReferences ?? {} };
}

/** Names of the libraries that the code waits for. */
export function librariesOf(artifact: Artifact): string[] {
  return Object.values(artifact.linkReferences).flatMap((file) => Object.keys(file));
}

/**
 * Creation code with the libraries' addresses in their places.
 * @throws ArtifactError when one is missing
 */
export function linkBytecode(artifact: Artifact, libraries: ReadonlyMap<string, Address>): Hex {
  let code = artifact.bytecode;
  for (const file of Object.values(artifact.linkReferences)) {
    for (const [library, places] of Object.entries(file)) {
      const address = libraries.get(library);
      if (address === undefined) throw new ArtifactError(`${artifact.name} waits for ${library}`);
      for (const { start, length } of places) {
        const from = 2 + 2 * start;
        code = code.slice(0, from) + address.slice(2).toLowerCase() + code.slice(from + 2 * length);
      }
    }
  }
  if (!/^0x[0-9a-fA-F]+$/.test(code)) throw new ArtifactError(`${artifact.name} is not fully linked`);
  return code as Hex;
}
