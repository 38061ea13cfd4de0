// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';
import { ICS23_ERRORS } from './ics23-errors.ts';

/** `AppStateReader`, and the errors that it passes on from ICS-23 proofs; those of its ledger are the ledger's. */
export const appStateReaderAbi = parseAbi([
  'struct ConsensusState { uint64 height; uint64 timeNs; bytes32 appHash; bytes32 nextValidatorsHash; bytes32 blockHash; }',
  'struct Age { uint64 minAge; uint64 maxAge; }',
  'function LEDGER() external view returns (address)',
  'function readStore(ConsensusState state, string store, bytes key, bytes storeProof, bytes rootProof, Age age) external view returns (bool exists, bytes value)',
  ...ICS23_ERRORS,
  'error StateTooOld(uint256 age, uint256 maxAge)',
  'error StateTooYoung(uint256 age, uint256 minAge)',
]);
