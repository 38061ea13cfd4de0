// SPDX-License-Identifier: GPL-3.0-or-later
import { inputJson } from '../../circuits/input-schema.ts';
import { listCircuits, prepareInputs, type CircuitInfo } from '../../circuits/registry.ts';
import { slotSignals } from '../../circuits/statements/ed25519/slot-inputs.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { attestationMessage } from '../../protocol/attestation.ts';
import type { SignatureSlot } from '../../protocol/cometbft/ledger-header.ts';
import type { Domain } from '../../protocol/domain.ts';
import type { Point, Signature } from '../../protocol/eddsa.ts';
import type { Fr } from '../../protocol/field.ts';
import { statementId } from '../../protocol/statement.ts';
import { merklePath } from '../../protocol/validator-set.ts';
import type { Json, NewStatement } from '../../runtime/statement-record.ts';
import type { Offender, StoredMessage } from '../store/attestation-store.ts';
import type { Member, SealedSet } from '../store/set-store.ts';
import { contextJson, type StatementContext } from './statement-context.ts';

/** A statement that lacks only the key it is to be proved under. */
export type Draft = Omit<NewStatement, 'keyHash'>;

/** The circuit of a kind, for a capacity where the kind has one for each. */
export function circuitFor(kind: string, capacity: number): CircuitInfo {
  const circuit = listCircuits().find(
    (one) => one.kind === kind && (one.capacity === null || one.capacity === capacity),
  );
  if (!circuit) throw new TypeError(`no circuit of kind ${kind} for capacity ${capacity}`);
  return circuit;
}

/** That more than the share signed a message, by the slots that signed when it did. */
export function quorumDraft(stored: StoredMessage, slots: readonly number[], { set }: SealedSet, share: number): Draft {
  const signatures = slots.map((index) => ({ index, signature: requireSignature(stored, index) }));
  const inputs = {
    epoch: set.epoch,
    slots: set.slots.flatMap((slot, index) => (slot ? [{ index, ...slot }] : [])),
    message: stored.message,
    share,
    signatures,
  };
  return draft(circuitFor('quorum', set.capacity), inputs, { kind: 'quorum', attestation: stored.attestation }, false);
}

/** That one key signed both of two attestations. */
export function equivocationDraft(domain: Domain, offender: Offender, { sealed, slot, validator }: Member): Draft {
  const { set } = sealed;
  const signed = (vote: Offender['first']): { message: Fr; signature: Signature } => ({
    message: attestationMessage(domain, vote.attestation),
    signature: vote.signature,
  });
  const inputs = {
    capacity: set.capacity,
    epoch: set.epoch,
    leafIndex: slot,
    key: validator.key,
    stakeGwei: validator.stakeGwei,
    path: merklePath(set, slot),
    first: signed(offender.first),
    second: signed(offender.second),
  };
  const { conflict, first, second } = offender;
  return draft(
    circuitFor('equivocation', set.capacity),
    inputs,
    { kind: 'equivocation', conflict, first, second },
    true,
  );
}

/** That an operator holds a key. */
export function registrationDraft(
  key: Point,
  digest: Fr,
  signature: Signature,
  where: Omit<Extract<StatementContext, { kind: 'registration' }>, 'kind'>,
): Draft {
  return draft(circuitFor('registration', 0), { key, digest, signature }, { kind: 'registration', ...where }, false);
}

/** That each key signed its message: `slots` are 1 to as many as the circuit has. */
export function signaturesDraft(circuit: CircuitInfo, slots: readonly SignatureSlot[], urgent: boolean): Draft {
  const [first] = slots;
  if (!first || circuit.capacity === null || slots.length > circuit.capacity) {
    throw new TypeError(`${slots.length} slots for ${circuit.id}`);
  }
  const all = Array.from({ length: circuit.capacity }, (_, i) => slots[i] ?? first);
  // The circuit's other inputs take seconds to work out: that is for the prover, which compares these with its own.
  const { digest, challenge, evaluation } = slotSignals(all);
  const publicSignals = [digest, challenge, evaluation];
  return {
    id: statementId({ circuit: circuit.id, publicSignals }),
    kind: circuit.kind,
    circuit: circuit.id,
    publicSignals: publicSignals.map(String),
    inputs: { slots: slots.map(({ key, message, signature }) => ({ key, message, signature })) },
    context: contextJson({ kind: 'ed25519', slots: slots.map(({ key, message }) => ({ key, message })) }),
    urgent,
  };
}

export function withKey(draftStatement: Draft, keyHash: Hex): NewStatement {
  return { ...draftStatement, keyHash };
}

function draft(circuit: CircuitInfo, input: unknown, context: StatementContext, urgent: boolean): Draft {
  const inputs = JSON.parse(inputJson(input)) as Json;
  const { publicSignals } = prepareInputs(circuit.id, inputs);
  return {
    id: statementId({ circuit: circuit.id, publicSignals }),
    kind: circuit.kind,
    circuit: circuit.id,
    publicSignals: publicSignals.map(String),
    inputs,
    context: contextJson(context),
    urgent,
  };
}

function requireSignature(stored: StoredMessage, slot: number): Signature {
  const signature = stored.signatures.get(slot);
  if (!signature) throw new TypeError(`message ${stored.message} lacks the signature of slot ${slot}`);
  return signature;
}
