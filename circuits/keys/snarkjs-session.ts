// SPDX-License-Identifier: GPL-3.0-or-later
import * as snarkjs from 'snarkjs';

let active = 0;
let borrowed = false;

/**
 * Run `work` with snarkjs, and end the curve threads that it leaves running, which would keep the process alive. A curve
 * that somebody else has open is left to them.
 */
export async function withSnarkjs<T>(work: (library: typeof snarkjs) => Promise<T>): Promise<T> {
  if (active++ === 0) borrowed = curveIsOpen();
  try {
    return await work(snarkjs);
  } finally {
    if (--active === 0 && !borrowed && curveIsOpen()) {
      const curve = await snarkjs.curves.getCurveFromName('bn128');
      // Another call may have begun while we waited.
      if (active === 0) await curve.terminate();
    }
  }
}

/** ffjavascript keeps its one multi-threaded curve here. */
function curveIsOpen(): boolean {
  return Boolean((globalThis as { curve_bn128?: unknown }).curve_bn128);
}
