// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { listManifests, loadManifest } from '../../circuits/artifacts.ts';
import { currentKeyFolder } from '../../circuits/keys/key-store.ts';
import type { Manifest } from '../../circuits/keys/manifest.ts';
import { listCircuits, type CircuitInfo } from '../../circuits/registry.ts';

interface CircuitsOptions {
  readonly json?: boolean;
  readonly home?: string;
}

export function circuitsCommand(): Command {
  return new Command('circuits')
    .description('list every circuit: capacity, constraints, public signals in order, key')
    .option('--json', 'everything, hashes included, as JSON')
    .option('--home <folder>', 'where circuits and keys lie (default: .phalanx in the repository)')
    .action((options: CircuitsOptions) => circuits(options));
}

async function circuits({ json, home }: CircuitsOptions): Promise<void> {
  const store = home === undefined ? {} : { home };
  const rows = await Promise.all(
    listCircuits().map(async (circuit) => {
      if ((await currentKeyFolder(circuit.id, store)) === undefined) return { circuit, keys: [] };
      const { verificationKeyHash: current } = await loadManifest(circuit.id, store);
      const manifests = await listManifests(circuit.id, store);
      return { circuit, keys: manifests.map((key) => ({ ...key, current: key.verificationKeyHash === current })) };
    }),
  );
  if (json) {
    console.log(
      JSON.stringify(
        rows.map(({ circuit, keys }) => describe(circuit, keys)),
        null,
        2,
      ),
    );
    return;
  }
  for (const { circuit, keys } of rows) {
    const kind = keys.find(({ current }) => current)?.kind ?? 'no key: phalanx setup';
    const capacity = circuit.capacity === null ? 'any' : String(circuit.capacity);
    console.log(
      `${circuit.id.padEnd(14)} capacity ${capacity.padEnd(4)} ${String(circuit.constraints).padStart(7)} constraints  ${kind}`,
    );
    console.log(`${''.padEnd(15)}public signals: ${circuit.publicSignals.join(', ')}`);
  }
}

/** The form that programs read; stable. */
function describe(circuit: CircuitInfo, keys: readonly (Manifest & { readonly current: boolean })[]) {
  return {
    name: circuit.id,
    kind: circuit.kind,
    capacity: circuit.capacity,
    constraints: circuit.constraints,
    publicSignals: circuit.publicSignals,
    keys: keys.map((key) => ({
      kind: key.kind,
      /** the one that new proofs are made with */
      current: key.current,
      verificationKeyHash: key.verificationKeyHash,
      zkeyHash: key.zkeyHash,
      r1csHash: key.r1csHash,
      wasmHash: key.wasmHash,
      compilerVersion: key.compilerVersion,
      compilerFlags: key.compilerFlags,
      solidityCodeHash: key.solidityCodeHash,
    })),
  };
}
