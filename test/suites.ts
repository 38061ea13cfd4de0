// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { ROOT, sourceFiles } from './source-files.ts';

export interface Suite {
  readonly name: string;
  readonly command: readonly string[];
  readonly cwd?: string;
}

/** Two lanes side by side, each in its order. */
export interface Stage {
  readonly front: readonly Suite[];
  /** those that only compute, on what the front lane leaves of the machine: nothing in them looks at a clock */
  readonly back: readonly Suite[];
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

/** What finds a mistake fastest, while that is built which later suites load. */
const first: Stage = {
  front: [
    { name: 'types', command: [bin('tsc'), '--noEmit'] },
    { name: 'lint', command: [bin('eslint'), '.'] },
    { name: 'format', command: [bin('prettier'), '--check', '--log-level', 'warn', '**/*.{ts,mjs}'] },
    tests('licence lines', /^test\/licence\./),
    tests('room boundaries', /^test\/boundaries\./),
    tests('protocol', /^protocol\//),
    tests('runtime', /^runtime\//),
  ],
  back: [{ name: 'every instruction set', command: [process.execPath, 'prover/native/install.mjs', '--all'] }],
};

const second: Stage = {
  front: [
    { name: 'development keys', command: [process.execPath, 'cli/phalanx.mjs', 'setup'] },
    { name: 'contracts', command: [bin('forge'), 'test'], cwd: join(ROOT, 'contracts') },
    tests('prover', /^prover\/(?!native\/)/),
    tests('verification API', /^verifier-api\//),
    tests('relayer', /^relayer\//),
    tests('command line', /^cli\//),
    tests('across rooms', /^test\/(?!licence\.|boundaries\.)/),
    { name: 'demo', command: [process.execPath, 'cli/phalanx.mjs', 'demo'] },
    { name: 'demo of CometBFT chains', command: [process.execPath, 'cli/phalanx.mjs', 'demo-cometbft', '--small'] },
  ],
  back: [tests('circuits', /^circuits\//, 2), tests('native engine', /^prover\/native\//)],
};

export const STAGES: readonly Stage[] = [first, second];
