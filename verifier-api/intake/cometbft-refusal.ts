// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../../protocol/errors.ts';
import { CometBftRefusal, type RefusalReason } from '../../protocol/cometbft/refusal.ts';
import type { ProblemCode } from '../http/problem-catalog.ts';
import { Problem } from '../http/problem.ts';

const HEADER = 'commit.result.signed_header.header';
const COMMIT = 'commit.result.signed_header.commit';

/** The request's field that a refusal is about. */
const FIELDS: Partial<Record<RefusalReason, string>> = {
  CHAIN_ID: `${HEADER}.chain_id`,
  REVISION: `${HEADER}.chain_id`,
  TIME_IN_FUTURE: `${HEADER}.time`,
  NEXT_VALIDATORS_HASH: `${HEADER}.validators_hash`,
  HEADER_HASH: `${COMMIT}.block_id.hash`,
  COMMIT_HEIGHT: `${COMMIT}.height`,
  COMMIT_SIZE: `${COMMIT}.signatures`,
  SIGNER_ADDRESS: `${COMMIT}.signatures`,
  SIGNER_UNKNOWN: `${COMMIT}.signatures`,
  SIGNATURE: `${COMMIT}.signatures`,
  POWER_INSUFFICIENT: `${COMMIT}.signatures`,
  TRUSTED_POWER_INSUFFICIENT: `${COMMIT}.signatures`,
  POWER_EXCESSIVE: 'validators',
  VALIDATOR_REPEATED: 'validators',
  VALIDATOR_ADDRESS: 'validators',
  VALIDATORS_HASH: 'validators',
  TRUSTED_VALIDATORS_HASH: 'trustedValidators',
  TRUSTED_STATE_UNKNOWN: 'trustedHeight',
  TRUSTED_STATE_EXPIRED: 'trustedHeight',
  HEIGHT_NOT_ABOVE_TRUSTED: 'trustedHeight',
};

/** Where evidence itself is at fault. */
const VOTE_FIELDS: typeof FIELDS = {
  VOTE_STEP: 'evidence.value',
  VOTE_VALIDATOR: 'evidence.value',
  VOTE_BLOCK_ID: 'evidence.value',
  SIGNATURE: 'evidence.value',
};

/** What the light client has against a header, as a problem that names the field; anything else as it is. */
export function headerProblem(error: unknown): unknown {
  return refusalProblem(error, 'HEADER_REFUSED', FIELDS);
}

/** The same of a duplicate vote and the header beside it. */
export function evidenceProblem(error: unknown): unknown {
  return refusalProblem(error, 'EVIDENCE_REFUSED', { ...FIELDS, ...VOTE_FIELDS });
}

function refusalProblem(error: unknown, code: ProblemCode, fields: typeof FIELDS): unknown {
  if (error instanceof InvalidFieldError) {
    const { field, bound } = error;
    const options = { errors: [{ field, code: 'INVALID_FIELD', bound }], cause: error } as const;
    return new Problem('INVALID_FIELD', error.message, options);
  }
  if (!(error instanceof CometBftRefusal)) return error;
  const field = fields[error.reason];
  return new Problem(code, error.message, {
    ...(field === undefined ? {} : { errors: [{ field, code: 'INVALID_FIELD', bound: error.detail }] }),
    cause: error,
  });
}
