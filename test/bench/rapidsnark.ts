// SPDX-License-Identifier: GPL-3.0-or-later
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** rapidsnark's prover: the file that `RAPIDSNARK` names, or one of its names on the PATH. */
export function findRapidsnark(): string | undefined {
  const named = process.env['RAPIDSNARK'];
  if (named !== undefined) return named;
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .flatMap((folder) => ['rapidsnark', 'rapidsnark-prover'].map((name) => join(folder, name)))
    .find(isExecutable);
}

/**
 * One proof by rapidsnark, as a command: it has no other form that keeps a key.
 * @param folder where it may write
 * @throws Error with what it said, when it fails
 */
export function proveByRapidsnark(program: string, zkey: string, wtns: string, folder: string): void {
  const outcome = spawnSync(program, [zkey, wtns, join(folder, 'proof.json'), join(folder, 'public.json')], {
    encoding: 'utf8',
  });
  if (outcome.error !== undefined) throw outcome.error;
  if (outcome.status !== 0) throw new Error(`${program} failed: ${outcome.stderr.trim()}`);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
