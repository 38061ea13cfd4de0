#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// The compiler that forge calls: the npm package `solc`, behind the two options that forge uses.
// Forge sends every source inside the standard JSON, so no file is read here.
import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isAbsolute, relative } from 'node:path';

const solc = createRequire(import.meta.url)('solc');

/** A pipe takes less than a whole compilation at once, and process.stdout may be cut off at exit. */
function print(text) {
  let rest = Buffer.from(text, 'utf8');
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
}

/**
 * Outside its root forge names a file `../node_modules/x` where we import it and by its absolute path where
 * another library file does; the compiler resolves both to the first. Here each file gets that one name.
 */
const nameOf = (source) => (isAbsolute(source) ? relative(process.cwd(), source) : source);

function renameKeys(record) {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [nameOf(name), value]));
}

function compile(input) {
  const asked = Object.keys(input.sources);
  const selection = input.settings?.outputSelection;
  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        ...input,
        sources: renameKeys(input.sources),
        settings: { ...input.settings, ...(selection && { outputSelection: renameKeys(selection) }) },
      }),
    ),
  );
  for (const part of ['sources', 'contracts']) {
    const found = output[part] ?? {};
    output[part] = Object.fromEntries(asked.filter((n) => nameOf(n) in found).map((n) => [n, found[nameOf(n)]]));
  }
  return output;
}

if (process.argv.includes('--version')) {
  print(`solc, the solidity compiler commandline interface\nVersion: ${solc.version()}\n`);
} else if (process.argv.includes('--standard-json')) {
  print(JSON.stringify(compile(JSON.parse(readFileSync(0, 'utf8')))));
} else {
  process.stderr.write('solc.mjs: only --version and --standard-json are supported\n');
  process.exitCode = 2;
}
