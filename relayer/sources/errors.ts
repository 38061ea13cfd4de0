// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/** Too few nodes gave a usable answer. */
export class SourceUnavailableError extends PhalanxError {
  readonly code = 'SOURCE_UNAVAILABLE';
  readonly retryable = true;
}

/** Nodes of one chain contradict each other about a finalised block, and no answer has enough of them. */
export class SourceDisagreementError extends PhalanxError {
  readonly code = 'SOURCE_DISAGREEMENT';
  readonly retryable = true;
}

/** The node serves another chain than the configured one. */
export class SourceMismatchError extends PhalanxError {
  readonly code = 'SOURCE_MISMATCH';
  readonly retryable = false;
}

/** A node's answer is no block header, or its hash is not the hash of its header. */
export class HeaderError extends PhalanxError {
  readonly code = 'HEADER';
  readonly retryable = true;
}
