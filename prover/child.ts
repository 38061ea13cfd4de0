// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * The proving process. Its worker starts it with the engine that it wants, as JSON, for its only argument, hands it one
 * task at a time and kills it when a task must end. It knows no Redis, no configuration and no secret but the witness
 * in its memory.
 */
import { PhalanxError } from '../protocol/errors.ts';
import type { ChildMessage, ProveRequest } from './child-messages.ts';
import type { ProvingEngine } from './engine.ts';
import { selectEngine, type EngineOptions } from './select-engine.ts';

// The worker is gone, so nobody takes the proof: a restarted worker begins it anew. An exit would wait for native work.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
// A terminal's interrupt reaches the whole group; the worker decides what becomes of the task.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);

const { engine: choice, ...native } = JSON.parse(process.argv[2] ?? '{}') as EngineOptions;
const engine = open();
const neverAborted = new AbortController().signal;

process.on('message', (request: ProveRequest) => void prove(request));
send({ type: 'ready', engine: engine.info });

function open(): ProvingEngine {
  try {
    return selectEngine(choice, native);
  } catch (error) {
    send({ type: 'unavailable', message: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

async function prove({ task, files, input }: ProveRequest): Promise<void> {
  try {
    const proof = await engine.prove(
      files,
      { input },
      (phase, fraction) => send({ type: 'progress', task, phase, fraction }),
      neverAborted,
    );
    send({ type: 'proved', task, proof, memoryBytes: engine.memoryBytes() });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const known = error instanceof PhalanxError ? error : { code: 'INTERNAL', retryable: true };
    send({ type: 'failed', task, code: known.code, message, retryable: known.retryable });
  }
}

function send(message: ChildMessage): void {
  // Without a worker the process ends in a moment by itself.
  process.send?.(message, undefined, undefined, () => undefined);
}
