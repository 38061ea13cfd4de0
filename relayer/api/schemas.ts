// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { parseHex, type Hex } from '../../protocol/bytes.ts';
import { parseChainId, type ChainKey } from '../../protocol/chain.ts';
import { timeFromText } from '../../protocol/cometbft/timestamp.ts';
import { InvalidFieldError } from '../../protocol/errors.ts';
import { parseFr, parseU64 } from '../../protocol/field.ts';
import { parseCapacity } from '../../protocol/validator-set.ts';

/*
 * What the relayer, the attester and the watcher read of the API's answers, checked by the protocol's own parsers.
 * Unknown fields are let through: a newer API adds some.
 */

function parsed<T>(parse: (value: unknown, label: string) => T) {
  return z.unknown().transform((value, context): T => {
    try {
      return parse(value, context.issues.length === 0 ? 'value' : '');
    } catch (error) {
      context.issues.push({
        code: 'custom',
        message: error instanceof Error ? error.message : 'invalid',
        input: value,
      });
      return z.NEVER;
    }
  });
}

const u64 = parsed(parseU64);
const fr = parsed(parseFr);
const bytes32 = parsed((value, label) => parseHex(value, 32, label));
const address = parsed((value, label) => parseHex(value, 20, label));
const chainId = parsed(parseChainId);
const chainKey = parsed((value, label) => parseHex(value, 31, label) as ChainKey);
const data = z
  .string()
  .regex(/^0x([0-9a-f]{2})*$/)
  .transform((text) => text as Hex);

export const attestationSchema = z.object({
  setCommitment: fr,
  sourceHeight: u64,
  checkpoint: z.object({ chainKey, height: u64, blockHash: bytes32, stateRoot: bytes32, timestamp: u64 }),
});

const point = z.object({ x: fr, y: fr });

const signatureSchema = z
  .object({ r8x: fr, r8y: fr, s: fr })
  .transform(({ r8x, r8y, s }) => ({ r8: { x: r8x, y: r8y }, s: s as bigint }));

const contextSchema = z.union([
  z.object({ kind: z.literal('quorum'), attestation: attestationSchema }),
  z.object({ kind: z.literal('equivocation') }),
  z.object({ kind: z.string().transform(() => 'other' as const) }),
]);

const statementSchema = z.object({
  id: bytes32,
  kind: z.string(),
  circuit: z.string(),
  keyHash: bytes32,
  /** of its entry into its state; rises over all statements */
  sequence: z.int().min(0),
  stateAtMs: z.number(),
  context: contextSchema,
});

/** One page of finished statements; `after` goes into the next request. */
export const statementPageSchema = z.object({ statements: z.array(statementSchema), after: z.int().min(0) });

export const calldataSchema = z.object({ to: address, data });

/** Proved pairs of quorums that contradict each other. */
export const quorumConflictPageSchema = z.object({
  conflicts: z.array(z.object({ id: bytes32, sequence: z.int().min(0) })),
  after: z.int().min(0),
});

/** Proved headers of CometBFT chains. */
export const headerUpdatePageSchema = z.object({
  updates: z.array(
    z.object({
      id: bytes32,
      sequence: z.int().min(0),
      chain: chainId,
      height: u64,
      contradicts: z.boolean(),
      destinations: z.array(chainId),
    }),
  ),
  after: z.int().min(0),
});

/** Proved duplicate votes of validators of CometBFT chains. */
export const duplicateVotePageSchema = z.object({
  duplicateVotes: z.array(
    z.object({
      id: bytes32,
      sequence: z.int().min(0),
      chain: chainId,
      height: u64,
      /** brings the header of that height to ledgers */
      headerUpdate: bytes32.nullable(),
      destinations: z.array(chainId),
    }),
  ),
  after: z.int().min(0),
});

const time = parsed((value, label) => {
  const found = typeof value === 'string' ? timeFromText(value) : undefined;
  if (found === undefined) throw new InvalidFieldError(label, 'a time in UTC as RFC 3339');
  return found;
});

export const acceptedHeaderSchema = z.object({
  height: u64,
  time,
  blockHash: bytes32,
  nextValidatorsHash: bytes32,
  /** that led to it; null for the trusted start */
  update: bytes32.nullable(),
});

/** A followed CometBFT chain; `latest` is what is accepted of it, or its trusted start. */
export const followedChainSchema = z.object({ trusted: z.object({ height: u64 }), latest: acceptedHeaderSchema });

export const headerUpdateSchema = z.object({ id: bytes32, contradicts: z.boolean(), state: z.string() });

export const offenceSchema = z.object({ id: bytes32, state: z.string() });

export const circuitsSchema = z.object({
  circuits: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      capacity: z.int().nullable(),
      key: z
        .object({ keyHash: bytes32, kind: z.enum(['development', 'ceremony']), solidityCodeHash: bytes32 })
        .nullish(),
    }),
  ),
});

export const rotationSchema = z.object({
  due: z.boolean(),
  next: z.object({ epoch: u64 }).nullable(),
  call: calldataSchema.nullable(),
});

export const quorumCheckpointSchema = z.object({
  attestation: attestationSchema,
  signatures: z.array(z.object({ key: point, signature: signatureSchema })),
});

export const validatorSetSchema = z.object({
  commitment: fr,
  epoch: u64,
  capacity: parsed(parseCapacity),
  sealedAt: u64,
  slots: z.array(z.object({ key: point, stakeGwei: u64 }).nullable()),
});

export type ApiStatement = z.output<typeof statementSchema>;
export type ApiStatementPage = z.output<typeof statementPageSchema>;
export type ApiQuorumConflictPage = z.output<typeof quorumConflictPageSchema>;
export type ApiHeaderUpdatePage = z.output<typeof headerUpdatePageSchema>;
export type ApiDuplicateVotePage = z.output<typeof duplicateVotePageSchema>;
export type AcceptedHeader = z.output<typeof acceptedHeaderSchema>;
export type ApiFollowedChain = z.output<typeof followedChainSchema>;
export type ApiHeaderUpdate = z.output<typeof headerUpdateSchema>;
export type QuorumCheckpoint = z.output<typeof quorumCheckpointSchema>;
export type ApiValidatorSet = z.output<typeof validatorSetSchema>;
