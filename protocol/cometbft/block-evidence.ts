// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../bytes.ts';
import { int64, list, object, optionalHash, parseRpc, rpcResult } from './rpc-json.ts';

/** What a header carries when its block holds no evidence: the hash of an empty list, SHA-256 of nothing. */
export const NO_EVIDENCE_HASH: Hex = '0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const headersSchema = object({
  block_metas: list(object({ header: object({ height: int64(1n), evidence_hash: optionalHash }) })),
});

const blockSchema = object({
  block: object({ evidence: object({ evidence: z.array(z.unknown(), 'a list').nullish() }) }),
});

/** What a header says of its block. */
export interface EvidenceMark {
  readonly height: bigint;
  readonly hasEvidence: boolean;
}

/** From the answer to `/blockchain`, which headers name evidence. @throws InvalidFieldError */
export function parseEvidenceMarks(answer: unknown, label: string): readonly EvidenceMark[] {
  const { block_metas } = parseRpc(headersSchema, rpcResult(answer, label), `${label}.result`);
  return block_metas.map(({ header: { height, evidence_hash } }) => ({
    height,
    hasEvidence: evidence_hash !== NO_EVIDENCE_HASH && evidence_hash !== '0x',
  }));
}

/** From the answer to `/block`: its evidence, each piece as it is written there. @throws InvalidFieldError */
export function parseBlockEvidence(answer: unknown, label: string): readonly unknown[] {
  return parseRpc(blockSchema, rpcResult(answer, label), `${label}.result`).block.evidence.evidence ?? [];
}
