// SPDX-License-Identifier: GPL-3.0-or-later
import { calculateWitness } from '../circuits/witness.ts';
import type { CircuitCache } from './circuit-cache.ts';
import type { CircuitFiles, EngineProgress, ProvingTask } from './engine.ts';

/**
 * What comes before a proof in every engine: its circuit is loaded and its witness there.
 * @throws WitnessError; what loading throws; `signal.reason`
 */
export async function prepareProof<Circuit extends { readonly program: WebAssembly.Module }>(
  circuits: CircuitCache<Circuit>,
  files: CircuitFiles,
  task: ProvingTask,
  onProgress: EngineProgress,
  signal: AbortSignal,
): Promise<{ readonly circuit: Circuit; readonly wtns: Uint8Array }> {
  onProgress('witness', 0);
  const circuit = await circuits.get(files, signal);
  const wtns = 'witness' in task ? task.witness : await calculateWitness(circuit.program, task.input);
  signal.throwIfAborted();
  onProgress('prove', 0);
  return { circuit, wtns };
}
