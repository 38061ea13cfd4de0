// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the native engine where a compiler is present. Installation succeeds in any case: without the engine one line
// says so, and snarkjs serves. Nothing is downloaded: Node's headers come from the running Node's own folder.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const HERE = import.meta.dirname;
const BUILD = join(HERE, 'build');
const LOG = join(BUILD, 'install.log');
const STAMP = join(BUILD, 'built-from');
const ADDONS = process.arch === 'x64' ? ['portable', 'adx', 'ifma'] : ['portable'];

/** What a build depends on. A build that failed is tried again when the compiler changes, too. */
function fingerprint(compiler) {
  const hash = createHash('sha256');
  const add = (text) => hash.update(`${text.length} `).update(text);
  add(`${process.platform} ${process.arch} ${compiler}`);
  for (const name of ['binding.gyp', 'list-sources.mjs', 'install.mjs']) add(readFileSync(join(HERE, name)));
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

function build(nodedir) {
  const nodeGyp = createRequire(import.meta.url).resolve('node-gyp/bin/node-gyp.js');
  let log = '';
  for (const step of ['configure', 'build']) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [nodeGyp, step, '--release', `--nodedir=${nodedir}`, '--jobs=max'],
      { cwd: HERE, encoding: 'utf8', maxBuffer: 2 ** 28 },
    );
    log += `${stdout}${stderr}`;
    if (status === 0) continue;
    mkdirSync(BUILD, { recursive: true });
    writeFileSync(LOG, log);
    return false;
  }
  writeFileSync(LOG, log);
  return true;
}

const addonPath = (name) => join(BUILD, 'Release', `${name}.node`);

/** @returns why there is no engine, or undefined when there is one */
function install() {
  if (process.platform === 'win32') return 'it is not made for Windows';
  const compiler = version(process.env.CXX ?? 'g++');
  const wanted = fingerprint(compiler);
  const found = existsSync(STAMP) ? readFileSync(STAMP, 'utf8') : '';
  if (found === wanted && ADDONS.every((name) => existsSync(addonPath(name)))) return undefined;
  // An addon from other sources must not be taken for this one's.
  for (const name of ADDONS) rmSync(addonPath(name), { force: true });
  if (compiler === undefined) return 'there is no C++ compiler';
  if (version('make') === undefined) return 'there is no make';
  const nodedir = headersFolder();
  if (nodedir === undefined) return "Node's headers are not installed";
  const failure = `the build fails; see ${LOG}`;
  if (found === `failed ${wanted}`) return failure;
  const built = build(nodedir) && ADDONS.every((name) => existsSync(addonPath(name)));
  if (!built) for (const name of ADDONS) rmSync(addonPath(name), { force: true });
  mkdirSync(BUILD, { recursive: true });
  writeFileSync(STAMP, built ? wanted : `failed ${wanted}`);
  return built ? undefined : failure;
}

let why;
try {
  why = install();
} catch (error) {
  why = error instanceof Error ? error.message : String(error);
}
if (why !== undefined) process.stdout.write(`No native proving engine, as ${why}: snarkjs will prove instead.\n`);
