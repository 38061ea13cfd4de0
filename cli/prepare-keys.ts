// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { writeSolidityVerifiers, type KeyArtifacts } from '../circuits/artifacts.ts';
import type { SetupOptions, SetupProgress } from '../circuits/keys/setup.ts';
import { ROOT } from './options.ts';

/** What a small coalition needs; the larger capacities are made when named. */
export const DEFAULT_CIRCUITS = ['quorum-16', 'equivocation', 'registration'] as const;

/** Keys ready, and their Solidity verifiers where the contracts' build takes them from. */
export async function prepareKeys(
  circuits: readonly string[],
  onProgress: SetupProgress,
  options: SetupOptions = {},
): Promise<KeyArtifacts[]> {
  const { setupCircuits } = await import('../circuits/keys/setup.ts');
  const keys = await setupCircuits(circuits, onProgress, options);
  await writeSolidityVerifiers(keys, join(ROOT, 'contracts', 'generated'));
  return keys;
}
