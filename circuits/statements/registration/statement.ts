// SPDX-License-Identifier: GPL-3.0-or-later
import type { StatementKind } from '../../statement-kind.ts';
import { buildRegistrationInputs, registrationInputSchema, type RegistrationInput } from './inputs.ts';

/** `registration`: the operator holds the key, and the key is fit to stand in a validator set. */
export const registration: StatementKind<RegistrationInput> = {
  kind: 'registration',
  source: 'statements/registration/registration.circom',
  template: 'Registration',
  circuits: [{ id: 'registration', capacity: null, parameters: [], constraints: 4235 }],
  publicSignals: [
    {
      name: 'keyX',
      bits: 254,
      doc: "x of the key: BabyJubJub, circomlib's twisted Edwards form",
      enforcedBy: 'circuit: prime-order subgroup, neither the identity nor Base8',
    },
    { name: 'keyY', bits: 254, doc: 'y of the key', enforcedBy: 'circuit, with keyX' },
    {
      name: 'digest',
      bits: 248,
      doc: 'what the key signed: digest of registration domain, operator, chain and contract',
      enforcedBy: 'circuit: signed by the key. `Coalition`: is the digest of the caller and of itself',
    },
  ],
  inputSchema: registrationInputSchema,
  buildInputs: buildRegistrationInputs,
};
