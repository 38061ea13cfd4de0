// SPDX-License-Identifier: GPL-3.0-or-later
import type { StatementKind } from '../../statement-kind.ts';
import { buildEd25519StatementInputs, ed25519InputSchema, type Ed25519Input } from './inputs.ts';

/** `ed25519`: each of n keys made a valid signature of its message. */
export const ed25519: StatementKind<Ed25519Input> = {
  kind: 'ed25519',
  source: 'statements/ed25519/ed25519.circom',
  template: 'Ed25519',
  circuits: [
    { id: 'ed25519-2', capacity: 2, parameters: [2], constraints: 356_458 },
    { id: 'ed25519-7', capacity: 7, parameters: [7], constraints: 971_009 },
    { id: 'ed25519-15', capacity: 15, parameters: [15], constraints: 1_952_782 },
  ],
  publicSignals: [
    {
      name: 'digest',
      bits: 254,
      doc: "Poseidon sponge over the slots' words: the keys and what they signed",
      enforcedBy: 'circuit: of the slots whose signatures it verified',
    },
    {
      name: 'challenge',
      bits: 254,
      doc: 'keccak256 of digest and slots, modulo r',
      enforcedBy: 'whoever uses the proof: computed from its own slots',
    },
    {
      name: 'evaluation',
      bits: 254,
      doc: "the polynomial that has the slots' words for coefficients, at challenge",
      enforcedBy: 'circuit: of the same slots. Whoever uses the proof: of its own slots',
    },
  ],
  inputSchema: ed25519InputSchema,
  buildInputs: buildEd25519StatementInputs,
};
