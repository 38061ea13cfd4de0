// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * The native engine's way in. Its sources are the prover's (prover/native/), but keys are made with it as well, so the
 * loader stands in the lowest room that needs it.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { NATIVE_PATHS, type CpuFeatures, type NativeAddon, type NativePath } from './addon.ts';
import { NativeUnavailableError } from './errors.ts';

const BUILT = join(import.meta.dirname, '../../prover/native/build/Release');
const require = createRequire(import.meta.url);

/**
 * Load the addon for this processor's best instruction set. Node keeps one instance of each for the process.
 * @param path one to have and no other, as tests ask
 * @throws NativeUnavailableError when it was not built, or the processor lacks what `path` needs
 */
export function loadNative(path: NativePath | 'auto' = 'auto'): NativeAddon {
  const portable = open('portable');
  const usable = supportedPaths(portable.cpuFeatures());
  const chosen = path === 'auto' ? (usable[0] ?? 'portable') : path;
  if (!usable.includes(chosen)) {
    throw new NativeUnavailableError(`the native engine's ${chosen} path cannot run here`, { path: chosen });
  }
  return chosen === 'portable' ? portable : open(chosen);
}

/** Paths that this machine can run, fastest first; none where the engine was not built. */
export function nativePaths(): readonly NativePath[] {
  try {
    return supportedPaths(open('portable').cpuFeatures());
  } catch (error) {
    if (error instanceof NativeUnavailableError) return [];
    throw error;
  }
}

/** A build may lack a path that its compiler did not know. */
function supportedPaths(features: CpuFeatures): NativePath[] {
  return NATIVE_PATHS.filter((path) => path === 'portable' || (features[path] && existsSync(fileOf(path))));
}

const fileOf = (path: NativePath): string => join(BUILT, `${path}.node`);

function open(path: NativePath): NativeAddon {
  try {
    return require(fileOf(path)) as NativeAddon;
  } catch (error) {
    throw new NativeUnavailableError(
      'the native engine is not built here: "node prover/native/install.mjs" builds it or says why it cannot',
      { path },
      error,
    );
  }
}
