// SPDX-License-Identifier: GPL-3.0-or-later
import type { z } from 'zod';

/** One public signal, as documentation, Solidity and TypeScript know it. */
export interface PublicSignal {
  readonly name: string;
  /** values are below 2^bits (254: any field element) */
  readonly bits: number;
  readonly doc: string;
  /** who makes sure that the value is what `doc` says */
  readonly enforcedBy: string;
}

/** One circuit of a statement kind: the template at fixed parameters. */
export interface CircuitDefinition {
  /** e.g. `quorum-16`; part of the canonical statement */
  readonly id: string;
  /** slots of the validator set, or null where the circuit is good for all */
  readonly capacity: number | null;
  /** arguments of the template */
  readonly parameters: readonly number[];
  /** exact count under COMPILER_VERSION and COMPILER_FLAGS */
  readonly constraints: number;
}

/** Values by signal name, as the compiled circuit takes them. */
export type CircuitInput = Readonly<Record<string, bigint | readonly bigint[] | readonly (readonly bigint[])[]>>;

/** Everything that a kind of statement adds to the system, except its template and its proofs of soundness (tests). */
export interface StatementKind<Input = unknown> {
  readonly kind: string;
  /** path of the template's file under circuits/ */
  readonly source: string;
  readonly template: string;
  readonly circuits: readonly CircuitDefinition[];
  /** THE order: of the circuit's main component, the verifiers, the calldata and the statement's encoding */
  readonly publicSignals: readonly PublicSignal[];
  /** public and private inputs as JSON: numbers beyond 2^53 as canonical decimal strings */
  readonly inputSchema: z.ZodType<Input>;
  /** @throws InvalidFieldError when the input can't be one of this circuit's */
  buildInputs(circuit: CircuitDefinition, input: Input): CircuitInput;
}
