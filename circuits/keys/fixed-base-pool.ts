// SPDX-License-Identifier: GPL-3.0-or-later
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { FIELD_BYTES, POINT_BYTES, type Bn254Code, type Group } from './bn254-wasm.ts';
import { FixedBase, WINDOW_BITS } from './fixed-base.ts';
import type { GeneratorMultiplier } from './generator-multiplier.ts';
import type { WorkerAnswer, WorkerRequest } from './fixed-base-worker.ts';

/** Scalars in one message to a thread: long enough to amortise it, short enough to share the work evenly. */
const CHUNK = 4096;

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;
type Job = Unnumbered<WorkerRequest>;
interface Pending {
  resolve(): void;
  reject(error: Error): void;
}

/** Threads that multiply the generators in WebAssembly. The tables serve every key made while the pool is open. */
export class FixedBasePool implements GeneratorMultiplier {
  private readonly tables = new Map<Group, Promise<void>>();

  private constructor(private readonly threads: readonly PoolThread[]) {}

  /** @param threadCount defaults to every core */
  static open(code: Bn254Code, threadCount: number = availableParallelism()): FixedBasePool {
    return new FixedBasePool(Array.from({ length: Math.max(1, threadCount) }, () => new PoolThread(code)));
  }

  /** Starts building both tables, each on a thread of its own. */
  warm(): void {
    for (const group of ['g1', 'g2'] as const) this.table(group).catch(() => undefined);
  }

  async multiply(group: Group, scalars: Uint8Array<SharedArrayBuffer>): Promise<Uint8Array> {
    await this.table(group);
    const size = POINT_BYTES[group].affine;
    const count = scalars.length / FIELD_BYTES;
    const points = new Uint8Array(new SharedArrayBuffer(count * size));
    let next = 0;
    await Promise.all(
      this.threads.map(async (thread) => {
        while (next < count) {
          const start = next;
          const end = (next = Math.min(count, start + CHUNK));
          await thread.run({
            kind: 'multiply',
            group,
            scalars: scalars.subarray(start * FIELD_BYTES, end * FIELD_BYTES),
            points: points.subarray(start * size, end * size),
          });
        }
      }),
    );
    return points;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.tables.values());
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  private table(group: Group): Promise<void> {
    const known = this.tables.get(group);
    if (known) return known;
    const made = this.makeTable(group);
    this.tables.set(group, made);
    return made;
  }

  private async makeTable(group: Group): Promise<void> {
    const table = new SharedArrayBuffer(FixedBase.tableBytes(group, WINDOW_BITS[group]));
    const [first, ...others] = group === 'g1' ? this.threads : [...this.threads].reverse();
    await first?.run({ kind: 'build', group, table });
    await Promise.all(others.map((thread) => thread.run({ kind: 'load', group, table })));
  }
}

class PoolThread {
  private readonly worker: Worker;
  private readonly pending = new Map<number, Pending>();
  private failure: Error | undefined;
  private lastId = 0;

  constructor(code: Bn254Code) {
    this.worker = new Worker(new URL('./fixed-base-thread.mjs', import.meta.url), { workerData: code, execArgv: [] });
    this.worker.on('message', (answer: WorkerAnswer) => {
      const pending = this.pending.get(answer.id);
      this.pending.delete(answer.id);
      if (answer.error === undefined) pending?.resolve();
      else pending?.reject(new Error(answer.error));
    });
    this.worker.on('error', (error: Error) => this.fail(error));
    this.worker.on('exit', (code) => this.fail(new Error(`thread ended with code ${code}`)));
  }

  run(job: Job): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      const id = ++this.lastId;
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ ...job, id });
    });
  }

  async close(): Promise<void> {
    if (!this.failure) await this.run({ kind: 'wipe' }).catch(() => undefined);
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
  }
}
