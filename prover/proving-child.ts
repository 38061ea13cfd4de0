// SPDX-License-Identifier: GPL-3.0-or-later
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { CircuitInput } from '../circuits/statement-kind.ts';
import { PhalanxError } from '../protocol/errors.ts';
import type { ChildMessage, ProveRequest } from './child-messages.ts';
import type { CircuitFiles, EngineInfo, EngineProgress, RawProof } from './engine.ts';
import { ChildDiedError, EngineUnavailableError, ProvingTimeoutError } from './errors.ts';
import type { EngineOptions } from './select-engine.ts';

const PROGRAM = path.join(import.meta.dirname, 'child.ts');

/** How much of a dead process's last words goes into the error. */
const LAST_WORDS = 500;

/** An error that crossed from the proving process. */
class RemoteProvingError extends PhalanxError {
  constructor(
    readonly code: string,
    readonly retryable: boolean,
    message: string,
  ) {
    super(message);
  }
}

interface Running {
  readonly process: ChildProcess;
  readonly ready: Promise<EngineInfo>;
  readonly died: Promise<never>;
}

/**
 * One proving process, started when it is needed and again after it has ended. It keeps its keys between proofs; a
 * proof that takes too long, or that nobody wants any more, ends with the process.
 */
export class ProvingChild {
  #running: Running | undefined;
  #task = 0;
  #memoryBytes = 0;
  readonly #dying = new Set<Promise<void>>();

  constructor(private readonly engine: EngineOptions) {}

  /** Process id while it runs. */
  get pid(): number | undefined {
    return this.#running?.process.pid;
  }

  /** What its engine said, after the last proof, that its keys and buffers take. */
  get memoryBytes(): number {
    return this.#running ? this.#memoryBytes : 0;
  }

  /** Start it, if it does not run. @throws EngineUnavailableError, ChildDiedError */
  async start(): Promise<EngineInfo> {
    const running = (this.#running ??= this.#spawn());
    return await Promise.race([running.ready, running.died]);
  }

  /**
   * One proof at a time.
   * @throws WitnessError's and KeyMismatchError's codes as they come; ChildDiedError; ProvingTimeoutError;
   * `signal.reason`
   */
  async prove(
    request: { readonly files: CircuitFiles; readonly input: CircuitInput },
    limits: { readonly timeoutMs: number; readonly signal: AbortSignal; readonly onProgress: EngineProgress },
  ): Promise<RawProof> {
    limits.signal.throwIfAborted();
    const running = (this.#running ??= this.#spawn());
    const task = ++this.#task;
    const end = new AbortController();
    try {
      return await Promise.race([
        running.died,
        cutShort(limits, end.signal),
        running.ready.then(() => this.#exchange(running.process, { task, ...request }, limits.onProgress, end.signal)),
      ]);
    } catch (error) {
      // Its answer is the only proof that it is done: without one it may still compute.
      if (!(error instanceof RemoteProvingError)) this.#kill(running);
      throw error;
    } finally {
      end.abort();
    }
  }

  /** Kill it and wait for its end, and for that of those killed before. */
  async stop(): Promise<void> {
    if (this.#running) this.#kill(this.#running);
    await Promise.all(this.#dying);
  }

  #kill(running: Running): void {
    if (this.#running === running) this.#running = undefined;
    if (running.process.exitCode !== null || running.process.signalCode !== null) return;
    const dying: Promise<void> = running.died.catch(() => void this.#dying.delete(dying));
    this.#dying.add(dying);
    running.process.kill('SIGKILL');
  }

  #spawn(): Running {
    const child = fork(PROGRAM, [JSON.stringify(this.engine)], {
      // It needs the loader for TypeScript whatever this process was started with, and none of this one's environment.
      execArgv: ['--import', import.meta.resolve('tsx')],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-LAST_WORDS)));
    const died = new Promise<never>((_, reject) => {
      const end = (error: Error): void => {
        if (this.#running?.process === child) this.#running = undefined;
        reject(error);
      };
      child.once('error', (cause) => end(new ChildDiedError('the proving process cannot be started', {}, cause)));
      child.once('exit', (code, signal) => {
        const how = `the proving process ended (${signal ?? `exit ${code}`})`;
        end(new ChildDiedError(`${how} ${words.trim()}`.trim()));
      });
    });
    died.catch(() => undefined);
    const ready = new Promise<EngineInfo>((resolve, reject) => {
      child.once('message', (message: ChildMessage) => {
        if (message.type === 'ready') resolve(message.engine);
        else if (message.type === 'unavailable') reject(new EngineUnavailableError(message.message));
      });
    });
    ready.catch(() => undefined);
    return { process: child, ready, died };
  }

  #exchange(
    child: ChildProcess,
    request: ProveRequest,
    onProgress: EngineProgress,
    end: AbortSignal,
  ): Promise<RawProof> {
    return new Promise((resolve, reject) => {
      const listen = (message: ChildMessage): void => {
        if (message.type === 'ready' || message.type === 'unavailable' || message.task !== request.task) return;
        if (message.type === 'progress') onProgress(message.phase, message.fraction);
        else if (message.type === 'proved') {
          this.#memoryBytes = message.memoryBytes;
          resolve(message.proof);
        } else reject(new RemoteProvingError(message.code, message.retryable, message.message));
      };
      child.on('message', listen);
      end.addEventListener('abort', () => child.off('message', listen), { once: true });
      // A failure to send shows as the process's end.
      child.send(request, () => undefined);
    });
  }
}

/** Rejects at the time limit or when the proof is not wanted any more. */
function cutShort(
  limits: { readonly timeoutMs: number; readonly signal: AbortSignal },
  end: AbortSignal,
): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(
      () => reject(new ProvingTimeoutError(`no proof within ${limits.timeoutMs} ms`, { timeoutMs: limits.timeoutMs })),
      limits.timeoutMs,
    );
    const abort = (): void => reject(limits.signal.reason as Error);
    limits.signal.addEventListener('abort', abort, { once: true });
    end.addEventListener('abort', () => {
      clearTimeout(timer);
      limits.signal.removeEventListener('abort', abort);
    });
  });
}
