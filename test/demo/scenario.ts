// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { ROOT } from '../../cli/options.ts';
import { LocalSystem, type LocalSystemOptions } from '../../cli/system/local-system.ts';
import { readRunState, removeRunState, writeRunState } from '../../cli/system/run-state.ts';
import { Report, StepFailedError } from './report.ts';
import { World } from './world.ts';

export interface Scenario {
  /** of its folder and files under `.phalanx` */
  readonly name: string;
  readonly system: Omit<LocalSystemOptions, 'runDir' | 'onProgress' | 'onCrash' | 'restart'>;
  /** the steps, after nothing but the system's processes is there to be started */
  readonly play: (world: World) => Promise<void>;
  /** what the scenario itself has open */
  readonly close?: () => Promise<void>;
}

/**
 * Play a scenario and report it to `.phalanx/<name>-report.json`. The exit code is 0 when every step came out as it
 * must, and 1, with the step's name, when one did not. No process is left behind, also after SIGINT and SIGTERM.
 */
export async function runScenario({ name, system: options, play, close }: Scenario): Promise<void> {
  const stateFile = join(ROOT, '.phalanx', `${name}.json`);
  const runDir = join(ROOT, '.phalanx', name);
  const running = readRunState(stateFile);
  if (running) throw new Error(`another ${name} runs here, as process ${running.pid}`);
  writeRunState(stateFile, false, {});
  const report = new Report();
  const system = new LocalSystem({
    ...options,
    runDir,
    onProgress: (what) => report.doing(what),
    onCrash: (process, how) => (world.crash ??= `${process} ended by itself (${how}): see ${system.logFile(process)}`),
    restart: false,
  });
  const world = new World(system, report);
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> =>
    (ending ??= Promise.all([system.stop(), close?.()]).then(() => removeRunState(stateFile)));
  const abort = (code: number): void => void end().finally(() => process.exit(code));
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.on(signal, () => abort(code)); // prettier-ignore
  process.on('uncaughtException', (error) => {
    console.error(error);
    abort(1);
  });

  let ok = false;
  try {
    await play(world);
    ok = true;
  } catch (error) {
    if (ending) return; // interrupted: the failure is our own doing
    if (!(error instanceof StepFailedError)) throw error;
    console.error(`\nfailed at: ${error.step}`);
    console.error(error.cause);
    console.error(`logs: ${join(runDir, 'logs')}`);
  } finally {
    if (!ending) {
      report.finish(join(ROOT, '.phalanx', `${name}-report.json`), ok);
      await end();
    }
  }
  process.exitCode = ok ? 0 : 1;
}
