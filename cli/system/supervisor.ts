// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Reaper } from './reaper.ts';

export interface ProcessSpec {
  /** unique; also the log file's name */
  readonly name: string;
  readonly command: string;
  readonly arguments: readonly string[];
  /** start again after a crash; without it a crash is reported to `onCrash` */
  readonly restart?: boolean;
}

interface Supervised {
  readonly spec: ProcessSpec;
  child: ChildProcess;
  stopping: boolean;
  startedMs: number;
  restartMs: number;
}

/** Before a process is started again; doubled with each crash that follows soon. */
const LEAST_RESTART_MS = 1_000;
/** One that ran for so long is taken to have recovered. */
const RECOVERED_MS = 60_000;
const STOP_DEADLINE_MS = 10_000;

/** Starts processes, each in a group of its own with a log file, and sees to it that none is left behind. */
export class Supervisor {
  readonly #processes = new Map<string, Supervised>();
  readonly #reaper = new Reaper();
  #stopped = false;

  /**
   * @param logDir one `<name>.log` a process
   * @param onCrash called when a process that is not restarted ends by itself
   * @param onRestart called when one that is restarted has ended by itself
   * @param greatestRestartMs longest time before a process is started again, however often it crashes
   */
  constructor(
    private readonly logDir: string,
    private readonly onCrash: (name: string, how: string) => void,
    private readonly onRestart: (name: string, how: string, delayMs: number) => void = () => undefined,
    private readonly greatestRestartMs = 60_000,
  ) {
    mkdirSync(logDir, { recursive: true });
  }

  /** @returns the process id, which is also its group's */
  start(spec: ProcessSpec): number {
    if (this.#stopped) throw new Error(`${spec.name}: the system is stopping`);
    const supervised: Supervised = {
      spec,
      child: this.#spawn(spec),
      stopping: false,
      startedMs: Date.now(),
      restartMs: LEAST_RESTART_MS,
    };
    this.#processes.set(spec.name, supervised);
    this.#follow(supervised);
    return supervised.child.pid ?? 0;
  }

  /** Process ids by name. */
  pids(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#processes].map(([name, { child }]) => [name, child.pid ?? 0]));
  }

  logFile(name: string): string {
    return join(this.logDir, `${name}.log`);
  }

  /** End one process in order: SIGTERM, then SIGKILL to its group after the deadline. */
  async stop(name: string): Promise<void> {
    const supervised = this.#processes.get(name);
    if (!supervised) return;
    supervised.stopping = true;
    this.#processes.delete(name);
    await endGroup(supervised.child);
  }

  /** End all: chains and Redis last, so that the services can hand back what they have. */
  async stopAll(): Promise<void> {
    this.#stopped = true;
    const all = [...this.#processes.values()];
    for (const each of all) each.stopping = true;
    const base = (name: string): boolean => name.startsWith('redis') || name.startsWith('chain');
    await Promise.all(all.filter(({ spec }) => !base(spec.name)).map(({ child }) => endGroup(child)));
    await Promise.all(all.filter(({ spec }) => base(spec.name)).map(({ child }) => endGroup(child)));
    this.#processes.clear();
  }

  #spawn(spec: ProcessSpec): ChildProcess {
    const log = openSync(this.logFile(spec.name), 'a');
    const child = spawn(spec.command, spec.arguments, { stdio: ['ignore', log, log], detached: true });
    closeSync(log);
    const { pid } = child;
    if (pid !== undefined) {
      this.#reaper.watch(pid);
      child.once('exit', () => {
        // A leader that crashed may have left children.
        signalGroup(pid, 'SIGKILL', child);
        this.#reaper.forget(pid);
      });
    }
    return child;
  }

  #follow(supervised: Supervised): void {
    const { child, spec } = supervised;
    const ended = (how: string): void => {
      if (supervised.stopping || this.#stopped) return;
      if (!spec.restart) {
        this.#processes.delete(spec.name);
        this.onCrash(spec.name, how);
        return;
      }
      if (Date.now() - supervised.startedMs > RECOVERED_MS) supervised.restartMs = LEAST_RESTART_MS;
      const delayMs = supervised.restartMs;
      supervised.restartMs = Math.min(2 * delayMs, this.greatestRestartMs);
      this.onRestart(spec.name, how, delayMs);
      setTimeout(() => {
        if (supervised.stopping || this.#stopped) return;
        supervised.child = this.#spawn(spec);
        supervised.startedMs = Date.now();
        this.#follow(supervised);
      }, delayMs);
    };
    child.once('error', (error) => ended(error.message));
    child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined) return;
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  const startedMs = Date.now();
  for (let asked = 0; running() && Date.now() - startedMs < STOP_DEADLINE_MS; asked += 1) {
    // Again now and then: Redis declines to end while it writes its first append-only file.
    if (asked % 20 === 0 && asked <= 20) signalGroup(pid, 'SIGTERM', child);
    await sleep(50);
  }
  signalGroup(pid, 'SIGKILL', child);
}

function signalGroup(pid: number, signal: NodeJS.Signals, child: ChildProcess): void {
  try {
    if (signal === 'SIGTERM') child.kill(signal);
    else process.kill(-pid, signal);
  } catch {
    // ESRCH: the whole group has ended.
  }
}
