// SPDX-License-Identifier: GPL-3.0-or-later

/** Installation, on a copy of this folder with an engine of a few lines. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

const NATIVE = import.meta.dirname;
const compiler = spawnSync(process.env['CXX'] ?? 'g++', ['--version']);
const headers = existsSync(join(process.execPath, '../../include/node/node_api.h'));
const skip = (compiler.status !== 0 || !headers) && 'there is no C++ compiler or no header of Node here';

const MODULE = `// of a test
#include "addon/napi.hpp"
NAPI_MODULE_INIT() {
  phalanx::setProperty(env, exports, "answer", phalanx::makeNumber(env, ANSWER));
  return exports;
}
`;

describe('installation', { skip }, () => {
  const root = mkdtempSync(join(tmpdir(), 'phalanx-install-'));
  const folder = join(root, 'prover/native');
  const addon = (name: string): string => join(folder, 'build/Release', `${name}.node`);
  const built = (): string[] => readdirSync(join(folder, 'build/Release')).sort();
  const leftovers = (): string[] => readdirSync(folder).filter((name) => name.startsWith('build-'));
  const answerOf = (file: string): unknown => (createRequire(import.meta.url)(file) as { answer: unknown }).answer;

  before(() => {
    mkdirSync(join(folder, 'src'), { recursive: true });
    for (const name of ['install.mjs', 'binding.gyp', 'cpu_module.cpp', 'list-sources.mjs'])
      cpSync(join(NATIVE, name), join(folder, name));
    for (const name of ['cpu', 'addon/napi.cpp', 'addon/napi.hpp', 'error.hpp', 'path.hpp'])
      cpSync(join(NATIVE, 'src', name), join(folder, 'src', name), { recursive: true });
    symlinkSync(join(NATIVE, '../../node_modules'), join(root, 'node_modules'));
    change(42);
  });
  after(() => rmSync(root, { recursive: true }));

  const change = (answer: number): void =>
    writeFileSync(join(folder, 'src/module.cpp'), MODULE.replace('ANSWER', `${answer}`));

  /** An installation; `end` is what it said, as it always succeeds. */
  function start(variables = {}): { readonly kill: () => boolean; readonly end: Promise<string> } {
    const child = spawn(process.execPath, [join(folder, 'install.mjs')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...variables },
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const end = once(child, 'close').then(([code]) => {
      assert.ok(code === 0 || child.killed, `it ends with ${code}`);
      return said;
    });
    return { kill: () => child.kill('SIGKILL'), end };
  }

  test('builds once, and again when a source changes', { timeout: 300_000 }, async () => {
    assert.equal(await start().end, '');
    const [fastest] = built().filter((name) => name !== 'cpu.node');
    assert.ok(fastest);
    const file = join(folder, 'build/Release', fastest);
    const { ino } = statSync(file);
    assert.equal(await start().end, '');
    assert.equal(statSync(file).ino, ino, 'built twice');
    assert.equal(answerOf(file), 42);
    change(43);
    assert.equal(await start().end, '');
    assert.notEqual(statSync(file).ino, ino, 'not built anew');
    assert.deepEqual(leftovers(), []);
  });

  test('removes what another process of its own number left', () => {
    const program = 'mkdir "$0/build-$$" && exec "$1" "$0/install.mjs"';
    const { status, stdout } = spawnSync('sh', ['-c', program, folder, process.execPath], { encoding: 'utf8' });
    assert.deepEqual([status, stdout, leftovers()], [0, '', []]);
  });

  test('two at once both end well, with one whole build', { timeout: 300_000 }, async () => {
    rmSync(join(folder, 'build'), { recursive: true });
    assert.deepEqual(await Promise.all([start().end, start().end]), ['', '']);
    assert.equal(built().length, 2);
    assert.ok(existsSync(addon('cpu')));
    assert.deepEqual(leftovers(), []);
    assert.equal(await start().end, '');
  });

  test('one that is killed leaves nothing that stands in the way', { timeout: 300_000 }, async () => {
    rmSync(join(folder, 'build'), { recursive: true });
    const killed = start();
    while (leftovers().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    killed.kill();
    await killed.end;
    assert.equal(leftovers().length, 1);
    assert.ok(!existsSync(join(folder, 'build')));
    assert.equal(await start().end, '');
    assert.ok(existsSync(addon('cpu')));
    // What the killed one had started may have gone on for a while and made its folder anew.
    assert.equal(await start().end, '');
    assert.deepEqual(leftovers(), []);
  });

  test('says in one line that a build fails, and tries again only after a change', { timeout: 300_000 }, async () => {
    writeFileSync(join(folder, 'src/module.cpp'), '#error of a test\n');
    const said = await start().end;
    assert.match(
      said,
      /^No native proving engine, as the build fails; see \S+install\.log: snarkjs will prove instead\.\n$/,
    );
    assert.ok(existsSync(join(folder, 'build/install.log')));
    const addons = built().filter((name) => name !== 'cpu.node');
    assert.deepEqual(addons, [], 'an addon of other sources is left');
    const { ino } = statSync(join(folder, 'build/install.log'));
    assert.equal(await start().end, said);
    assert.equal(statSync(join(folder, 'build/install.log')).ino, ino, 'tried again');
    change(44);
    assert.equal(await start().end, '');
  });

  test('without a compiler says so in one line, and loads nothing that other sources made', async () => {
    change(45);
    const said = await start({ CXX: join(folder, 'no-such-compiler') }).end;
    assert.equal(said, 'No native proving engine, as there is no C++ compiler: snarkjs will prove instead.\n');
    assert.ok(!existsSync(join(folder, 'build')));
    assert.deepEqual(leftovers(), []);
  });
});
