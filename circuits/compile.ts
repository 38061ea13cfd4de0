// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { BUILDING, buildOnce } from './build-once.ts';
import { CompileError } from './circuit-error.ts';
import { COMPILER_PACKAGE, runCompiler } from './compiler.ts';
import { readSources } from './sources.ts';

export const COMPILER_VERSION = 'circom 2.2.3';
export const COMPILER_FLAGS = ['--O2'] as const;

const require = createRequire(import.meta.url);
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
 * Compile a template on a thread of its own, or find it compiled. Several callers at once, also of several processes,
 * get it of one compilation.
 * @throws CompileError
 */
export async function compileInstance(instance: Instance, options: CompileOptions = {}): Promise<CompiledCircuit> {
  const sourceRoot = options.sourceRoot ?? import.meta.dirname;
  const libraries = path.dirname(path.dirname(require.resolve('circomlib/package.json')));
  const chosen = instance.flags ?? COMPILER_FLAGS;
  const flags = options.symbols ? [...chosen, '--sym'] : chosen;
  const sourceHash = hashSources(
    mainComponent(instance),
    flags,
    await readSources(instance.source, [sourceRoot, libraries]),
  );
  const folder = path.join(options.home ?? DEFAULT_HOME, 'circuits', instance.id);
  const target = path.join(folder, sourceHash);
  await buildOnce(target, async (building) => {
    await removeAbandoned(folder);
    await build(instance, building, flags, [sourceRoot, libraries]);
  });
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

async function build(
  instance: Instance,
  folder: string,
  flags: readonly string[],
  libraries: readonly string[],
): Promise<void> {
  const inside = (...names: string[]): string => path.join(folder, ...names);
  const file = inside('circuit.circom');
  await writeFile(file, mainComponent(instance));
  const { output, succeeded } = await runCompiler(file, ['--r1cs', '--wasm', ...flags], libraries);
  if (!succeeded) throw new CompileError(`${instance.id}: ${output}`, { circuit: instance.id });
  if ((await stat(inside('circuit.r1cs'))).size === 0) throw new CompileError(`${instance.id}: empty r1cs`);
  await rename(inside('circuit_js', 'circuit.wasm'), inside('circuit.wasm'));
  await rm(inside('circuit_js'), { recursive: true });
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
    if (age > (name.startsWith(BUILDING) ? HOUR_MS : UNUSED_MS)) await rm(left, { recursive: true, force: true });
  }
}
