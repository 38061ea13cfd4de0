// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/** The native engine, or the path asked for, cannot be had on this machine. */
export class NativeUnavailableError extends PhalanxError {
  readonly code = 'NATIVE_UNAVAILABLE';
  readonly retryable = false;
}
