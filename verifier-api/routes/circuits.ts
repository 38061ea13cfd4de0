// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { findCircuit, getCircuit, listCircuits, type CircuitInfo } from '../../circuits/registry.ts';
import { UnknownCircuitError } from '../../circuits/circuit-error.ts';
import { Problem } from '../http/problem.ts';
import { jsonRoute, streamRoute, type Route } from '../http/route.ts';
import { circuitListSchema, circuitSchema, verificationKeySchema } from '../schemas/circuit.ts';
import { bytes32 } from '../schemas/primitives.ts';
import { circuitId } from '../schemas/proof.ts';
import type { Services } from '../services.ts';
import { NoCircuitKeyError, type CircuitKey } from '../statements/circuit-keys.ts';

const params = z.strictObject({ id: circuitId });
const query = z.strictObject({ keyHash: bytes32.optional().describe("Default: the circuit's current key.") });

export function circuitRoutes({ keys }: Services): Route[] {
  const current = async (circuit: CircuitInfo): Promise<CircuitKey | undefined> => {
    try {
      return await keys.current(circuit);
    } catch (error) {
      if (error instanceof NoCircuitKeyError) return undefined;
      throw error;
    }
  };
  const view = async (circuit: CircuitInfo): Promise<z.output<typeof circuitSchema>> => {
    const { id, kind, capacity, constraints } = circuit;
    const publicSignals = findCircuit(id).kind.publicSignals.map((signal) => ({ ...signal }));
    const manifest = (await current(circuit))?.manifest;
    const key = manifest && {
      keyHash: manifest.verificationKeyHash,
      kind: manifest.kind,
      r1csHash: manifest.r1csHash,
      wasmHash: manifest.wasmHash,
      zkeyHash: manifest.zkeyHash,
      compilerVersion: manifest.compilerVersion,
      compilerFlags: manifest.compilerFlags,
      solidityContract: manifest.solidityContract,
      solidityCodeHash: manifest.solidityCodeHash,
    };
    return { id, kind, capacity, constraints, publicSignals, key: key ?? null };
  };
  const find = async (id: string, keyHash: z.output<typeof query>['keyHash']): Promise<CircuitKey> => {
    const circuit = inPath(id);
    const key = keyHash === undefined ? await current(circuit) : await keys.byHash(circuit, keyHash);
    if (!key) throw new Problem('NOT_FOUND', `${id} has no such key here`);
    return key;
  };
  return [
    jsonRoute({
      method: 'get',
      path: '/v1/circuits',
      tag: 'Circuits',
      summary: 'Every circuit with its key',
      reply: circuitListSchema,
      statuses: { 200: 'All circuits.' },
      handler: async () => ({ status: 200, body: { circuits: await Promise.all(listCircuits().map(view)) } }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/circuits/:id',
      tag: 'Circuits',
      summary: 'A circuit',
      params,
      reply: circuitSchema,
      statuses: { 200: 'The circuit.' },
      handler: async ({ params: { id } }) => ({ status: 200, body: await view(inPath(id)) }),
    }),
    jsonRoute({
      method: 'get',
      path: '/v1/circuits/:id/verification-key',
      tag: 'Circuits',
      summary: 'Its verification key',
      params,
      query,
      reply: verificationKeySchema,
      statuses: { 200: "snarkjs's verification_key.json." },
      handler: async ({ params: { id }, query: { keyHash } }) => {
        const { verificationKey } = await find(id, keyHash);
        return { status: 200, body: { ...verificationKey } };
      },
    }),
    streamRoute({
      method: 'get',
      path: '/v1/circuits/:id/verifier.sol',
      tag: 'Circuits',
      summary: 'Its Solidity verifier, as snarkjs generates it',
      params,
      query,
      replies: { 200: { description: 'Solidity source.', mediaType: 'text/plain' } },
      handler: async ({ params: { id }, query: { keyHash } }, response) => {
        const { solidity } = await find(id, keyHash);
        response.type('text/plain').send(solidity);
      },
    }),
  ];
}

function inPath(id: string): CircuitInfo {
  try {
    return getCircuit(id);
  } catch (error) {
    if (!(error instanceof UnknownCircuitError)) throw error;
    throw new Problem('NOT_FOUND', `no circuit ${id}`);
  }
}
