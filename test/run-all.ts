// SPDX-License-Identifier: GPL-3.0-or-later
import { runSuite, stopSuites, type SuiteResult } from './run-suite.ts';
import { STAGES, type Suite } from './suites.ts';

/** Enough for the front lane to have nearly all that it asks for. */
const BACK_NICENESS = 10;

/** Only the suites named on the command line, or all. */
const wanted = process.argv.slice(2);
const isWanted = ({ name }: Suite): boolean => wanted.length === 0 || wanted.includes(name);
const suites = STAGES.flatMap(({ front, back }) => [...front, ...back]).filter(isWanted);

let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopSuites(signal);
    process.exitCode = 130;
    stopped = true;
  });
}

const results = new Map<string, SuiteResult>();

async function runLane(lane: readonly Suite[], niceness: number): Promise<void> {
  for (const suite of lane.filter(isWanted)) {
    if (stopped) return;
    console.log(`=== ${suite.name} ...`);
    const result = await runSuite(suite, niceness);
    results.set(suite.name, result);
    const { passed, seconds, output } = result;
    // All of it at its end, as two lanes speak.
    console.log(`${output.trimEnd()}\n=== ${suite.name}: ${passed ? 'passed' : 'FAILED'} in ${seconds.toFixed(1)} s\n`);
  }
}

const started = Date.now();
for (const { front, back } of STAGES) await Promise.all([runLane(front, 0), runLane(back, BACK_NICENESS)]);

const line = (name: string, outcome: string, seconds: string): void =>
  console.log(`${name.padEnd(24)} ${outcome.padEnd(8)} ${seconds.padStart(7)}`);
line('suite', 'result', 'seconds');
for (const { name } of suites) {
  const result = results.get(name);
  if (result) line(name, result.passed ? 'passed' : 'FAILED', result.seconds.toFixed(1));
}
line('total, two at a time', '', ((Date.now() - started) / 1000).toFixed(1));
const isPassed = results.size > 0 && suites.every(({ name }) => results.get(name)?.passed);
if (stopped || !isPassed) process.exitCode ||= 1;
