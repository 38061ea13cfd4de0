// SPDX-License-Identifier: GPL-3.0-or-later
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

const require = createRequire(import.meta.url);

/** The npm package that carries the compiler: its program changes with it. */
export const COMPILER_PACKAGE = (require('circom2/package.json') as { version: string }).version;

/** What V8 has made of the compiler's program so far serves the next compilation too: half the work of a small one. */
let program: Promise<WebAssembly.Module> | undefined;

/**
 * Run the circom compiler on a thread of its own.
 * @param file absolute path of the main file; what comes of it goes into its folder
 * @returns what the compiler said, and whether it succeeded
 */
export async function runCompiler(
  file: string,
  flags: readonly string[],
  libraries: readonly string[],
): Promise<{ readonly output: string; readonly succeeded: boolean }> {
  program ??= readFile(require.resolve('circom2/circom.wasm')).then((code) => WebAssembly.compile(code));
  const { root } = path.parse(file);
  const seen = (absolute: string): string => path.relative(root, absolute);
  const args = [seen(file), ...flags, ...libraries.flatMap((folder) => ['-l', seen(folder)])];
  const thread = new Worker(new URL('compiler-thread.mjs', import.meta.url), {
    workerData: { module: await program, root, args: [...args, '-o', seen(path.dirname(file))] },
    execArgv: [],
  });
  const [{ failure, output }] = (await once(thread, 'message')) as [{ failure?: string; output: string }];
  const said = output.replace(/\u001b\[[0-9;]*m/g, '').trim();
  return { output: failure === undefined || said !== '' ? said : failure, succeeded: failure === undefined };
}
