// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { NATIVE_PATHS, type NativePath } from './addon.ts';
import { NativeUnavailableError } from './errors.ts';
import { loadNative, nativePaths } from './load.ts';

const BUILT = join(import.meta.dirname, '../../prover/native/build/Release');
/** Asked of the disk, so that a loader that finds nothing is noticed. */
const built = NATIVE_PATHS.filter((path) => existsSync(join(BUILT, `${path}.node`)));
const paths = nativePaths();
const skip = built.length === 0 && 'the native engine is not built here';

test('takes the fastest path that the processor has', { skip }, () => {
  assert.equal(loadNative().path, paths[0]);
});

test('loads each path that it lists, and refuses the others', { skip }, () => {
  for (const path of NATIVE_PATHS) {
    if (paths.includes(path)) assert.equal(loadNative(path).path, path);
    else assert.throws(() => loadNative(path), NativeUnavailableError);
  }
});

const ADX = 'adx bmi1 bmi2 abm avx avx2 fma f16c movbe popcnt';
const IFMA =
  'aes pclmulqdq avx512f avx512dq avx512bw avx512vl avx512cd avx512ifma avx512vbmi avx512_vbmi2 avx512_vnni ' +
  'avx512_bitalg avx512_vpopcntdq gfni vaes vpclmulqdq';
/** What the compiler may use for each path (prover/native/binding.gyp), in the kernel's words. */
const NEEDS: Readonly<Record<NativePath, string>> = { portable: '', adx: ADX, ifma: `${ADX} ${IFMA}` };

const onLinux = process.platform === 'linux' && process.arch === 'x64';
test(
  'lists each path that is built and that the processor has, by what the kernel says',
  { skip: skip || !onLinux },
  () => {
    const flags = new Set(/^flags\s*: (.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' '));
    const has = (path: NativePath): boolean => NEEDS[path].split(' ').every((flag) => flag === '' || flags.has(flag));
    assert.deepEqual(paths, built.filter(has));
  },
);
