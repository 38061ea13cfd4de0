// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { CompileError } from './circuit-error.ts';
import { readSources } from './sources.ts';

export const COMPILER_VERSION = 'circom 2.2.3';
export const COMPILER_FLAGS = ['--O2'] as const;

const require = createRequire(import.meta.url);
const COMPILER = require.resolve('circom2/cli.js');
/** The npm package that carries the compiler: its wasm changes with it. */
const COMPILER_PACKAGE = (require('circom2/package.json') as { version: string }).version;
const REPOSITORY = path.resolve(import.meta.dirname, '..');

/** Where built circuits lie unless the caller says otherwise. */
export const DEFAULT_HOME = path.join(REPOSITORY, '.phalanx');

/** A template at fixed parameters, ready to compile. */
export interface Instance {
  /** folder under `circuits/` of the home; also the main file's name in messages */
  readonly id: string;
  /** template's file, relative to circuits/ */
  readonly source: string;
  readonly template: string;
  readonly parameters: readonly number[];
  /** names of the public inputs; the template declares them first and in this order */
  readonly publicSignals: readonly string[];
  /** default COMPILER_FLAGS. '--O1' for templates of so many linear signals that removing all takes too long */
  readonly flags?: readonly string[];
}

export interface CompiledCircuit {
  readonly r1csPath: string;
  readonly wasmPath: string;
  /** the compiler's, as it was called */
  readonly flags: readonly string[];
  /** SHA-256, hex: the main component, every included file, compiler and flags. Names the folder */
  readonly sourceHash: string;
}

/** Where a circuit compiled with `symbols` has the names of its wires: `label,wire,component,name` a line. */
export function symbolsPath(compiled: CompiledCircuit): string {
  return path.join(path.dirname(compiled.r1csPath), 'circuit.sym');
}

export interface CompileOptions {
  /** default DEFAULT_HOME */
  readonly home?: string;
  /** where `source` is looked up; tests compile mutants from elsewhere. Default: circuits/ */
  readonly sourceRoot?: string;
  /** also write the names of all wires, for diagnosis: larger than the circuit. Default: no */
  readonly symbols?: boolean;
}

/** Text of the main file that makes a circuit of a template. */
export function mainComponent(instance: Instance): string {
  const publicList = instance.publicSignals.length > 0 ? ` {public [${instance.publicSignals.join(', ')}]}` : '';
  return [
    '// SPDX-License-Identifier: GPL-3.0-or-later',
    'pragma circom 2.2.0;',
    `include "${instance.source}";`,
    `component main${publicList} = ${instance.template}(${instance.parameters.join(', ')});`,
    '',
  ].join('\n');
}

/**
 * Compile a template in a child process, or find it compiled. Safe to call from several processes at once: each builds
 * in a folder of its own and the first to finish moves it into place whole.
 * @throws CompileError
 */
export async function compileInstance(instance: Instance, options: CompileOptions = {}): Promise<CompiledCircuit> {
  const sourceRoot = options.sourceRoot ?? import.meta.dirname;
  const libraries = path.dirname(path.dirname(require.resolve('circomlib/package.json')));
  const main = mainComponent(instance);
  const chosen = instance.flags ?? COMPILER_FLAGS;
  const flags = options.symbols ? [...chosen, '--sym'] : chosen;
  const sourceHash = hashSources(main, flags, await readSources(instance.source, [sourceRoot, libraries]));
  const folder = path.join(options.home ?? DEFAULT_HOME, 'circuits', instance.id);
  const target = path.join(folder, sourceHash);
  if (!(await exists(target))) {
    const building = path.join(folder, `building-${process.pid}-${randomBytes(6).toString('hex')}`);
    await mkdir(building, { recursive: true });
    await removeAbandoned(folder);
    try {
      await writeFile(path.join(building, 'circuit.circom'), main);
      await runCompiler(instance.id, building, flags, [sourceRoot, libraries]);
      await rename(path.join(building, 'circuit_js', 'circuit.wasm'), path.join(building, 'circuit.wasm'));
      await rm(path.join(building, 'circuit_js'), { recursive: true });
      await rename(building, target).catch(async (error: unknown) => {
        if (!(await exists(target))) throw error; // somebody else was first, with the same content
      });
    } finally {
      await rm(building, { recursive: true, force: true });
    }
  }
  const now = new Date();
  await utimes(target, now, now);
  return {
    r1csPath: path.join(target, 'circuit.r1cs'),
    wasmPath: path.join(target, 'circuit.wasm'),
    flags,
    sourceHash,
  };
}

function hashSources(main: string, flags: readonly string[], sources: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  // Lengths keep the parts apart.
  const add = (text: string): void => void hash.update(`${Buffer.byteLength(text)}:`).update(text);
  [COMPILER_VERSION, COMPILER_PACKAGE, flags.join(' '), main].forEach(add);
  for (const name of [...sources.keys()].sort()) {
    add(name);
    add(sources.get(name) ?? '');
  }
  return hash.digest('hex');
}

async function runCompiler(
  id: string,
  folder: string,
  flags: readonly string[],
  libraries: readonly string[],
): Promise<void> {
  const file = path.join(folder, 'circuit.circom');
  const args = [file, '--r1cs', '--wasm', ...flags, ...libraries.flatMap((l) => ['-l', l]), '-o', folder];
  // The compiler is a WASI program that sees its working directory and those above it, and no absolute path.
  const child = spawn(process.execPath, [COMPILER, ...args], {
    cwd: path.parse(folder).root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-8000));
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new CompileError(`${id}: ${output.replace(/\u001b\[[0-9;]*m/g, '').trim()}`, { circuit: id });
  if (!(await readFile(path.join(folder, 'circuit.r1cs'))).length) throw new CompileError(`${id}: empty r1cs`);
}

const HOUR_MS = 3_600_000;
/** Another branch's circuits are kept at hand for so long after their last use. */
const UNUSED_MS = 30 * 24 * HOUR_MS;

/** What a compilation that was killed left half made (none takes an hour), and what nobody has used for long. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const left = path.join(folder, name);
    const info = await stat(left).catch(() => undefined); // another process may have just moved it
    const age = info ? Date.now() - info.mtimeMs : 0;
    if (age > (name.startsWith('building-') ? HOUR_MS : UNUSED_MS)) await rm(left, { recursive: true, force: true });
  }
}

async function exists(folder: string): Promise<boolean> {
  return stat(path.join(folder, 'circuit.wasm')).then(
    () => true,
    () => false,
  );
}
