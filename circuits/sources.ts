// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CompileError } from './circuit-error.ts';

/**
 * A circom file and all it includes, by path below the root that holds it, so that the same files give the same names
 * on every machine.
 * @param entry path below one of `roots`
 * @param roots where includes are looked up, first match wins, as the compiler's `-l`
 * @throws CompileError when an include is nowhere
 */
export async function readSources(entry: string, roots: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const visit = async (candidates: readonly { root: string; name: string }[], wanted: string): Promise<void> => {
    for (const { root, name } of candidates) {
      if (found.has(name)) return;
      const text = await readFile(path.join(root, name), 'utf8').catch(() => undefined);
      if (text === undefined) continue;
      found.set(name, text);
      for (const match of text.matchAll(/^\s*include\s+"([^"]+)"\s*;/gm)) {
        const include = match[1] ?? '';
        const beside = { root, name: path.posix.normalize(path.posix.join(path.posix.dirname(name), include)) };
        await visit([beside, ...roots.map((other) => ({ root: other, name: path.posix.normalize(include) }))], include);
      }
      return;
    }
    throw new CompileError(`include not found: ${wanted}`);
  };
  await visit(
    roots.map((root) => ({ root, name: path.posix.normalize(entry) })),
    entry,
  );
  return found;
}
