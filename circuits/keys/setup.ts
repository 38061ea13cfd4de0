// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { loadArtifacts, loadManifest, type KeyArtifacts } from '../artifacts.ts';
import { COMPILER_VERSION, type CompiledCircuit } from '../compile.ts';
import { compileCircuit, getCircuit } from '../registry.ts';
import { assertConstraints } from './assert-constraints.ts';
import { bn254Code } from './bn254-code.ts';
import type { Bn254Code } from './bn254-wasm.ts';
import { describeKey, type KeyedCircuit } from './describe-key.ts';
import { DEVELOPMENT_KEY_FORMAT, makeDevelopmentKey } from './development-key.ts';
import { fileHash } from './file-hash.ts';
import type { GeneratorMultiplier } from './generator-multiplier.ts';
import { currentKeyFolder, installKey, setCurrentKey, type KeyPaths, type KeyStoreOptions } from './key-store.ts';
import { openMultiplier } from './open-multiplier.ts';
import { openSnarkjs, type SnarkjsSession } from './snarkjs-session.ts';
import { Slots } from './slots.ts';
import { SOLIDITY_COMPILER, SOLIDITY_SETTINGS, SOLIDITY_TEMPLATE } from './solidity-verifier.ts';

/** Phases of one circuit, in order; a cached step is passed over. */
export type SetupPhase = 'compile' | 'evaluate' | 'points' | 'write' | 'describe' | 'done';
export type SetupProgress = (circuit: string, phase: SetupPhase, fraction: number) => void;

export interface SetupOptions extends KeyStoreOptions {
  /** threads that make keys; default: all cores */
  readonly threads?: number;
}

/**
 * Make circuits ready to prove with: compile each and give it a development key, where there is neither yet. A key of a
 * ceremony that was installed for the same constraints stays.
 * @returns artifacts in the order of `ids`, checked
 * @throws UnknownCircuitError, CompileError, KeyError
 */
export async function setupCircuits(
  ids: readonly string[],
  onProgress: SetupProgress = () => undefined,
  options: SetupOptions = {},
): Promise<KeyArtifacts[]> {
  const maker = new DevelopmentKeyMaker(options);
  // The compiler has one thread, a key takes all: small circuits get theirs while a large one still compiles.
  const [compilers, keys] = [new Slots(2), new Slots(1)];
  try {
    const finished = await Promise.allSettled(
      ids.map(async (id) => {
        const circuit = getCircuit(id);
        const compiled = await compilers.run(() => {
          onProgress(id, 'compile', 0);
          return compileCircuit(id, options);
        });
        await assertConstraints(circuit, compiled);
        return keys.run(() => maker.setup(circuit, compiled, (phase, fraction) => onProgress(id, phase, fraction)));
      }),
    );
    return finished.map((result) => {
      if (result.status === 'rejected') throw result.reason;
      return result.value;
    });
  } finally {
    await maker.close();
  }
}

interface OpenMaker {
  readonly code: Bn254Code;
  readonly multiplier: GeneratorMultiplier;
  /** one curve of snarkjs for all keys instead of one a call */
  readonly session: SnarkjsSession;
}

/**
 * Makes development keys, one after the other, with the same threads and tables. Opens them when a key is really
 * missing.
 */
export class DevelopmentKeyMaker {
  private opened: Promise<OpenMaker> | undefined;

  constructor(private readonly options: SetupOptions = {}) {}

  /** The current key of a compiled circuit, made if need be. */
  async setup(
    circuit: KeyedCircuit,
    compiled: CompiledCircuit,
    onProgress: (phase: SetupPhase, fraction: number) => void = () => undefined,
  ): Promise<KeyArtifacts> {
    const { id } = circuit;
    const r1csHash = await fileHash(compiled.r1csPath);
    if (!(await this.hasCeremonyKey(id, r1csHash))) {
      const name = await developmentKeyName(circuit, compiled, r1csHash);
      const build = async (paths: KeyPaths): Promise<void> => {
        const { code, multiplier } = await this.open();
        await makeDevelopmentKey(compiled.r1csPath, paths.zkey, code, multiplier, { onProgress });
        onProgress('describe', 0);
        await describeKey(paths, circuit, compiled);
      };
      await setCurrentKey(id, await installKey(id, name, build, this.options), this.options);
    }
    const artifacts = await loadArtifacts(id, this.options);
    onProgress('done', 1);
    return artifacts;
  }

  async close(): Promise<void> {
    // A failure to open was told to whoever opened.
    const opened = await this.opened?.catch(() => undefined);
    this.opened = undefined;
    await opened?.multiplier.close();
    await opened?.session.close();
  }

  private open(): Promise<OpenMaker> {
    return (this.opened ??= (async () => {
      const [code, session] = await Promise.all([bn254Code(), openSnarkjs()]);
      return { code, session, multiplier: openMultiplier(code, this.options.threads) };
    })());
  }

  private async hasCeremonyKey(id: string, r1csHash: string): Promise<boolean> {
    if ((await currentKeyFolder(id, this.options)) === undefined) return false;
    const manifest = await loadManifest(id, this.options);
    return manifest.kind === 'ceremony' && manifest.r1csHash === r1csHash;
  }
}

/** Hash of everything that goes into a key's folder, except its secrets. */
async function developmentKeyName(circuit: KeyedCircuit, compiled: CompiledCircuit, r1csHash: string): Promise<string> {
  const inputs = {
    format: DEVELOPMENT_KEY_FORMAT,
    circuit: circuit.id,
    publicSignals: circuit.publicSignals,
    compiler: [COMPILER_VERSION, ...compiled.flags],
    r1csHash,
    wasmHash: await fileHash(compiled.wasmPath),
    solidity: [await fileHash(SOLIDITY_TEMPLATE), SOLIDITY_COMPILER, SOLIDITY_SETTINGS],
  };
  return `development-${createHash('sha256').update(JSON.stringify(inputs)).digest('hex').slice(0, 32)}`;
}
