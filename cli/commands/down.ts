// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { readRunState } from '../system/run-state.ts';
import { STATE_FILE } from './up.ts';

const DEADLINE_MS = 60_000;

export function downCommand(): Command {
  return new Command('down').description('end the system that `phalanx up` started').action(down);
}

async function down(): Promise<void> {
  const state = readRunState(STATE_FILE);
  if (!state) {
    console.log('nothing runs');
    return;
  }
  process.kill(state.pid, 'SIGTERM');
  for (const startedMs = Date.now(); readRunState(STATE_FILE); await sleep(100)) {
    if (Date.now() - startedMs > DEADLINE_MS) throw new Error(`process ${state.pid} does not end`);
  }
  console.log('ended');
}
