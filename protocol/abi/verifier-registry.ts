// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';
import { STRUCTS } from './structs.ts';

/** `VerifierRegistry`. */
export const verifierRegistryAbi = parseAbi([
  ...STRUCTS,
  'struct Entry { address verifier; bytes4 kind; uint8 capacity; uint8 signalCount; uint40 retiresAt; }',
  'function addVerifier(bytes32 keyHash, bytes4 kind, uint8 capacity, uint8 signalCount, address verifier) external',
  'function entry(bytes32 keyHash) external view returns (Entry)',
  'function owner() external view returns (address)',
  'function renounceOwnership() external',
  'function retireVerifier(bytes32 keyHash, uint40 retiresAt) external',
  'function transferOwnership(address newOwner) external',
  'function verify(bytes32 keyHash, bytes4 kind, uint8 capacity, Proof proof, uint256[] signals) external view',
  'event OwnershipTransferred(address indexed previousOwner, address indexed newOwner)',
  'event VerifierAdded(bytes32 indexed keyHash, bytes4 indexed kind, uint8 capacity, uint8 signalCount, address verifier)',
  'event VerifierRetired(bytes32 indexed keyHash, uint40 retiresAt)',
  'error CoordinateNotCanonical(uint256 value)',
  'error InvalidProof()',
  'error OwnableInvalidOwner(address owner)',
  'error OwnableUnauthorizedAccount(address account)',
  'error SignalCountOutOfRange(uint256 actual)',
  'error SignalNotCanonical(uint256 index, uint256 value)',
  'error VerifierExists(bytes32 keyHash)',
  'error VerifierExpired(bytes32 keyHash, uint40 retiresAt)',
  'error VerifierHasNoCode(address verifier)',
  'error VerifierUnknown(bytes32 keyHash)',
  'error WrongCapacity(uint8 expected, uint8 actual)',
  'error WrongSignalCount(uint256 expected, uint256 actual)',
  'error WrongStatementKind(bytes4 expected, bytes4 actual)',
]);
