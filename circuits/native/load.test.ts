// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { NATIVE_PATHS, type NativePath } from './addon.ts';
import { NativeUnavailableError } from './errors.ts';
import { loadNative, nativePaths } from './load.ts';

const paths = nativePaths();
const skip = paths.length === 0 && 'the native engine is not built here';

test('takes the fastest path that the processor has', { skip }, () => {
  assert.equal(loadNative().path, paths[0]);
});

test('loads each path that it lists, and refuses the others', { skip }, () => {
  for (const path of NATIVE_PATHS) {
    if (paths.includes(path)) assert.equal(loadNative(path).path, path);
    else assert.throws(() => loadNative(path), NativeUnavailableError);
  }
});

const onLinux = process.platform === 'linux' && process.arch === 'x64';
test('asks the processor as the kernel does', { skip: skip || !onLinux }, () => {
  const flags = new Set(/^flags\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' '));
  const needs: Record<NativePath, readonly string[]> = {
    portable: [],
    adx: ['adx', 'bmi2', 'avx2'],
    ifma: ['adx', 'bmi2', 'avx512f', 'avx512dq', 'avx512bw', 'avx512vl', 'avx512ifma', 'avx512vbmi', 'avx512_vbmi2'],
  };
  for (const path of paths) for (const flag of needs[path]) assert.ok(flags.has(flag), `${path} without ${flag}`);
});
