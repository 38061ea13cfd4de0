// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { parseHex, type Hex } from '../../protocol/bytes.ts';
import type { ChainKey } from '../../protocol/chain.ts';
import type { Domain } from '../../protocol/domain.ts';
import { parseFr, parseU64 } from '../../protocol/field.ts';
import type { Vote } from './slashing-rules.ts';

const hex = z.string().transform((text) => text as Hex);

const bodySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), version: z.literal(1), keyX: z.string(), keyY: z.string() }),
  z.strictObject({
    type: z.literal('vote'),
    domain: hex,
    set: z.string(),
    source: z.string(),
    chain: hex,
    target: z.string(),
    blockHash: hex,
    stateRoot: hex,
    timestamp: z.string(),
  }),
  z.strictObject({ type: z.literal('watermark'), domain: hex, chain: hex, source: z.string(), target: z.string() }),
]);

/** What one line of a record says. */
export type RecordBody = z.output<typeof bodySchema>;

const lineSchema = z.strictObject({ body: bodySchema, sum: z.string() });

/** Sum before the first line. */
export const FIRST_SUM = '0'.repeat(64);

/**
 * One line: a JSON object with its body and a SHA-256 over the sum of the line before and the body's text, so that a
 * line changed, lost or moved shows.
 */
export function formatLine(previousSum: string, body: RecordBody): { readonly text: string; readonly sum: string } {
  const sum = sumOf(previousSum, body);
  return { text: `${JSON.stringify({ body, sum })}\n`, sum };
}

/** @returns undefined when the line is not what `formatLine` wrote after `previousSum` */
export function parseLine(
  previousSum: string,
  line: string,
): { readonly body: RecordBody; readonly sum: string } | undefined {
  try {
    const { body, sum } = lineSchema.parse(JSON.parse(line));
    return sum === sumOf(previousSum, body) ? { body, sum } : undefined;
  } catch {
    return undefined;
  }
}

export function voteBody({ domain, attestation }: Vote): RecordBody {
  const { setCommitment, sourceHeight, checkpoint } = attestation;
  return {
    type: 'vote',
    domain,
    set: String(setCommitment),
    source: String(sourceHeight),
    chain: checkpoint.chainKey,
    target: String(checkpoint.height),
    blockHash: checkpoint.blockHash,
    stateRoot: checkpoint.stateRoot,
    timestamp: String(checkpoint.timestamp),
  };
}

/** @throws InvalidFieldError */
export function voteOf(body: Extract<RecordBody, { type: 'vote' }>): Vote {
  return {
    domain: parseHex(body.domain, 31, 'domain') as Domain,
    attestation: {
      setCommitment: parseFr(body.set, 'set'),
      sourceHeight: parseU64(body.source, 'source'),
      checkpoint: {
        chainKey: parseHex(body.chain, 31, 'chain') as ChainKey,
        height: parseU64(body.target, 'target'),
        blockHash: parseHex(body.blockHash, 32, 'blockHash'),
        stateRoot: parseHex(body.stateRoot, 32, 'stateRoot'),
        timestamp: parseU64(body.timestamp, 'timestamp'),
      },
    },
  };
}

function sumOf(previousSum: string, body: RecordBody): string {
  return createHash('sha256').update(previousSum).update(JSON.stringify(body)).digest('hex');
}
