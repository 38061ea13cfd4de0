// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, sourceFiles } from './source-files.ts';

interface Suite {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
}

const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

const testFiles = sourceFiles().filter((path) => path.endsWith('.test.ts'));

/** One suite of `node:test` files; those that only compute may run side by side. */
function tests(name: string, belongs: RegExp, atOnce = 1): Suite {
  const files = testFiles.filter((path) => belongs.test(path));
  return {
    name,
    command: [
      process.execPath,
      '--import',
      'tsx',
      '--test',
      '--test-reporter=dot',
      `--test-concurrency=${atOnce}`,
      ...files,
    ],
  };
}

/** In the order in which a mistake is found fastest. */
const SUITES: readonly Suite[] = [
  { name: 'types', command: [bin('tsc'), '--noEmit'] },
  { name: 'lint', command: [bin('eslint'), '.'] },
  { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '**/*.{ts,mjs}'] },
  tests('licence lines', /^test\/licence\./),
  tests('room boundaries', /^test\/boundaries\./),
  tests('protocol', /^protocol\//),
  tests('runtime', /^runtime\//),
  { name: 'development keys', command: [process.execPath, 'cli/phalanx.mjs', 'setup'] },
  { name: 'every instruction set', command: [process.execPath, 'prover/native/install.mjs', '--all'] },
  tests('circuits', /^circuits\//, 2),
  { name: 'contracts', command: [bin('forge'), 'test'], cwd: join(ROOT, 'contracts') },
  tests('native engine', /^prover\/native\//),
  tests('prover', /^prover\/(?!native\/)/),
  tests('verification API', /^verifier-api\//),
  tests('relayer', /^relayer\//),
  tests('command line', /^cli\//),
  tests('across rooms', /^test\/(?!licence\.|boundaries\.)/),
  { name: 'demo', command: [process.execPath, 'cli/phalanx.mjs', 'demo'] },
  { name: 'demo of CometBFT chains', command: [process.execPath, 'cli/phalanx.mjs', 'demo-cometbft', '--small'] },
];

/** @returns whether it passed */
function run({ command, cwd = ROOT }: Suite): Promise<boolean> {
  const [program = '', ...words] = command;
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd, stdio: 'inherit' });
    running = child.pid;
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
}

let running: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (running !== undefined) process.kill(running, signal);
    process.exitCode = 130;
    stopped = true;
  });
}
let stopped = false;

/** Only the suites named on the command line, or all. */
const wanted = process.argv.slice(2);
const results: { name: string; passed: boolean; seconds: number }[] = [];
for (const suite of SUITES) {
  if (stopped) break;
  if (wanted.length > 0 && !wanted.includes(suite.name)) continue;
  console.log(`\n=== ${suite.name}`);
  const started = Date.now();
  const passed = await run(suite);
  results.push({ name: suite.name, passed, seconds: (Date.now() - started) / 1000 });
  console.log(`=== ${suite.name}: ${passed ? 'passed' : 'FAILED'} in ${results.at(-1)?.seconds.toFixed(1)} s`);
}

console.log('\nsuite               result   seconds');
for (const { name, passed, seconds } of results) {
  console.log(`${name.padEnd(19)} ${(passed ? 'passed' : 'FAILED').padEnd(8)} ${seconds.toFixed(1).padStart(7)}`);
}
const total = results.reduce((sum, { seconds }) => sum + seconds, 0);
console.log(`${'total'.padEnd(28)} ${total.toFixed(1).padStart(7)}`);
if (stopped || results.length === 0 || results.some(({ passed }) => !passed)) process.exitCode ||= 1;
