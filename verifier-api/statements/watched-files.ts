// SPDX-License-Identifier: GPL-3.0-or-later
import { statSync } from 'node:fs';

/**
 * What was read from files, kept for as long as they are as they were: to look costs microseconds, to read
 * milliseconds.
 */
export class WatchedFiles<T> {
  readonly #kept = new Map<string, { readonly value: T; readonly files: ReadonlyMap<string, string> }>();

  /**
   * @param find reads them, when the value is not known or a file has changed
   * @param files all that `find` depends on: files for what is in them, folders for which entries they have
   */
  async get(name: string, files: () => Promise<readonly string[]>, find: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(name);
    if (kept && [...kept.files].every(([path, identity]) => identityOf(path) === identity)) return kept.value;
    this.#kept.delete(name);
    const before = await identitiesOf(files);
    const value = await find();
    const after = await identitiesOf(files);
    // Nothing is kept of what changes while it is read, nor that there is nothing: names may come from outside.
    const steady = after.size === before.size && [...after].every(([path, identity]) => before.get(path) === identity);
    if (steady && value !== undefined) this.#kept.set(name, { value, files: after });
    return value;
  }
}

async function identitiesOf(files: () => Promise<readonly string[]>): Promise<Map<string, string>> {
  return new Map((await files()).map((path) => [path, identityOf(path)]));
}

/** Tells a file from another under the same name, from itself after a change, and from none. */
function identityOf(path: string): string {
  const entry = statSync(path, { throwIfNoEntry: false, bigint: true });
  return entry ? `${entry.dev}:${entry.ino}:${entry.size}:${entry.mtimeNs}:${entry.ctimeNs}` : 'none';
}
