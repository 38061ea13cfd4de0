// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { listManifests } from '../../circuits/artifacts.ts';
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
      const current = await currentKeyFolder(circuit.id, store);
      const keys = current === undefined ? [] : await listManifests(circuit.id, store);
      return { circuit, keys };
    }),
  );
  if (json) {
    console.log(JSON.stringify(rows.map(({ circuit, keys }) => describe(circuit, keys)), null, 2));
    return;
  }
  for (const { circuit, keys } of rows) {
    const kinds = keys.length === 0 ? 'no key: phalanx setup' : keys.map(({ kind }) => kind).join(', ');
    const capacity = circuit.capacity === null ? 'any' : String(circuit.capacity);
    console.log(`${circuit.id.padEnd(14)} capacity ${capacity.padEnd(4)} ${String(circuit.constraints).padStart(7)} constraints  ${kinds}`);
    console.log(`${''.padEnd(15)}public signals: ${circuit.publicSignals.join(', ')}`);
  }
}

/** The form that programs read; stable. */
function describe(circuit: CircuitInfo, keys: readonly Manifest[]) {
  return {
    name: circuit.id,
    kind: circuit.kind,
    capacity: circuit.capacity,
    constraints: circuit.constraints,
    publicSignals: circuit.publicSignals,
    keys: keys.map((key) => ({
      kind: key.kind,
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
