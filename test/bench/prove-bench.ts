// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { wtns } from 'snarkjs';
import { nativePaths } from '../../circuits/native/load.ts';
import { readR1csFile } from '../../circuits/keys/r1cs-file.ts';
import { domainSize } from '../../circuits/keys/qap.ts';
import { setupCircuits } from '../../circuits/keys/setup.ts';
import { compileCircuit, findCircuit } from '../../circuits/registry.ts';
import type { CircuitInput } from '../../circuits/statement-kind.ts';
import { buildQuorumInputs } from '../../circuits/statements/quorum/inputs.ts';
import { typicalQuorum } from '../../circuits/testing/fixtures.ts';
import { calculateWitness, compileWitnessProgram } from '../../circuits/witness.ts';
import type { CircuitFiles } from '../../prover/engine.ts';
import { EngineProcess, type EngineReply, type EngineRequest } from './engine-process.ts';
import { byTurns, seconds, type Contestant } from './measure.ts';
import { findRapidsnark, proveByRapidsnark } from './rapidsnark.ts';
import { row, type Row } from './rows.ts';

/** A quorum that is ready to be proved. */
interface Prepared {
  readonly files: CircuitFiles;
  readonly input: CircuitInput;
  /** log2 of the domain */
  readonly domain: number;
  readonly constraints: number;
}

type QuorumCircuit = 'quorum-16' | 'quorum-64' | 'quorum-128';

async function prepare(id: QuorumCircuit): Promise<Prepared> {
  const { circuit } = findCircuit(id);
  const [artifacts] = await setupCircuits([id]);
  if (artifacts === undefined) throw new Error(`no key of ${id}`);
  const { manifest, paths } = artifacts;
  const r1cs = await readR1csFile((await compileCircuit(id)).r1csPath);
  const capacity = circuit.capacity as 16 | 64 | 128;
  return {
    files: {
      circuit: id,
      wasmPath: paths.wasm,
      wasmHash: manifest.wasmHash,
      zkeyPath: paths.zkey,
      zkeyHash: manifest.zkeyHash,
    },
    input: buildQuorumInputs(circuit, typicalQuorum(capacity)),
    domain: Math.log2(domainSize(r1cs)),
    constraints: manifest.constraints,
  };
}

/** Proofs of one circuit, witness given and key loaded, by every prover that is here. */
export async function proofRows(
  id: QuorumCircuit,
  rounds: { readonly ours: number; readonly peers: number },
): Promise<Row[]> {
  const { files, input, domain, constraints } = await prepare(id);
  const folder = mkdtempSync(join(tmpdir(), 'phalanx-bench-'));
  const native = new EngineProcess('native');
  const scalar = nativePaths().includes('adx') ? new EngineProcess('native', 'adx') : undefined;
  const snarkjs = new EngineProcess('snarkjs');
  try {
    const witnessPath = join(folder, 'witness.wtns');
    writeFileSync(witnessPath, await calculateWitness(files.wasmPath, input));
    const request: EngineRequest = { files, work: { witnessPath } };
    const rapidsnark = findRapidsnark();
    const replies = new Map<EngineProcess, EngineReply>();
    const proving = (engine: EngineProcess, times: number): Contestant => ({
      rounds: times,
      measure: async () => {
        const reply = await engine.prove(request);
        replies.set(engine, reply);
        return reply.seconds;
      },
    });
    // Keys are loaded and code is compiled before anything counts.
    for (const engine of [native, scalar, snarkjs]) await engine?.prove(request);
    const took = await byTurns({
      native: proving(native, rounds.ours),
      ...(scalar === undefined ? {} : { scalar: proving(scalar, rounds.ours) }),
      snarkjs: proving(snarkjs, rounds.peers),
      ...(rapidsnark === undefined
        ? {}
        : {
            rapidsnark: {
              rounds: rounds.ours,
              measure: () => seconds(() => proveByRapidsnark(rapidsnark, files.zkeyPath, witnessPath, folder)),
            },
          }),
    });
    const name = (what: string): string => `${what}, domain 2^${domain} (${constraints} constraints)`;
    const milliseconds = (value: number | undefined): number | undefined =>
      value === undefined ? undefined : 1000 * value;
    const against = (what: string, ours: number | undefined, peers: readonly ('snarkjs' | 'rapidsnark')[]): Row[] =>
      peers.flatMap((peer) =>
        took[peer] === undefined || ours === undefined
          ? []
          : [row(name(what), 'ms', 1000 * ours, peer, milliseconds(took[peer]))],
      );
    return [
      ...against('prove', took.native, ['snarkjs', 'rapidsnark']),
      ...against('prove, scalar path', took.scalar, ['snarkjs', 'rapidsnark']),
      row(
        name('peak memory'),
        'MiB',
        replies.get(native)?.peakMebibytes ?? NaN,
        'snarkjs',
        replies.get(snarkjs)?.peakMebibytes,
      ),
    ];
  } finally {
    for (const engine of [native, scalar, snarkjs]) engine?.close();
    rmSync(folder, { recursive: true });
  }
}

/** A whole proof from inputs, witness generation included, key loaded; then the witness alone, in this process. */
export async function wholeProofRows(
  id: QuorumCircuit,
  rounds: { readonly ours: number; readonly peers: number },
): Promise<Row[]> {
  const { files, input, constraints } = await prepare(id);
  const native = new EngineProcess('native');
  const snarkjs = new EngineProcess('snarkjs');
  try {
    const request: EngineRequest = { files, work: { input } };
    for (const engine of [native, snarkjs]) await engine.prove(request);
    const proving = (engine: EngineProcess, times: number): Contestant => ({
      rounds: times,
      measure: async () => (await engine.prove(request)).seconds,
    });
    const took = await byTurns({ native: proving(native, rounds.ours), snarkjs: proving(snarkjs, rounds.peers) });
    const program = await compileWitnessProgram(await readFile(files.wasmPath));
    const witness = await byTurns({
      ours: { rounds: rounds.ours, measure: () => seconds(() => calculateWitness(program, input)) },
      snarkjs: {
        rounds: rounds.peers,
        measure: () => seconds(() => wtns.calculate(input, files.wasmPath, { type: 'mem' })),
      },
    });
    const name = (what: string): string => `${id} ${what} (${constraints} constraints)`;
    return [
      row(name('from inputs'), 's', took.native ?? NaN, 'snarkjs', took.snarkjs),
      row(name('witness alone'), 's', witness.ours ?? NaN, 'snarkjs', witness.snarkjs),
    ];
  } finally {
    native.close();
    snarkjs.close();
  }
}
