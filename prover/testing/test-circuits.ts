// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { compileInstance, DEFAULT_HOME, type Instance } from '../../circuits/compile.ts';
import { UnknownCircuitError } from '../../circuits/circuit-error.ts';
import { bn254Code } from '../../circuits/keys/bn254-code.ts';
import { makeDevelopmentKey } from '../../circuits/keys/development-key.ts';
import { KeyMissingError } from '../../circuits/keys/errors.ts';
import type { GeneratorMultiplier } from '../../circuits/keys/generator-multiplier.ts';
import { openMultiplier } from '../../circuits/keys/open-multiplier.ts';
import { readZkeyFile } from '../../circuits/keys/zkey-file.ts';
import type { CircuitInput } from '../../circuits/statement-kind.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { FR, parseFr } from '../../protocol/field.ts';
import { verificationKeyHash } from '../../protocol/verification-key.ts';
import type { Catalog, ProvableCircuit } from '../catalog.ts';

const STEPS = 12_000;

/** `product` is proved at once, `chain` takes a second or two. Both know nothing of the statements of the project. */
const INSTANCES: readonly Instance[] = [
  {
    id: 'test-product',
    source: 'product.circom',
    template: 'Product',
    parameters: [],
    publicSignals: ['product', 'sum'],
  },
  { id: 'test-chain', source: 'chain.circom', template: 'Chain', parameters: [STEPS], publicSignals: ['last'] },
];

export function productInput(x: bigint, y: bigint): Record<string, string> {
  return { product: `${x * y}`, sum: `${x + y}`, x: `${x}`, y: `${y}` };
}

export function chainInput(start: bigint): Record<string, string> {
  let last = start;
  for (let i = 1n; i <= STEPS; i++) last = (last * last + i) % FR;
  return { last: `${last}`, start: `${start}` };
}

/** Compile the test circuits and make their keys, or find them made. */
export async function testCatalog(): Promise<Catalog & { readonly circuits: readonly ProvableCircuit[] }> {
  const circuits = await makeCircuits();
  return {
    circuits,
    list: () => Promise.resolve(circuits),
    find: (circuit, keyHash) => {
      const found = circuits.find(({ files }) => files.circuit === circuit);
      if (!found) return Promise.reject(new UnknownCircuitError(`unknown circuit ${circuit}`));
      if (found.keyHash !== keyHash) return Promise.reject(new KeyMissingError(`no key ${keyHash}`));
      return Promise.resolve(found);
    },
    prepare: (circuit, inputs) => {
      const instance = INSTANCES.find(({ id }) => id === circuit);
      if (!instance) throw new UnknownCircuitError(`unknown circuit ${circuit}`);
      const input: CircuitInput = Object.fromEntries(
        Object.entries(inputs as Record<string, string>).map(([name, value]) => [name, parseFr(value, name)]),
      );
      return {
        input,
        publicSignals: instance.publicSignals.map((name) => parseFr((inputs as Record<string, string>)[name], name)),
      };
    },
  };
}

async function makeCircuits(): Promise<ProvableCircuit[]> {
  let multiplier: Promise<GeneratorMultiplier> | undefined;
  // Threads only where a key has to be made.
  const open = async (): Promise<GeneratorMultiplier> => openMultiplier(await bn254Code());
  try {
    return await Promise.all(INSTANCES.map((instance) => makeCircuit(instance, () => (multiplier ??= open()))));
  } finally {
    await (await multiplier)?.close();
  }
}

async function makeCircuit(
  instance: Instance,
  multiplier: () => Promise<GeneratorMultiplier>,
): Promise<ProvableCircuit> {
  const { r1csPath, wasmPath, sourceHash } = await compileInstance(instance, { sourceRoot: import.meta.dirname });
  const folder = path.join(DEFAULT_HOME, 'test-keys', instance.id);
  const zkeyPath = path.join(folder, `${sourceHash}.zkey`);
  if (!existsSync(zkeyPath)) {
    await mkdir(folder, { recursive: true });
    const making = path.join(folder, `making-${process.pid}.zkey`);
    await makeDevelopmentKey(r1csPath, making, await bn254Code(), await multiplier());
    await rename(making, zkeyPath);
  }
  const { verificationKey } = await readZkeyFile(zkeyPath);
  return {
    files: {
      circuit: instance.id,
      wasmPath,
      wasmHash: await sha256(wasmPath),
      zkeyPath,
      zkeyHash: await sha256(zkeyPath),
    },
    keyHash: verificationKeyHash(verificationKey),
    keyKind: 'development',
    verificationKey,
  };
}

async function sha256(file: string): Promise<Hex> {
  return `0x${createHash('sha256')
    .update(await readFile(file))
    .digest('hex')}`;
}
