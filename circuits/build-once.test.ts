// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buildOnce } from './build-once.ts';

let root: string;
before(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'phalanx-build-'));
});
after(() => rm(root, { recursive: true }));

/** A build that takes a moment, counted. */
function builder(): { readonly count: () => number; readonly build: (folder: string) => Promise<void> } {
  let count = 0;
  return {
    count: () => count,
    build: async (folder) => {
      count++;
      await writeFile(path.join(folder, 'first'), '');
      await sleep(100);
      await writeFile(path.join(folder, 'second'), '');
    },
  };
}

test('of several at once one builds, and all find it whole', async () => {
  const target = path.join(root, 'several', 'abc');
  const { build, count } = builder();
  const found = await Promise.all(
    [1, 2, 3, 4].map(async () => {
      await buildOnce(target, build);
      return readdir(target);
    }),
  );
  assert.equal(count(), 1);
  for (const names of found) assert.deepEqual(names, ['first', 'second']);
  await buildOnce(target, build);
  assert.equal(count(), 1, 'found made');
  assert.deepEqual(await readdir(path.dirname(target)), ['abc']);
});

test('where a build fails all are told, and the next caller builds', async () => {
  const target = path.join(root, 'fails', 'abc');
  const { build, count } = builder();
  const fail = (): Promise<void> => Promise.reject(new Error('of a test'));
  for (const waiting of [1, 2].map(() => buildOnce(target, fail))) await assert.rejects(waiting, /of a test/);
  await buildOnce(target, build);
  assert.equal(count(), 1);
  assert.deepEqual(await readdir(path.dirname(target)), ['abc']);
});

test('of several processes one builds', async () => {
  const target = path.join(root, 'processes', 'abc');
  const code = `
    import { appendFileSync } from 'node:fs';
    import { setTimeout as sleep } from 'node:timers/promises';
    import { buildOnce } from ${JSON.stringify(path.join(import.meta.dirname, 'build-once.ts'))};
    await buildOnce(process.argv[1], async () => {
      appendFileSync(process.argv[1] + '.built', 'x');
      await sleep(3000);
    });`;
  const words = ['--import', 'tsx', '--input-type=module', '--eval', code, target];
  await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, words)));
  assert.equal(await readFile(`${target}.built`, 'utf8'), 'x');
});

test('another process is waited for while it gives signs of life', async () => {
  const target = path.join(root, 'silent', 'abc');
  const other = path.join(root, 'silent', 'building-abc');
  await mkdir(path.dirname(other));
  await writeFile(other, '');
  const { build, count } = builder();
  const waiting = buildOnce(target, build);
  await sleep(300);
  assert.equal(count(), 0);
  const longAgo = new Date(Date.now() - 60_000);
  await utimes(other, longAgo, longAgo);
  await waiting;
  assert.equal(count(), 1);
  assert.deepEqual(await readdir(path.dirname(target)), ['abc']);
});
