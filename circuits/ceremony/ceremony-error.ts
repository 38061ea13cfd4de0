// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/** A step of a ceremony cannot be done, or its transcript does not hold. The message says which check failed. */
export class CeremonyError extends PhalanxError {
  readonly code = 'CEREMONY_REFUSED';
  readonly retryable = false;
}
