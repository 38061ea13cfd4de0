// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';
import { STRUCTS } from './structs.ts';

/** `StateReader`, and the errors that it passes on from the trie proofs. */
export const stateReaderAbi = parseAbi([
  ...STRUCTS,
  'struct Age { uint64 minAge; uint64 maxAge; }',
  'struct Account { bool exists; uint64 nonce; uint256 balance; bytes32 storageRoot; bytes32 codeHash; }',
  'function LEDGER() external view returns (address)',
  'function readAccount(Checkpoint checkpoint, address account, bytes[] accountProof, Age age) external view returns (Account)',
  'function readStorage(Checkpoint checkpoint, address account, bytes32 slot, bytes[] accountProof, bytes[] storageProof, Age age) external view returns (bool exists, uint256 value)',
  'error AccountMalformed(address account)',
  'error CheckpointTooOld(uint256 age, uint256 maxAge)',
  'error CheckpointTooYoung(uint256 age, uint256 minAge)',
  'error StorageValueMalformed(bytes32 slot)',
  'error TrieNodeHashMismatch(uint256 index, bytes32 expected, bytes32 actual)',
  'error TrieNodeMalformed(uint256 index)',
  'error TrieProofIncomplete(uint256 nodes)',
  'error TrieProofTooLong(uint256 used, uint256 given)',
]);
