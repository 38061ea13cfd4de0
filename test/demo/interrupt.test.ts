// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../cli/options.ts';

const RUN_DIR = join(ROOT, '.phalanx', 'demo');

/** Redis, chains and services all carry the run's folder on their command lines. */
function leftBehind(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => `${pid} ${commandLine(pid)}`)
    .filter((line) => line.includes(`${RUN_DIR}/`));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended meanwhile
  }
}

for (const signal of ['SIGINT', 'SIGKILL'] as const)
  test(`a demo ended by ${signal} leaves no process behind`, { timeout: 300_000 }, async () => {
    const demo = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'test', 'demo', 'main.ts')], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<number | null>((resolve) => demo.once('exit', resolve));
    await new Promise<void>((resolve, reject) => {
      demo.stdout.on('data', (chunk: Buffer) => {
        if (chunk.toString('utf8').includes('starting the services')) resolve();
      });
      void ended.then((code) => reject(new Error(`the demo ended with ${code}`)));
    });
    // Let some of them come up.
    await sleep(1_500);
    assert.ok(leftBehind().length >= 4, 'nothing runs yet');
    demo.kill(signal);
    assert.equal(await ended, signal === 'SIGINT' ? 130 : null);
    for (let turn = 0; leftBehind().length > 0; turn += 1) {
      assert.ok(turn < 150, `left behind:\n${leftBehind().join('\n')}`);
      await sleep(100);
    }
  });
