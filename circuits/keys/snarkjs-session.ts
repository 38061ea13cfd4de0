// SPDX-License-Identifier: GPL-3.0-or-later
import type { WasmCurve } from 'ffjavascript';
import * as snarkjs from 'snarkjs';

let active = 0;
let curve: Promise<WasmCurve> | undefined;

/**
 * Run `work` with snarkjs, and end the curve threads that it leaves running, which would keep the process alive. Calls may
 * overlap: they share one curve, opened first, because snarkjs would open one for each and lose all but the last. A curve
 * that somebody else has open is left to them.
 */
export async function withSnarkjs<T>(work: (library: typeof snarkjs) => Promise<T>): Promise<T> {
  active++;
  try {
    if (curve !== undefined || !curveIsOpen()) await (curve ??= snarkjs.curves.getCurveFromName('bn128'));
    return await work(snarkjs);
  } finally {
    if (--active === 0 && curve !== undefined) {
      const opened = await curve;
      // Another call may have begun meanwhile; its end is then the one that counts.
      if (active === 0 && curve !== undefined) {
        curve = undefined;
        await opened.terminate();
      }
    }
  }
}

/** ffjavascript keeps its one multi-threaded curve here. */
function curveIsOpen(): boolean {
  return Boolean((globalThis as { curve_bn128?: unknown }).curve_bn128);
}
