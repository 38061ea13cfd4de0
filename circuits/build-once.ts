// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const BUILDING = 'building-';

/** A builder says so often that it lives, and is not waited for when it has been silent for so long. */
const SIGN_MS = 1_000;
const SILENT_MS = 10_000;
const LOOK_MS = 50;

/** By target, what this process builds. */
const underway = new Map<string, Promise<void>>();

/**
 * Make a folder, whole or not at all: `build` fills another one beside it, which then takes its name in one step. Of
 * several callers at once, in one process or in several, one builds and the others wait for it. Where another process
 * is killed or fails, the next one builds.
 * @param target named after what it holds, so that it never changes
 */
export async function buildOnce(target: string, build: (folder: string) => Promise<void>): Promise<void> {
  const found = underway.get(target);
  if (found) return found;
  const made = make(target, build).finally(() => underway.delete(target));
  underway.set(target, made);
  return made;
}

async function make(target: string, build: (folder: string) => Promise<void>): Promise<void> {
  if (await exists(target)) return;
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true });
  // Says who builds and no more: two that built would both come to a good end.
  const sign = path.join(folder, `${BUILDING}${path.basename(target)}`);
  while (!(await take(sign))) {
    await sleep(LOOK_MS);
    if (await exists(target)) return;
  }
  const signs = setInterval(() => void touch(sign), SIGN_MS);
  const building = `${sign}-${randomBytes(6).toString('hex')}`;
  try {
    if (await exists(target)) return;
    await mkdir(building);
    await build(building);
    await rename(building, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error; // somebody else was first, with the same content
    });
  } finally {
    clearInterval(signs);
    await rm(building, { recursive: true, force: true });
    await rm(sign, { force: true });
  }
}

/** @returns false where another process is at work */
async function take(sign: string): Promise<boolean> {
  const silent = await stat(sign).then(
    ({ mtimeMs }) => Date.now() - mtimeMs > SILENT_MS,
    () => false,
  );
  if (silent) await rm(sign, { force: true });
  return writeFile(sign, '', { flag: 'wx' }).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    },
  );
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined); // another has taken it over, and is done
}

async function exists(folder: string): Promise<boolean> {
  return stat(folder).then(
    () => true,
    () => false,
  );
}
