// SPDX-License-Identifier: GPL-3.0-or-later
import type { NativeJob } from '../circuits/native/addon.ts';
import { explainNativeError } from './native-errors.ts';

/**
 * What a job of the addon comes to; it is cancelled once the signal is aborted.
 * @param circuit for errors
 * @throws `signal.reason`; the error of ours that the addon's stands for
 */
export async function finishNativeJob<T>(job: NativeJob<T>, signal: AbortSignal, circuit: string): Promise<T> {
  const cancel = (): void => job.cancel();
  signal.addEventListener('abort', cancel);
  if (signal.aborted) cancel();
  try {
    return await job.done;
  } catch (error) {
    signal.throwIfAborted();
    throw explainNativeError(error, { circuit });
  } finally {
    signal.removeEventListener('abort', cancel);
  }
}
