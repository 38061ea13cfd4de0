// SPDX-License-Identifier: GPL-3.0-or-later
import type { StatementKind } from '../../statement-kind.ts';
import { buildQuorumInputs, quorumInputSchema, type QuorumInput } from './inputs.ts';

/** `quorum`: strictly more than a share of one validator set's stake signed one message. */
export const quorum: StatementKind<QuorumInput> = {
  kind: 'quorum',
  source: 'statements/quorum/quorum.circom',
  template: 'Quorum',
  circuits: [
    { id: 'quorum-16', capacity: 16, parameters: [16], constraints: 46662 },
    { id: 'quorum-64', capacity: 64, parameters: [64], constraints: 180294 },
    { id: 'quorum-128', capacity: 128, parameters: [128], constraints: 358235 },
  ],
  publicSignals: [
    {
      name: 'setCommitment',
      bits: 254,
      doc: 'commitment of the validator set: Poseidon(root, capacity, epoch)',
      enforcedBy: 'circuit: of the slots counted. `CheckpointLedger`: of a set it trusts',
    },
    {
      name: 'message',
      bits: 248,
      doc: "M: first 31 bytes of SHA-256 of the attestation's canonical bytes",
      enforcedBy: 'circuit: signed by every signer. `CheckpointLedger`: recomputed from the attestation',
    },
    {
      name: 'signers',
      bits: 128,
      doc: 'bitmap: bit i is 1 when the signature of slot i is counted',
      enforcedBy: 'circuit: below 2^capacity, exact',
    },
    {
      name: 'share',
      bits: 15,
      doc: 'share of the total stake, in 1/30000, that the signers exceed',
      enforcedBy: 'circuit: in [20000, 30000). `CheckpointLedger`: is its policy',
    },
  ],
  inputSchema: quorumInputSchema,
  buildInputs: buildQuorumInputs,
};
