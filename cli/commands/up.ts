// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { ROOT } from '../options.ts';
import { PhaseLine } from '../phase-line.ts';
import { readRunState, removeRunState, writeRunState } from '../system/run-state.ts';

/** Beside the folder of the run itself, which is emptied at each start. */
export const STATE_FILE = join(ROOT, '.phalanx', 'run.json');
const RUN_DIR = join(ROOT, '.phalanx', 'run');
/** A checkpoint of each chain a minute. */
const CHECKPOINT_INTERVAL = 64;
/** Of chain A, chain B and the API: those that people expect, if nobody has them. */
const PORTS = [8_545, 8_546, 8_787] as const;
const UP_LOG = join(ROOT, '.phalanx', 'run.log');

export function upCommand(): Command {
  return new Command('up')
    .description('start the whole system on this machine, leave it running and print its addresses')
    .option('--foreground', 'stay, and end the system with this process')
    .action(({ foreground }: { foreground?: boolean }) => (foreground ? runSystem() : startInBackground()));
}

async function startInBackground(): Promise<void> {
  const running = readRunState(STATE_FILE);
  if (running?.ready) {
    console.log('the system runs already');
    print(running.addresses);
    return;
  }
  if (running) throw new Error('the system is being started already; `phalanx down` ends it');
  removeRunState(STATE_FILE);
  mkdirSync(join(ROOT, '.phalanx'), { recursive: true });
  const log = openSync(UP_LOG, 'w', 0o600);
  const child = spawn(process.execPath, [join(ROOT, 'cli', 'phalanx.mjs'), 'up', '--foreground'], {
    stdio: ['ignore', log, log],
    detached: true,
    cwd: ROOT,
  });
  let ended = false;
  child.once('exit', () => (ended = true));
  // Interrupted while we wait: what we began must not go on without us.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill('SIGTERM'));
  const line = new PhaseLine();
  for (;;) {
    const state = readRunState(STATE_FILE);
    if (state?.ready) {
      line.end();
      print(state.addresses);
      child.unref();
      return;
    }
    if (ended) {
      line.end();
      throw new Error(`the system did not start:\n${readFileSync(UP_LOG, 'utf8').slice(-2_000)}`);
    }
    line.show('phalanx', lastLine(readFileSync(UP_LOG, 'utf8')), 0);
    await sleep(200);
  }
}

/** Runs until a signal comes; services that crash are started again. */
async function runSystem(): Promise<void> {
  const { LocalSystem } = await import('../system/local-system.ts');
  writeRunState(STATE_FILE, false, {});
  const system = new LocalSystem({
    runDir: RUN_DIR,
    interval: CHECKPOINT_INTERVAL,
    ports: PORTS,
    onProgress: (what) => console.log(what),
    onCrash: (name, how) => {
      console.error(`${name} ended by itself: ${how}`);
      void stop(1);
    },
    restart: true,
    onRestart: (name, how, delayMs) =>
      console.error(
        `${new Date().toISOString()} ${name} ended by itself (${how}): starts again in ${delayMs / 1_000} s; ` +
          `its log: ${join(RUN_DIR, 'logs', `${name}.log`)}`,
      ),
  });
  const stop = async (code: number): Promise<never> => {
    await system.stop();
    removeRunState(STATE_FILE);
    process.exit(code);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop(0));
  process.on('uncaughtException', (error) => {
    console.error(error);
    void stop(1);
  });
  try {
    await system.start();
  } catch (error) {
    console.error(error);
    await stop(1);
  }
  writeRunState(STATE_FILE, true, system.addresses());
}

function print(addresses: Readonly<Record<string, string>>): void {
  for (const [name, address] of Object.entries(addresses)) console.log(`${name.padEnd(22)} ${address}`);
  console.log(`\nEach chain has a checkpoint every ${CHECKPOINT_INTERVAL} blocks, about a minute; its proof follows.`);
  console.log('`make down` (or `phalanx down`) ends the system; what it stored is kept until the next `make up`.');
}

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';
