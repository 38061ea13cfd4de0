// SPDX-License-Identifier: GPL-3.0-or-later
import type { WasmCurve } from 'ffjavascript';
import * as snarkjs from 'snarkjs';

let active = 0;
let curve: Promise<WasmCurve> | undefined;

/** Use of snarkjs from now until `close`. */
export interface SnarkjsSession {
  readonly library: typeof snarkjs;
  close(): Promise<void>;
}

/**
 * Open snarkjs's curve for use, and end with `close` its threads, which would keep the process alive. Sessions may
 * overlap: they share one curve, opened first, because snarkjs would open one for each call and lose all but the last.
 * A curve that somebody else has open is left to them.
 */
export async function openSnarkjs(): Promise<SnarkjsSession> {
  active++;
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    if (--active > 0 || curve === undefined) return;
    const opened = await curve;
    // Another session may have begun meanwhile; its end is then the one that counts.
    if (active > 0 || curve === undefined) return;
    curve = undefined;
    await opened.terminate();
  };
  try {
    if (curve !== undefined || !curveIsOpen()) await (curve ??= snarkjs.curves.getCurveFromName('bn128'));
    return { library: snarkjs, close };
  } catch (error) {
    curve = undefined;
    await close();
    throw error;
  }
}

/** Run `work` with snarkjs in a session of its own. */
export async function withSnarkjs<T>(work: (library: typeof snarkjs) => Promise<T>): Promise<T> {
  const session = await openSnarkjs();
  try {
    return await work(session.library);
  } finally {
    await session.close();
  }
}

/** ffjavascript keeps its one multi-threaded curve here. */
function curveIsOpen(): boolean {
  return Boolean((globalThis as { curve_bn128?: unknown }).curve_bn128);
}
