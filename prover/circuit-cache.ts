// SPDX-License-Identifier: GPL-3.0-or-later
import type { CircuitFiles } from './engine.ts';
import { ProvingCancelledError } from './errors.ts';

/** How an engine keeps a circuit in memory. */
export interface CircuitForm<T> {
  /**
   * @param signal ends it early, with its reason
   * @param makeRoom to be told how many bytes the proving key will take, before it takes them
   */
  load(files: CircuitFiles, signal: AbortSignal, makeRoom: (bytes: number) => void): Promise<T>;
  /** of the proving key */
  bytesOf(circuit: T): number;
  /** Free what the garbage collector does not. */
  release(circuit: T): void;
}

interface Loading<T> {
  readonly circuit: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Circuits as an engine proves them: those asked for last, up to a number of bytes, and one of any size. */
export class CircuitCache<T> {
  readonly #loaded = new Map<string, T>();
  /** what one may still wait for */
  readonly #loading = new Map<string, Loading<T>>();
  readonly #unfinished = new Set<Promise<unknown>>();
  #closed = false;

  /** @param maxBytes of proving keys */
  constructor(
    private readonly form: CircuitForm<T>,
    private readonly maxBytes: number,
  ) {}

  /** of proving keys */
  get bytes(): number {
    return [...this.#loaded.values()].reduce((sum, circuit) => sum + this.form.bytesOf(circuit), 0);
  }

  /**
   * Load a circuit, or find it loaded. Who asks while it is loading waits for the same load, which ends early once
   * nobody waits any more.
   * @throws what the form's `load` throws; `signal.reason`; ProvingCancelledError once closed
   */
  async get(files: CircuitFiles, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#closed) throw closedError(files.circuit);
    const name = `${files.wasmHash} ${files.zkeyHash}`;
    const circuit = this.#loaded.get(name);
    if (circuit === undefined) return this.#wait(name, this.#loading.get(name) ?? this.#start(name, files), signal);
    // A Map keeps the order of insertion: the last one stands at the end.
    this.#loaded.delete(name);
    this.#loaded.set(name, circuit);
    return circuit;
  }

  /** End what is loading, wait for that, and release everything. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const { controller } of this.#loading.values()) controller.abort(closedError());
    this.#loading.clear();
    await Promise.all(this.#unfinished);
    for (const circuit of this.#loaded.values()) this.form.release(circuit);
    this.#loaded.clear();
  }

  #start(name: string, files: CircuitFiles): Loading<T> {
    const controller = new AbortController();
    const loading: Loading<T> = { circuit: this.#load(name, files, controller.signal), controller, waiting: 0 };
    this.#loading.set(name, loading);
    const over = loading.circuit.then(
      () => undefined,
      () => undefined,
    );
    this.#unfinished.add(over);
    void over.then(() => {
      this.#unfinished.delete(over);
      if (this.#loading.get(name) === loading) this.#loading.delete(name);
    });
    return loading;
  }

  async #load(name: string, files: CircuitFiles, signal: AbortSignal): Promise<T> {
    const circuit = await this.form.load(files, signal, (bytes) => this.#makeRoom(bytes, 0));
    if (signal.aborted) {
      this.form.release(circuit);
      signal.throwIfAborted();
    }
    this.#loaded.set(name, circuit);
    this.#makeRoom(0, 1);
    return circuit;
  }

  async #wait(name: string, loading: Loading<T>, signal?: AbortSignal): Promise<T> {
    loading.waiting++;
    const over = new AbortController();
    try {
      return await (signal ? Promise.race([loading.circuit, aborted(signal, over.signal)]) : loading.circuit);
    } finally {
      over.abort();
      // After its end an abort means nothing.
      if (--loading.waiting === 0) {
        if (this.#loading.get(name) === loading) this.#loading.delete(name);
        loading.controller.abort(signal?.reason);
      }
    }
  }

  /** Release the circuits used longest ago until `bytes` more fit, but keep the last `keep`. */
  #makeRoom(bytes: number, keep: number): void {
    for (const [name, circuit] of this.#loaded) {
      if (this.bytes + bytes <= this.maxBytes || this.#loaded.size <= keep) return;
      this.#loaded.delete(name);
      this.form.release(circuit);
    }
  }
}

function closedError(circuit?: string): ProvingCancelledError {
  return new ProvingCancelledError('the engine is closed', circuit === undefined ? {} : { circuit });
}

/** Rejects with the signal's reason, unless `over` comes first. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: over });
  });
}
