// SPDX-License-Identifier: GPL-3.0-or-later
import { listCircuits } from '../../circuits/registry.ts';
import { checkPersistence } from '../../runtime/redis.ts';
import type { Services } from '../services.ts';

export interface ReadinessCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string | null;
}

/** Whether this process can do its work now: Redis is there and loses nothing, and the circuits in use have keys. */
export async function readiness({ redis, keys, sets, outbox }: Services): Promise<ReadinessCheck[]> {
  return Promise.all([
    check('redis', async () => checkPersistence(redis)),
    check('keys', async () => {
      const [newest] = await sets.list(1);
      for (const circuit of listCircuits()) {
        if (circuit.capacity === null || circuit.capacity === newest?.set.capacity) await keys.current(circuit);
      }
    }),
    check('outbox', async () => {
      const waiting = await outbox.size();
      if (waiting > OUTBOX_LIMIT) throw new Error(`${waiting} decisions wait to become statements`);
    }),
  ]);
}

/** More than this many undone decisions mean that the reconciler does not get anywhere. */
const OUTBOX_LIMIT = 100;

async function check(name: string, look: () => Promise<void>): Promise<ReadinessCheck> {
  try {
    await look();
    return { name, ok: true, detail: null };
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : 'unknown' };
  }
}
