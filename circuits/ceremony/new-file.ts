// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { access, link, rm } from 'node:fs/promises';
import { CeremonyError } from './ceremony-error.ts';

/**
 * Let `write` make a file that appears under its name only when it is whole, and never replaces another: a step of a
 * ceremony that was overwritten cannot be done again.
 * @throws CeremonyError when `path` exists
 */
export async function writeNewFile<T>(path: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const taken = (cause?: unknown): CeremonyError => new CeremonyError(`${path} exists already`, { path }, cause);
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  ) {
    throw taken();
  }
  const temporary = `${path}.${randomBytes(6).toString('hex')}.partial`;
  try {
    const result = await write(temporary);
    await link(temporary, path).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? taken(error) : error;
    });
    return result;
  } finally {
    await rm(temporary, { force: true });
  }
}
