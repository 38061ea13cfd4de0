// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { ROOT } from '../../cli/options.ts';
import { LocalSystem } from '../../cli/system/local-system.ts';
import { readRunState, removeRunState, writeRunState } from '../../cli/system/run-state.ts';
import { bridgeSteps } from './bridge-steps.ts';
import { collusionSteps } from './collusion-steps.ts';
import { equivocationSteps } from './equivocation-steps.ts';
import { relaySteps } from './relay-steps.ts';
import { Report, StepFailedError } from './report.ts';
import { rotationSteps } from './rotation-steps.ts';
import { World } from './world.ts';

const REPORT_FILE = join(ROOT, '.phalanx', 'demo-report.json');
const STATE_FILE = join(ROOT, '.phalanx', 'demo.json');
/** More blocks than come between two moves of the scenario: checkpoints stand where it moves a chain to, and nowhere else. */
const CHECKPOINT_INTERVAL = 384;
const RUN_DIR = join(ROOT, '.phalanx', 'demo');

/** The whole scenario. Exits with 0 when every step came out as it must, with 1 naming the step that did not. */
async function main(): Promise<void> {
  const running = readRunState(STATE_FILE);
  if (running) throw new Error(`another demo runs here, as process ${running.pid}`);
  writeRunState(STATE_FILE, false, {});
  const report = new Report();
  const system = new LocalSystem({
    runDir: RUN_DIR,
    interval: CHECKPOINT_INTERVAL,
    onProgress: (what) => report.doing(what),
    onCrash: (name, how) => (world.crash ??= `${name} ended by itself (${how}): see ${system.logFile(name)}`),
    restart: false,
  });
  const world = new World(system, report);
  let ending: Promise<void> | undefined;
  const end = (): Promise<void> => (ending ??= system.stop().finally(() => removeRunState(STATE_FILE)));
  const abort = (code: number): void => void end().finally(() => process.exit(code));
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]] as const) process.on(signal, () => abort(code)); // prettier-ignore
  process.on('uncaughtException', (error) => {
    console.error(error);
    abort(1);
  });

  let ok = false;
  try {
    report.heading('0. The system: Redis, two chains, contracts, eight validators, every service');
    await report.step('the system runs', () => system.start());
    report.heading('1. State of each chain becomes known on the other');
    const relayed = await relaySteps(world);
    report.heading('2. A bridge on B reads A, and is not to be fooled');
    await bridgeSteps(world, relayed);
    report.heading('3. Two validators contradict themselves');
    await equivocationSteps(world, relayed);
    report.heading('4. More than two thirds collude in secret; the owner recovers the chain');
    const recovered = await collusionSteps(world, relayed);
    report.heading('5. A ninth validator; the set rotates by a verified read');
    await rotationSteps(world, recovered);
    ok = true;
  } catch (error) {
    if (ending) return; // interrupted: the failure is our own doing
    if (!(error instanceof StepFailedError)) throw error;
    console.error(`\nfailed at: ${error.step}`);
    console.error(error.cause);
    console.error(`logs: ${join(RUN_DIR, 'logs')}`);
  } finally {
    if (!ending) {
      report.finish(REPORT_FILE, ok);
      await end();
    }
  }
  process.exitCode = ok ? 0 : 1;
}

await main();
