// SPDX-License-Identifier: GPL-3.0-or-later
import type { Point, Signature } from '../../protocol/eddsa.ts';
import type { Fr } from '../../protocol/field.ts';
import type { Instance } from '../compile.ts';
import type { CircuitInput } from '../statement-kind.ts';
import { templateInstance } from './template-instance.ts';

/** A message with what is presented as its signature under a key. */
export interface SignedMessage {
  readonly key: Point;
  readonly message: Fr;
  readonly signature: Signature;
}

/** EddsaPoseidonBatch for n signatures as a circuit of its own. */
export function batchInstance(n: number): Instance {
  return templateInstance('lib/eddsa_poseidon_batch.circom', 'EddsaPoseidonBatch', [n]);
}

/** Input of `batchInstance(all.length)`. */
export function batchInput(all: readonly SignedMessage[]): CircuitInput {
  return {
    ax: all.map(({ key }) => key.x),
    ay: all.map(({ key }) => key.y),
    r8x: all.map(({ signature }) => signature.r8.x),
    r8y: all.map(({ signature }) => signature.r8.y),
    s: all.map(({ signature }) => signature.s),
    message: all.map(({ message }) => message),
  };
}
