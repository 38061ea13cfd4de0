// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/**
 * The vote would contradict one that this key has cast, or could, for all that is still recorded. It was not signed.
 */
export class SlashableVoteError extends PhalanxError {
  readonly code = 'SLASHABLE_VOTE';
  readonly retryable = false;
}

/** There is no slashing-protection record for a key that may have voted before. */
export class RecordMissingError extends PhalanxError {
  readonly code = 'RECORD_MISSING';
  readonly retryable = false;
}

/** The slashing-protection record is damaged, of another key, or could not be written: nothing is signed. */
export class RecordError extends PhalanxError {
  readonly code = 'RECORD';
  readonly retryable = false;
}

/** Another process holds the slashing-protection record. */
export class RecordLockedError extends PhalanxError {
  readonly code = 'RECORD_LOCKED';
  readonly retryable = false;
}

/** What the API gave as a quorum is none, or contradicts the source chain. */
export class QuorumRefusedError extends PhalanxError {
  readonly code = 'QUORUM_REFUSED';
  readonly retryable = true;
}
