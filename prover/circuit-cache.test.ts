// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CircuitCache, type CircuitForm } from './circuit-cache.ts';
import type { CircuitFiles } from './engine.ts';

/** A circuit whose key has as many bytes as its name has letters. */
interface Held {
  readonly circuit: string;
}

/** Loads when it is told to, or ends with the signal, and keeps count. */
class Form implements CircuitForm<Held> {
  readonly started: string[] = [];
  readonly ended: string[] = [];
  readonly released: string[] = [];
  finish: () => void = () => undefined;

  async load({ circuit }: CircuitFiles, signal: AbortSignal, makeRoom: (bytes: number) => void): Promise<Held> {
    this.started.push(circuit);
    makeRoom(circuit.length);
    await new Promise<void>((resolve, reject) => {
      this.finish = resolve;
      signal.addEventListener('abort', () => {
        this.ended.push(circuit);
        reject(signal.reason as Error);
      });
    });
    return { circuit };
  }
  bytesOf({ circuit }: Held): number {
    return circuit.length;
  }
  release({ circuit }: Held): void {
    this.released.push(circuit);
  }
}

const files = (circuit: string): CircuitFiles => ({
  circuit,
  wasmPath: '',
  wasmHash: '0x00',
  zkeyPath: '',
  zkeyHash: `0x${Buffer.from(circuit).toString('hex')}`,
});

async function load(cache: CircuitCache<Held>, form: Form, circuit: string): Promise<Held> {
  const loading = cache.get(files(circuit));
  form.finish();
  return loading;
}

test('loads a circuit once for all who ask while it is loading, and for those who ask later', async () => {
  const form = new Form();
  const cache = new CircuitCache(form, 100);
  const asked = [cache.get(files('a')), cache.get(files('a'), new AbortController().signal)];
  form.finish();
  const [first, second] = await Promise.all(asked);
  assert.equal(first, second);
  assert.equal(await cache.get(files('a')), first);
  assert.deepEqual(form.started, ['a']);
});

test('goes on loading for one when another does not want to wait any more', async () => {
  const form = new Form();
  const cache = new CircuitCache(form, 100);
  const impatient = new AbortController();
  const left = cache.get(files('a'), impatient.signal);
  const stayed = cache.get(files('a'));
  impatient.abort(new Error('enough'));
  await assert.rejects(left, /enough/);
  form.finish();
  assert.deepEqual(await stayed, { circuit: 'a' });
});

test('ends a load that nobody waits for, and loads anew for who asks next', async () => {
  const form = new Form();
  const cache = new CircuitCache(form, 100);
  const impatient = new AbortController();
  const left = cache.get(files('a'), impatient.signal);
  impatient.abort(new Error('enough'));
  await assert.rejects(left, /enough/);
  assert.deepEqual(form.ended, ['a']);
  assert.deepEqual(await load(cache, form, 'a'), { circuit: 'a' });
  assert.deepEqual(form.started, ['a', 'a']);
  assert.equal(cache.bytes, 1);
});

test('loads anew after a load that failed', async () => {
  let loads = 0;
  const failing: CircuitForm<Held> = {
    load: () => Promise.reject(new Error(`failure ${++loads}`)),
    bytesOf: () => 0,
    release: () => undefined,
  };
  const cache = new CircuitCache(failing, 100);
  await assert.rejects(cache.get(files('a')), /failure 1/);
  await assert.rejects(cache.get(files('a')), /failure 2/);
});

test('forgets what was used longest ago, before a key is loaded that does not fit beside it', async () => {
  const form = new Form();
  const cache = new CircuitCache(form, 5);
  await load(cache, form, 'a');
  await load(cache, form, 'bb');
  await cache.get(files('a'));
  const loading = cache.get(files('ccc'));
  assert.deepEqual(form.released, ['bb']);
  form.finish();
  await loading;
  assert.equal(cache.bytes, 4);
  await load(cache, form, 'too large');
  assert.deepEqual(form.released, ['bb', 'a', 'ccc']);
  assert.equal(cache.bytes, 9);
});

test('closing ends what is loading, releases everything once, and refuses what comes later', async () => {
  const form = new Form();
  const cache = new CircuitCache(form, 100);
  await load(cache, form, 'a');
  const loading = cache.get(files('b'));
  const [, outcome] = await Promise.allSettled([cache.close(), loading]);
  assert.equal(outcome.status, 'rejected');
  assert.equal((outcome.reason as { code: string }).code, 'PROVING_CANCELLED');
  assert.deepEqual(form.released, ['a']);
  assert.equal(cache.bytes, 0);
  await assert.rejects(cache.get(files('a')), { code: 'PROVING_CANCELLED' });
});

test('closing releases what its form finished although it was told to end', async () => {
  const form = new Form();
  const deaf: CircuitForm<Held> = {
    load: (wanted, _, makeRoom) => form.load(wanted, new AbortController().signal, makeRoom),
    bytesOf: (circuit) => form.bytesOf(circuit),
    release: (circuit) => form.release(circuit),
  };
  const cache = new CircuitCache(deaf, 100);
  const loading = assert.rejects(cache.get(files('a')), { code: 'PROVING_CANCELLED' });
  const closing = cache.close();
  form.finish();
  await closing;
  await loading;
  assert.deepEqual(form.released, ['a']);
});
