// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';

/**
 * When a process began, in clock ticks since boot: a later process with the same id has another start. From
 * /proc/<pid>/stat, field 22 (proc(5)), so that no other program is needed.
 * @returns undefined when there is no such process, or no /proc
 */
export function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name before it may hold spaces and brackets.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
