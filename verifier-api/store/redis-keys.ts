// SPDX-License-Identifier: GPL-3.0-or-later
import type { ChainId, ChainKey } from '../../protocol/chain.ts';
import { KEY_ROOT } from '../../runtime/keys.ts';

const PREFIX = `${KEY_ROOT}:`;

/** Where bundles of signatures of one kind lie. */
export interface BundleKeys {
  /** hash: one bundle */
  readonly bundle: (id: string) => string;
  /** hash: what bundles are about -> the one that stands, its key and its rank */
  readonly subject: (name: string) => string;
  /** sorted sets of ids: not yet proved, by time of acceptance; ended, by time; proved, by order */
  readonly open: string;
  readonly ended: string;
  readonly proved: string;
  /** counter of those proved */
  readonly sequence: string;
}

function bundleKeys(name: string): BundleKeys {
  const all = `${PREFIX}${name}s`;
  return {
    bundle: (id) => `${PREFIX}${name}:${id}`,
    subject: (subject) => `${all}:subject:${subject}`,
    open: `${all}:open`,
    ended: `${all}:ended`,
    proved: `${all}:proved`,
    sequence: `${all}:sequence`,
  };
}

/** Where the verification API keeps what it was given. Statements and jobs have their names in `runtime/`. */
export const apiKeys = {
  /** hash: attestation, signatures by slot, signed stake, the slots of its first quorum */
  message: (message: bigint): string => `${PREFIX}message:${message}`,
  messagePrefix: `${PREFIX}message:`,
  /** votes of one key on one chain; one bucket of time is added behind it */
  votesPrefix: (keyId: string, chain: ChainKey): string => `${PREFIX}votes:${keyId}:${chain}:`,
  /** hash: the first two attestations by which a key contradicted itself */
  offender: (keyId: string): string => `${PREFIX}offender:${keyId}`,
  /** sorted set of what is decided and not yet a statement: `quorum:<message>`, `equivocation:<key id>` */
  outbox: `${PREFIX}outbox`,
  /** sorted set of "<height, 20 digits>:<message>" with a quorum */
  checkpoints: (chain: ChainKey): string => `${PREFIX}checkpoints:${chain}`,
  /** sorted set of "<epoch, 20 digits>:<commitment>" */
  sets: `${PREFIX}sets`,
  set: (commitment: bigint): string => `${PREFIX}set:${commitment}`,
  /** sorted set of their ids by the order of arrival */
  quorumConflicts: `${PREFIX}quorum-conflicts`,
  quorumConflictSequence: `${PREFIX}quorum-conflicts:sequence`,
  /** hash: two conflicting quorums with their proofs */
  quorumConflict: (id: string): string => `${PREFIX}quorum-conflict:${id}`,
  /** headers of CometBFT chains on their way to ledgers */
  headerUpdates: bundleKeys('header-update'),
  /** offences of CometBFT chains' validators on their way to Coalitions */
  duplicateVotes: bundleKeys('duplicate-vote'),
  /** hash height -> what a light client keeps of the accepted header there; sorted set of those heights */
  consensusStates: (chain: ChainId): string => `${PREFIX}cometbft:${chain}:states`,
  consensusHeights: (chain: ChainId): string => `${PREFIX}cometbft:${chain}:heights`,
  idempotency: (client: string, key: string): string => `${PREFIX}idempotency:${client}:${key}`,
  rate: (client: string): string => `${PREFIX}rate:${client}`,
} as const;
