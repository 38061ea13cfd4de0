// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the native engine where a compiler is present, for this processor, or with --all for every one that the
// compiler knows. Installation succeeds in any case: without the engine one line says so, and snarkjs serves. Only with
// --all is a build that fails a failure. Nothing is downloaded: Node's headers come from the running Node's own folder.
//
// A build is made in a folder of its own and takes its place, whole, at the end: several installations at once each
// find or make a whole one, and one that is killed leaves nothing that is taken for a build.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const HERE = import.meta.dirname;
const BUILD = join(HERE, 'build');
/** Node-gyp's folder while this process builds; what becomes BUILD; and what BUILD was. */
const MAKING = join(HERE, `build-${process.pid}`);
const READY = join(MAKING, 'ready');
const REPLACED = join(MAKING, 'replaced');
/** In BUILD: what node-gyp said, and what the build was made of. */
const LOG = 'install.log';
const STAMP = 'built-from';
const SOURCES = ['binding.gyp', 'cpu_module.cpp', 'list-sources.mjs'];
/** Fastest first. */
const PATHS = process.arch === 'x64' ? ['ifma', 'adx', 'portable'] : ['portable'];
const ALL = process.argv.includes('--all');

/** What a build is made of. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (text) => hash.update(`${text.length} `).update(text);
  add(`${process.platform} ${process.arch}`);
  for (const name of [...SOURCES, 'install.mjs']) add(readFileSync(join(HERE, name)));
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

const addonPath = (folder, name) => join(folder, 'Release', `${name}.node`);
const isBuilt = (folder, name) => existsSync(addonPath(folder, name));

/** Node-gyp with these words; what it says is kept for who wants to know why it failed. */
function nodeGyp(...words) {
  const program = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  const options = { cwd: MAKING, encoding: 'utf8', maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], options);
  appendFileSync(join(READY, LOG), `${stdout}${stderr}`);
  return status === 0;
}

/** Fastest first; `cpu` must be built. */
function usablePaths(folder) {
  const features = createRequire(import.meta.url)(addonPath(folder, 'cpu'));
  return PATHS.filter((path) => path === 'portable' || features[path]);
}

function isComplete(folder) {
  if (!isBuilt(folder, 'cpu')) return false;
  try {
    return ALL
      ? PATHS.every((path) => isBuilt(folder, path))
      : usablePaths(folder).some((path) => isBuilt(folder, path));
  } catch {
    return false; // made for another machine
  }
}

/** Build what READY lacks. @returns whether all that is wanted is there */
function build(nodedir) {
  for (const name of [...SOURCES, 'src']) symlinkSync(join(HERE, name), join(MAKING, name));
  if (!nodeGyp('configure', '--release', `--nodedir=${nodedir}`)) return false;
  const make = (name) => {
    if (isBuilt(READY, name)) return true;
    if (!nodeGyp('build', name, '--release', '--jobs=max')) return false;
    renameSync(join(MAKING, 'build', 'Release', `${name}.node`), addonPath(READY, name));
    return true;
  };
  // An old compiler may not know the newest instructions.
  return make('cpu') && (ALL ? PATHS.map(make).every(Boolean) : usablePaths(READY).some(make));
}

const builtFrom = () => (existsSync(join(BUILD, STAMP)) ? readFileSync(join(BUILD, STAMP), 'utf8') : '');

/** Move BUILD out of the way, if there is one. */
function setAside() {
  rmSync(REPLACED, { recursive: true, force: true });
  try {
    renameSync(BUILD, REPLACED);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}

/** READY becomes BUILD. Another process may do the same at the same time: the last one stays. */
function publish() {
  for (;;) {
    setAside();
    try {
      return renameSync(READY, BUILD);
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    }
  }
}

/** Folders of processes that ended before they could remove them. */
function removeLeftovers() {
  for (const name of readdirSync(HERE)) {
    const pid = /^build-(\d+)$/.exec(name)?.[1];
    // One of this process's own number is another's, too: in a container numbers come again.
    if (pid === undefined || (Number(pid) !== process.pid && isRunning(Number(pid)))) continue;
    try {
      rmSync(join(HERE, name), { recursive: true, force: true });
    } catch {
      // Its compiler may go on for a while: the next installation removes it.
    }
  }
}

function isRunning(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** @returns why there is no engine, or undefined when there is one */
function install() {
  if (process.platform === 'win32') return 'it is not made for Windows';
  removeLeftovers();
  const compiler = version(process.env.CXX ?? 'g++');
  const wanted = fingerprint();
  // A build that failed is tried again when one of its tools changes.
  const failure = `failed ${wanted} ${compiler} ${version('python3')}`;
  const found = builtFrom();
  const isOfThese = found === wanted || found.startsWith(`failed ${wanted}`);
  if (isOfThese && isComplete(BUILD)) return undefined;
  mkdirSync(join(READY, 'Release'), { recursive: true });
  try {
    // Addons made of other sources must not be loaded, also while new ones are made and if that fails.
    if (!isOfThese) setAside();
    if (compiler === undefined) return 'there is no C++ compiler';
    if (version('make') === undefined) return 'there is no make';
    const nodedir = headersFolder();
    if (nodedir === undefined) return "Node's headers are not installed";
    const why = `the build fails; see ${join(BUILD, LOG)}`;
    if (found === failure && !ALL) return why;
    if (isOfThese) {
      for (const name of ['cpu', ...PATHS])
        if (isBuilt(BUILD, name)) copyFileSync(addonPath(BUILD, name), addonPath(READY, name));
    }
    const built = build(nodedir) && isComplete(READY);
    // Another process may have been faster.
    if (!(builtFrom() === wanted && isComplete(BUILD))) {
      writeFileSync(join(READY, STAMP), built ? wanted : failure);
      publish();
    }
    if (!built && ALL) process.exitCode = 1;
    return built ? undefined : why;
  } finally {
    rmSync(MAKING, { recursive: true, force: true });
  }
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
