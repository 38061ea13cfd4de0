// SPDX-License-Identifier: GPL-3.0-or-later
import type { CircuitInput } from '../circuits/statement-kind.ts';
import type { CircuitFiles, EngineInfo, RawProof } from './engine.ts';

/** From the worker to its proving process. */
export interface ProveRequest {
  readonly task: number;
  readonly files: CircuitFiles;
  readonly input: CircuitInput;
}

/** From the proving process to its worker. Sent by structured clone: big integers stay what they are. */
export type ChildMessage =
  | { readonly type: 'ready'; readonly engine: EngineInfo }
  | { readonly type: 'unavailable'; readonly message: string }
  | { readonly type: 'progress'; readonly task: number; readonly phase: 'witness' | 'prove'; readonly fraction: number }
  | { readonly type: 'proved'; readonly task: number; readonly proof: RawProof; readonly memoryBytes: number }
  | {
      readonly type: 'failed';
      readonly task: number;
      readonly code: string;
      readonly message: string;
      readonly retryable: boolean;
    };
