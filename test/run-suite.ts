// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from './source-files.ts';
import type { Suite } from './suites.ts';

export interface SuiteResult {
  readonly passed: boolean;
  readonly seconds: number;
  /** all that it said */
  readonly output: string;
}

const running = new Set<ChildProcess>();

/**
 * Run one suite to its end.
 * @param niceness of its processes: 0, or more, to 19, for those that give way to others
 */
export async function runSuite({ command, cwd = ROOT }: Suite, niceness: number): Promise<SuiteResult> {
  const [program = '', ...words] = command;
  const started = Date.now();
  const child = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const said: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => said.push(chunk));
  const closed = new Promise((resolve) => child.once('close', resolve));
  let passed = false;
  try {
    await once(child, 'spawn');
    // Its own processes are started later, and have it too.
    if (niceness > 0) setPriority(child.pid as number, niceness);
    const [code] = (await once(child, 'exit')) as [number | null];
    passed = code === 0;
    // What outlives it would hold its streams open.
    await Promise.race([closed, sleep(2_000)]);
  } catch (error) {
    said.push(Buffer.from(`${String(error)}\n`));
  } finally {
    running.delete(child);
    child.stdout.destroy();
    child.stderr.destroy();
  }
  return { passed, seconds: (Date.now() - started) / 1000, output: Buffer.concat(said).toString() };
}

/** Pass a signal on to all that run. */
export function stopSuites(signal: NodeJS.Signals): void {
  for (const child of running) child.kill(signal);
}
