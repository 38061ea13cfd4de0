// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';

/** `AppStateReader`, and the errors that it passes on from ICS-23 proofs; those of its ledger are the ledger's. */
export const appStateReaderAbi = parseAbi([
  'struct ConsensusState { uint64 height; uint64 timeNs; bytes32 appHash; bytes32 nextValidatorsHash; bytes32 blockHash; }',
  'struct Age { uint64 minAge; uint64 maxAge; }',
  'function LEDGER() external view returns (address)',
  'function readStore(ConsensusState state, string store, bytes key, bytes storeProof, bytes rootProof, Age age) external view returns (bool exists, bytes value)',
  'error FieldMissing(uint8 tag)',
  'error InnerOpUnsupported(uint256 layer)',
  'error InnerPrefixMalformed(uint256 layer)',
  'error InnerSuffixMalformed(uint256 layer)',
  'error KeyEmpty()',
  'error KeyMismatch(bytes expected, bytes actual)',
  'error KeyNotBetween(bytes key)',
  'error LeafOpUnsupported()',
  'error LeafPrefixMalformed()',
  'error LengthOutOfRange(uint8 tag)',
  'error NotNeighbours()',
  'error ProofOfNothing()',
  'error ProofTooDeep(uint256 max)',
  'error ProofTrailingBytes()',
  'error ProofUnsupported()',
  'error RootMismatch(bytes32 expected, bytes32 actual)',
  'error StateTooOld(uint256 age, uint256 maxAge)',
  'error StateTooYoung(uint256 age, uint256 minAge)',
  'error StoreAbsent(bytes store)',
  'error StoreRootMalformed(uint256 length)',
  'error ValueEmpty()',
]);
