// SPDX-License-Identifier: GPL-3.0-or-later
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { NativePath } from '../../circuits/native/addon.ts';
import type { CircuitInput } from '../../circuits/statement-kind.ts';
import type { CircuitFiles, EngineInfo } from '../../prover/engine.ts';

export interface EngineRequest {
  readonly files: CircuitFiles;
  readonly work: { readonly witnessPath: string } | { readonly input: CircuitInput };
}

export interface EngineReply {
  /** of the proof alone: the key was loaded before */
  readonly seconds: number;
  /** the process's most so far */
  readonly peakMebibytes: number;
  readonly engine: EngineInfo;
}

/** One engine in a process of its own. */
export class EngineProcess {
  readonly #child: ChildProcess;
  /** rejects when the process ends */
  readonly #ended: Promise<never>;

  /** @param path instruction set that the native engine is to use; default: the best of this machine */
  constructor(engine: 'snarkjs' | 'native', path: NativePath | 'auto' = 'auto') {
    this.#child = fork(fileURLToPath(new URL('engine-child.ts', import.meta.url)), [engine, path], {
      execArgv: ['--import', 'tsx'],
      // Inputs hold bigints.
      serialization: 'advanced',
    });
    this.#ended = once(this.#child, 'exit').then(([code]) => {
      throw new Error(`the engine's process ended with ${code}`);
    });
    this.#ended.catch(() => undefined);
  }

  /** @throws Error when the process ends */
  async prove(request: EngineRequest): Promise<EngineReply> {
    this.#child.send(request);
    const [reply] = (await Promise.race([once(this.#child, 'message'), this.#ended])) as [EngineReply];
    return reply;
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
