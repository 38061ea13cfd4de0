// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { processStart } from '../../runtime/process-start.ts';

const schema = z.object({
  pid: z.int().positive(),
  /** when that process began: its number may be somebody else's by now */
  began: z.string(),
  ready: z.boolean(),
  /** what to print: addresses by name */
  addresses: z.record(z.string(), z.string()),
});

/** Who runs the system that `phalanx up` started. */
export type RunState = z.infer<typeof schema>;

/** @returns undefined when nothing was started, or what was started runs no more */
export function readRunState(file: string): RunState | undefined {
  let state: RunState;
  try {
    state = schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
  return processStart(state.pid) === state.began ? state : undefined;
}

/** Say that this process runs the system. */
export function writeRunState(file: string, ready: boolean, addresses: Readonly<Record<string, string>>): void {
  const state: RunState = { pid: process.pid, began: processStart(process.pid) ?? '', ready, addresses };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRunState(file: string): void {
  rmSync(file, { force: true });
}
