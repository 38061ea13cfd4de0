// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidFieldError } from '../protocol/errors.ts';
import type { Fr } from '../protocol/field.ts';
import { UnknownCircuitError } from './circuit-error.ts';
import { compileInstance, type CompiledCircuit, type CompileOptions, type Instance } from './compile.ts';
import type { CircuitDefinition, CircuitInput, StatementKind } from './statement-kind.ts';
import { ed25519 } from './statements/ed25519/statement.ts';
import { equivocation } from './statements/equivocation/statement.ts';
import { quorum } from './statements/quorum/statement.ts';
import { registration } from './statements/registration/statement.ts';

/** A circuit with the statement kind it proves. */
export interface CircuitInfo extends CircuitDefinition {
  readonly kind: string;
  /** names, in order */
  readonly publicSignals: readonly string[];
}

/** A statement kind whose input's type is forgotten: what is stored as JSON goes in, circuit inputs come out. */
export interface RegisteredKind extends Omit<StatementKind, 'buildInputs'> {
  /** @throws InvalidFieldError */
  prepare(circuit: CircuitDefinition, json: unknown): CircuitInput;
}

function register<Input>(kind: StatementKind<Input>): RegisteredKind {
  const { buildInputs, ...rest } = kind;
  return {
    ...rest,
    prepare(circuit, json) {
      const parsed = kind.inputSchema.safeParse(json);
      if (parsed.success) return buildInputs(circuit, parsed.data);
      const issue = parsed.error.issues[0];
      throw new InvalidFieldError(issue?.path.join('.') || 'input', issue?.message ?? 'an input of this circuit');
    },
  };
}

/** Every kind of statement, in the order of the documentation. A new kind is added here. */
export const STATEMENT_KINDS: readonly RegisteredKind[] = [
  register(quorum),
  register(equivocation),
  register(registration),
  register(ed25519),
];

/** Every circuit, smallest first within its kind. */
export function listCircuits(): readonly CircuitInfo[] {
  return STATEMENT_KINDS.flatMap((kind) => kind.circuits.map((circuit) => circuitInfo(kind, circuit)));
}

/** @throws UnknownCircuitError */
export function findCircuit(id: string): { kind: RegisteredKind; circuit: CircuitDefinition } {
  for (const kind of STATEMENT_KINDS) {
    const circuit = kind.circuits.find((candidate) => candidate.id === id);
    if (circuit) return { kind, circuit };
  }
  throw new UnknownCircuitError(`unknown circuit ${id}`, { circuit: id });
}

/** @throws UnknownCircuitError */
export function getCircuit(id: string): CircuitInfo {
  const { kind, circuit } = findCircuit(id);
  return circuitInfo(kind, circuit);
}

function circuitInfo(kind: RegisteredKind, circuit: CircuitDefinition): CircuitInfo {
  return { ...circuit, kind: kind.kind, publicSignals: kind.publicSignals.map(({ name }) => name) };
}

/** What the compiler is told of a circuit. @throws UnknownCircuitError */
export function instanceOf(id: string): Instance {
  const { kind, circuit } = findCircuit(id);
  return {
    id,
    source: kind.source,
    template: kind.template,
    parameters: circuit.parameters,
    publicSignals: kind.publicSignals.map(({ name }) => name),
  };
}

/** @throws UnknownCircuitError, CompileError */
export async function compileCircuit(id: string, options: CompileOptions = {}): Promise<CompiledCircuit> {
  return compileInstance(instanceOf(id), options);
}

/** What a prover needs for one statement. */
export interface PreparedInputs {
  /** in the order of the circuit's public signals */
  readonly publicSignals: readonly Fr[];
  readonly input: CircuitInput;
}

/**
 * Turn stored inputs into the circuit's. Whether they satisfy it is for the witness to say.
 * @param json as `inputSchema` of the circuit's kind
 * @throws UnknownCircuitError, InvalidFieldError
 */
export function prepareInputs(id: string, json: unknown): PreparedInputs {
  const { kind, circuit } = findCircuit(id);
  const input = kind.prepare(circuit, json);
  const publicSignals = kind.publicSignals.map(({ name }) => {
    const value = input[name];
    if (typeof value !== 'bigint') throw new TypeError(`${id}: public signal ${name} is not among the inputs`);
    return value as Fr; // the schema keeps every number below r
  });
  return { publicSignals, input };
}
