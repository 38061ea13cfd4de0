// SPDX-License-Identifier: GPL-3.0-or-later
import type { StatementKind } from '../../statement-kind.ts';
import { buildEquivocationInputs, equivocationInputSchema, type EquivocationInput } from './inputs.ts';

/** `equivocation`: one validator of a set signed two different messages. One circuit for all capacities. */
export const equivocation: StatementKind<EquivocationInput> = {
  kind: 'equivocation',
  source: 'statements/equivocation/equivocation.circom',
  template: 'Equivocation',
  circuits: [{ id: 'equivocation', capacity: null, parameters: [], constraints: 10117 }],
  publicSignals: [
    {
      name: 'setCommitment',
      bits: 254,
      doc: 'commitment of the validator set in which the key stands',
      enforcedBy: 'circuit: of a set of capacity 16, 64 or 128. `Coalition`: of a set it knows',
    },
    {
      name: 'leafIndex',
      bits: 7,
      doc: "the key's slot in that set",
      enforcedBy: "circuit: below the set's capacity, where the key stands",
    },
    { name: 'keyX', bits: 254, doc: 'x of the key that signed both', enforcedBy: 'circuit: of that slot' },
    { name: 'keyY', bits: 254, doc: 'y of the key that signed both', enforcedBy: 'circuit: of that slot' },
    {
      name: 'message1',
      bits: 248,
      doc: 'M of the first attestation',
      enforcedBy: 'circuit: signed by the key. `Coalition`: recomputed from the attestation',
    },
    {
      name: 'message2',
      bits: 248,
      doc: 'M of the second attestation, another than the first',
      enforcedBy:
        'circuit: signed by the key, differs from message1. `Coalition`: recomputed; conflicts with the first',
    },
  ],
  inputSchema: equivocationInputSchema,
  buildInputs: buildEquivocationInputs,
};
