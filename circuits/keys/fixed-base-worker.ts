// SPDX-License-Identifier: GPL-3.0-or-later
import { parentPort, workerData } from 'node:worker_threads';
import type { Bn254Code, Group } from './bn254-wasm.ts';
import { BATCH, FixedBase, WINDOW_BITS } from './fixed-base.ts';

/** What a thread of the pool is asked; each is answered by a `WorkerAnswer` of the same id. */
export type WorkerRequest = { readonly id: number } & (
  | { readonly kind: 'build'; readonly group: Group; readonly table: SharedArrayBuffer }
  | { readonly kind: 'load'; readonly group: Group; readonly table: SharedArrayBuffer }
  | {
      readonly kind: 'multiply';
      readonly group: Group;
      /** 32 bytes each, little-endian, below r */
      readonly scalars: Uint8Array;
      /** as many affine points */
      readonly points: Uint8Array;
    }
  | { readonly kind: 'wipe' }
);
export interface WorkerAnswer {
  readonly id: number;
  readonly error?: string;
}

const bases = new Map<Group, FixedBase>();
const code = workerData as Bn254Code;

async function answer(request: WorkerRequest): Promise<void> {
  switch (request.kind) {
    case 'build':
    case 'load': {
      const base = await FixedBase.create(code, request.group, WINDOW_BITS[request.group]);
      if (request.kind === 'load') base.load(new Uint8Array(request.table));
      else new Uint8Array(request.table).set(base.build(code.generator[request.group]));
      bases.set(request.group, base);
      return;
    }
    case 'multiply': {
      const base = bases.get(request.group);
      if (!base) throw new Error(`no table for ${request.group}`);
      const { scalars, points } = request;
      const count = scalars.length / 32;
      const pointBytes = points.length / count;
      for (let start = 0; start < count; start += BATCH) {
        const end = Math.min(count, start + BATCH);
        points.set(base.multiply(scalars.subarray(start * 32, end * 32)), start * pointBytes);
      }
      return;
    }
    case 'wipe':
      for (const base of bases.values()) base.wipe();
      bases.clear();
  }
}

parentPort?.on('message', (request: WorkerRequest) => {
  answer(request).then(
    () => parentPort?.postMessage({ id: request.id } satisfies WorkerAnswer),
    (error: unknown) => parentPort?.postMessage({ id: request.id, error: String(error) } satisfies WorkerAnswer),
  );
});
