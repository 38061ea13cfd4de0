// SPDX-License-Identifier: GPL-3.0-or-later
import type { JobsOptions } from 'bullmq';
import type { Hex } from '../protocol/bytes.ts';
import type { StatementId } from '../protocol/statement.ts';
import { proveJobId } from './keys.ts';

/** All that a job carries. Witness and key stay out of it: the prover reads the statement by its id. */
export interface ProveJob {
  readonly statementId: StatementId;
  readonly circuit: string;
  readonly keyHash: Hex;
}

export interface QueuedStatement {
  readonly id: StatementId;
  readonly circuit: string;
  readonly keyHash: Hex;
  readonly urgent: boolean;
}

/** Attempts that a job has before its last error stands, and the first pause between them; each next one is doubled. */
const RETRY = { attempts: 6, firstDelayMs: 500 } as const;

/** BullMQ serves jobs without a priority first, then by rising number. */
const ORDINARY_PRIORITY = 10;

/** The one job of a statement, whoever asks for it. */
export function proveJob({ id, circuit, keyHash, urgent }: QueuedStatement): {
  readonly name: string;
  readonly data: ProveJob;
  readonly opts: JobsOptions & { readonly jobId: string };
} {
  return {
    name: 'prove',
    data: { statementId: id, circuit, keyHash },
    opts: {
      jobId: proveJobId(id),
      attempts: RETRY.attempts,
      backoff: { type: 'exponential', delay: RETRY.firstDelayMs, jitter: 0.2 },
      removeOnComplete: true,
      removeOnFail: true,
      ...(urgent ? {} : { priority: ORDINARY_PRIORITY }),
    },
  };
}
