// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the native engine where a compiler is present, for this processor, or with --all for every one that the
// compiler knows. Installation succeeds in any case: without the engine one line says so, and snarkjs serves. Only with
// --all is a build that fails a failure. Nothing is downloaded: Node's headers come from the running Node's own folder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const HERE = import.meta.dirname;
const BUILD = join(HERE, 'build');
const LOG = join(BUILD, 'install.log');
const STAMP = join(BUILD, 'built-from');
/** Fastest first. */
const PATHS = process.arch === 'x64' ? ['ifma', 'adx', 'portable'] : ['portable'];
const ALL = process.argv.includes('--all');

/** What a build is made of. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (text) => hash.update(`${text.length} `).update(text);
  add(`${process.platform} ${process.arch}`);
  for (const name of ['binding.gyp', 'cpu_module.cpp', 'list-sources.mjs', 'install.mjs'])
    add(readFileSync(join(HERE, name)));
  const sources = readdirSync(join(HERE, 'src'), { recursive: true, encoding: 'utf8' });
  for (const name of sources.filter((path) => /\.[ch]pp$/.test(path)).sort()) {
    add(name);
    add(readFileSync(join(HERE, 'src', name)));
  }
  return hash.digest('hex');
}

/** The folder above Node's `include/node`, or undefined where Node came without its headers. */
function headersFolder() {
  const prefix = dirname(dirname(realpathSync(process.execPath)));
  return [prefix, process.config.variables.node_prefix].find(
    (folder) => folder && existsSync(join(folder, 'include', 'node', 'node_api.h')),
  );
}

/** First line that a program says of itself, or undefined when there is no such program. */
function version(program) {
  const { error, status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return error || status !== 0 ? undefined : stdout.split('\n')[0];
}

const addonPath = (name) => join(BUILD, 'Release', `${name}.node`);
const isBuilt = (name) => existsSync(addonPath(name));

/** Node-gyp with these words; what it says is kept for who wants to know why it failed. */
function nodeGyp(...words) {
  const program = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const options = { cwd: HERE, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], options);
  mkdirSync(BUILD, { recursive: true });
  appendFileSync(LOG, `${stdout}${stderr}`);
  return status === 0;
}

/** Fastest first; `cpu` must be built. */
function usablePaths() {
  const features = createRequire(import.meta.url)(addonPath('cpu'));
  return PATHS.filter((path) => path === 'portable' || features[path]);
}

function isComplete() {
  if (!isBuilt('cpu')) return false;
  try {
    return ALL ? PATHS.every(isBuilt) : usablePaths().some(isBuilt);
  } catch {
    return false; // made for another machine
  }
}

/** @returns whether all that is wanted is built */
function build(nodedir) {
  rmSync(LOG, { force: true });
  if (!nodeGyp('configure', '--release', `--nodedir=${nodedir}`)) return false;
  const make = (...names) => nodeGyp('build', ...names, '--release', '--jobs=max');
  // An old compiler may not know the newest instructions.
  return (
    make('cpu') && (ALL ? PATHS.map((path) => make(path)).every(Boolean) : usablePaths().some((path) => make(path)))
  );
}

/** @returns why there is no engine, or undefined when there is one */
function install() {
  if (process.platform === 'win32') return 'it is not made for Windows';
  const compiler = version(process.env.CXX ?? 'g++');
  const wanted = fingerprint();
  // A build that failed is tried again when one of its tools changes.
  const failure = `failed ${wanted} ${compiler} ${version('python3')}`;
  const found = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
  if (found !== wanted && !found.startsWith(`failed ${wanted}`)) {
    // Nothing made of other sources must be taken for these: neither addons nor objects.
    rmSync(BUILD, { recursive: true, force: true });
  } else if (isComplete()) {
    return undefined;
  }
  if (compiler === undefined) return 'there is no C++ compiler';
  if (version('make') === undefined) return 'there is no make';
  const nodedir = headersFolder();
  if (nodedir === undefined) return "Node's headers are not installed";
  const why = `the build fails; see ${LOG}`;
  if (found === failure && !ALL) return why;
  const built = build(nodedir) && isComplete();
  writeFileSync(STAMP, built ? wanted : failure);
  if (!built && ALL) process.exitCode = 1;
  return built ? undefined : why;
}

let why;
try {
  why = install();
} catch (error) {
  why = error instanceof Error ? error.message : String(error);
}
if (why !== undefined) {
  process.stdout.write(
    ALL
      ? `Not every instruction set is built, as ${why}.\n`
      : `No native proving engine, as ${why}: snarkjs will prove instead.\n`,
  );
}
