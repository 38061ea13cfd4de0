// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import type { Hex } from '../bytes.ts';
import { anyBase64, int32, int64, list, object, parseRpc, rpcResult } from './rpc-json.ts';

/** One step of a proof, from the value towards the app hash. */
export interface ProofOp {
  /** how `data` is to be read, e.g. `ics23:iavl` and then `ics23:simple` */
  readonly type: string;
  readonly key: Hex;
  /** for ICS-23 a CommitmentProof in protobuf */
  readonly data: Hex;
}

/** What an application answers of its state; nobody's word until the proof is checked. */
export interface AbciAnswer {
  /** 0 when the application understood the query */
  readonly code: number;
  readonly log: string;
  readonly key: Hex;
  /** empty where the key holds nothing */
  readonly value: Hex;
  /** of the state asked for; the header one above carries its app hash */
  readonly height: bigint;
  /** empty unless a proof was asked for */
  readonly proof: readonly ProofOp[];
}

const bytes = anyBase64.nullish().transform((hex): Hex => hex ?? '0x');
const text = z.string('text');

const schema = object({
  response: object({
    code: int32(0, 2 ** 32 - 1),
    log: text.nullish(),
    key: bytes,
    value: bytes,
    height: int64(0n),
    proofOps: object({ ops: list(object({ type: text, key: bytes, data: bytes })) }).nullish(),
  }),
});

/** Read the answer to `/abci_query`. @throws InvalidFieldError */
export function parseAbciAnswer(answer: unknown, label: string): AbciAnswer {
  const { response } = parseRpc(schema, rpcResult(answer, label), `${label}.result`);
  const { code, log, key, value, height, proofOps } = response;
  return { code, log: log ?? '', key, value, height, proof: proofOps?.ops ?? [] };
}
