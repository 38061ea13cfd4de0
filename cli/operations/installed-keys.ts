// SPDX-License-Identifier: GPL-3.0-or-later
import { assertUsableKey, loadArtifacts, loadManifest, type KeyArtifacts } from '../../circuits/artifacts.ts';
import { KeyMissingError } from '../../circuits/keys/errors.ts';
import { getCircuit, listCircuits } from '../../circuits/registry.ts';
import type { DeployConfig } from '../../runtime/deploy-config.ts';
import { OperationError } from './operation-error.ts';

type KeyOptions = Pick<DeployConfig, 'options' | 'mode' | 'home'>;

/**
 * Keys of the circuits that the options name, or of those needed.
 * @param capacity of the set whose quorums the ledger will take first
 * @throws OperationError, KeyError; DevelopmentKeyError in production
 */
export async function installedKeys(config: KeyOptions, capacity: number): Promise<KeyArtifacts[]> {
  const { circuits, cometbft } = config.options;
  const needed = [`quorum-${capacity}`, 'equivocation', 'registration'];
  const missing = needed.filter((circuit) => !(circuits ?? needed).includes(circuit));
  if (missing.length > 0)
    throw new OperationError(`circuits lacks ${missing.join(', ')}, without which the contracts cannot work`);
  const others = (circuits ?? needed).filter((circuit) => getCircuit(circuit).kind !== 'ed25519');
  const signatures = cometbft.length > 0 || circuits ? await signatureCircuits(config) : [];
  return loadKeys(config, [...others, ...signatures]);
}

/**
 * Keys of the ed25519 circuits that the options name, or of all that have one here.
 * @throws OperationError where there is none, KeyError; DevelopmentKeyError in production
 */
export async function signatureKeys(config: KeyOptions): Promise<KeyArtifacts[]> {
  return loadKeys(config, await signatureCircuits(config));
}

async function signatureCircuits({ options: { circuits, cometbft }, home }: KeyOptions): Promise<string[]> {
  const all = listCircuits().filter(({ kind }) => kind === 'ed25519');
  const found: string[] = [];
  for (const { id } of all) {
    if (circuits ? circuits.includes(id) : await hasKey(id, home)) found.push(id);
  }
  if (cometbft.length > 0 && found.length === 0) {
    const ids = all.map(({ id }) => id).join(', ');
    throw new OperationError(
      circuits
        ? `circuits lacks one of ${ids}, without which no header of a chain of cometbft can be proved`
        : `none of ${ids} has a key here, and light clients of chains of cometbft need one: see \`phalanx setup --help\``,
    );
  }
  return found;
}

async function hasKey(circuit: string, home: string): Promise<boolean> {
  try {
    await loadManifest(circuit, { home });
    return true;
  } catch (error) {
    if (error instanceof KeyMissingError) return false;
    throw error;
  }
}

function loadKeys({ mode, home }: KeyOptions, circuits: readonly string[]): Promise<KeyArtifacts[]> {
  return Promise.all(
    [...new Set(circuits)].map(async (circuit) => {
      const key = await loadArtifacts(circuit, { home });
      assertUsableKey(key.manifest, mode);
      return key;
    }),
  );
}
