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
  const usable = nativePaths();
  const chosen = path === 'auto' ? usable[0] : path;
  if (chosen === undefined || usable.length === 0) {
    throw new NativeUnavailableError(
      'the native engine is not built here: "node prover/native/install.mjs" builds it or says why it cannot',
      { path },
    );
  }
  if (!usable.includes(chosen)) {
    throw new NativeUnavailableError(
      `the native engine's ${chosen} path is not built here (node prover/native/install.mjs --all) or cannot run here`,
      { path: chosen },
    );
  }
  return open<NativeAddon>(chosen);
}

/** Paths that are built and that this machine can run, fastest first. */
export function nativePaths(): readonly NativePath[] {
  try {
    const features = open<CpuFeatures>('cpu');
    return NATIVE_PATHS.filter((path) => (path === 'portable' || features[path]) && existsSync(fileOf(path)));
  } catch (error) {
    if (error instanceof NativeUnavailableError) return [];
    throw error;
  }
}

const fileOf = (name: string): string => join(BUILT, `${name}.node`);

/** What an addon exports is fixed by its sources (prover/native/). */
function open<Exports>(name: NativePath | 'cpu'): Exports {
  try {
    return require(fileOf(name)) as Exports;
  } catch (error) {
    throw new NativeUnavailableError(`the native engine's ${name}.node cannot be loaded`, { path: name }, error);
  }
}
