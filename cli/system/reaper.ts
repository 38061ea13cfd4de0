// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn, type ChildProcess } from 'node:child_process';

/**
 * A small shell that outlives us on purpose: it is told every process group we start, and when its input ends (because
 * we ended, be it by SIGKILL) it ends those groups. On an orderly end there is nothing left for it to do.
 */
const SCRIPT = `
trap '' INT TERM HUP
groups=
while read -r word group; do
  kept=
  for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
  groups=$kept
  [ "$word" = watch ] && groups="$groups $group"
done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
for turn in 1 2 3 4 5 6 7 8 9 10; do
  alive=
  for group in $groups; do kill -s 0 -- "-$group" 2>/dev/null && alive=1; done
  [ -z "$alive" ] && exit 0
  sleep 0.5
done
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
`;

/** Makes sure that no process that we started outlives us. */
export class Reaper {
  readonly #shell: ChildProcess;

  constructor() {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#shell.unref();
    // A handle of its own would keep us running after everything else has ended.
    const input = this.#shell.stdin;
    if (input && 'unref' in input && typeof input.unref === 'function') input.unref();
    input?.on('error', () => undefined);
  }

  /** @param group process id of a process started with `detached`, which leads a group of its own */
  watch(group: number): void {
    this.#shell.stdin?.write(`watch ${group}\n`);
  }

  /** The group has ended; its number may be given to somebody else. */
  forget(group: number): void {
    this.#shell.stdin?.write(`forget ${group}\n`);
  }
}
