// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Supervisor } from './supervisor.ts';

const newDir = (): string => mkdtempSync(join(tmpdir(), 'phalanx-supervisor-'));

/** Whether any process is left in a group. */
function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let turn = 0; !holds(); turn += 1) {
    assert.ok(turn < 200, `still not: ${what}`);
    await sleep(50);
  }
}

/** A program that watches over a process with a child; the id of that process group. */
async function startTree(): Promise<{ program: ChildProcess; group: number }> {
  const program = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'testing', 'tree.ts')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const group = await new Promise<number>((resolve) =>
    program.stdout?.once('data', (chunk) => resolve(Number(String(chunk)))),
  );
  await until('the group runs', () => groupLives(group));
  return { program, group };
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const)
  test(`a supervisor ended by ${signal} leaves no process behind, grandchildren included`, async () => {
    const { program, group } = await startTree();
    program.kill(signal);
    await until('the group has ended', () => !groupLives(group));
  });

test('a crash is reported once, by name; an ordered stop is none', async () => {
  const crashes: string[] = [];
  const supervisor = new Supervisor(newDir(), (name, how) => crashes.push(`${name}: ${how}`));
  supervisor.start({ name: 'short', command: '/bin/sh', arguments: ['-c', 'exit 3'] });
  supervisor.start({ name: 'missing', command: '/no/such/program', arguments: [] });
  supervisor.start({ name: 'long', command: '/bin/sleep', arguments: ['1000'] });
  await until('two crashes', () => crashes.length === 2);
  await supervisor.stopAll();
  assert.deepEqual(crashes.sort(), ['missing: spawn /no/such/program ENOENT', 'short: exit code 3']);
});

test('a process that is to be restarted runs again after a crash, and not after a stop', async () => {
  const restarts: string[] = [];
  const supervisor = new Supervisor(
    newDir(),
    () => assert.fail('a crash was reported'),
    (name, how, delayMs) => restarts.push(`${name}: ${how}, ${delayMs} ms`),
  );
  const spec = { name: 'again', command: '/bin/sh', arguments: ['-c', 'echo run; sleep 0.1; exit 4'], restart: true };
  supervisor.start(spec);
  const runs = (): number => readFileSync(supervisor.logFile('again'), 'utf8').split('run').length - 1;
  await until('a second crash', () => restarts.length === 2);
  assert.deepEqual(restarts, ['again: exit code 4, 1000 ms', 'again: exit code 4, 2000 ms']);
  await supervisor.stopAll();
  const ran = runs();
  assert.equal(ran, 2);
  await sleep(2_500);
  assert.equal(runs(), ran);
});

test('a process that ignores SIGTERM is killed after the deadline', { timeout: 30_000 }, async () => {
  const supervisor = new Supervisor(newDir(), () => undefined);
  const group = supervisor.start({ name: 'deaf', command: '/bin/sh', arguments: ['-c', 'trap "" TERM; sleep 1000'] });
  await until('it runs', () => groupLives(group));
  await sleep(200);
  await supervisor.stop('deaf');
  await until('the group has ended', () => !groupLives(group));
});
