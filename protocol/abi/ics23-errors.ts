// SPDX-License-Identifier: GPL-3.0-or-later

/** Errors of whatever reads application state by ICS-23 proofs (`AppState`), for viem's `parseAbi`. */
export const ICS23_ERRORS = [
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
  'error StoreAbsent(bytes store)',
  'error StoreRootMalformed(uint256 length)',
  'error ValueEmpty()',
] as const;
