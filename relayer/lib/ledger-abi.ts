// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';

/** What the relayer, the attester and the watcher use of `CheckpointLedger` and `VerifierRegistry`. */
export const ledgerAbi = parseAbi([
  'struct Checkpoint { bytes31 chainKey; uint64 height; bytes32 blockHash; bytes32 stateRoot; uint64 timestamp; }',
  'struct Attestation { bytes32 setCommitment; uint64 sourceHeight; Checkpoint checkpoint; }',
  'struct Proof { uint256[2] a; uint256[2][2] b; uint256[2] c; }',
  'struct SetRecord { uint256 commitment; uint64 epoch; uint64 sealedAt; uint8 capacity; }',
  'struct Chain { uint32 interval; uint32 generation; uint64 headHeight; uint64 headTimestamp; uint8 freeze; uint48 freezeEndsAt; }',
  'struct Policy { uint16 share; uint48 trustingPeriod; uint48 evidenceWindow; uint48 maxDrift; uint48 freezeDuration; uint48 freezeCooldown; }',
  'function policy() view returns (Policy)',
  'function submitCheckpoint(Attestation attestation, uint256 signers, bytes32 keyHash, Proof proof) returns (uint8 outcome)',
  'function rotate(Checkpoint hubCheckpoint, SetRecord next, bytes[] accountProof, bytes[] storageProof)',
  'function rotateLocal(SetRecord next)',
  'function chain(bytes31 chainKey) view returns (Chain)',
  'function latestSet() view returns (uint256 commitment, uint64 epoch)',
  'function localChainKey() view returns (bytes31)',
  'function domain() view returns (bytes31)',
  'function VERIFIERS() view returns (address)',
  'event CheckpointAccepted(bytes31 indexed chainKey, uint64 indexed height, uint32 generation, Checkpoint checkpoint, bytes32 setCommitment, uint256 signers)',
  'event CheckpointConflict(bytes31 indexed chainKey, uint64 indexed height, bytes32 heldDigest, Checkpoint checkpoint, bytes32 setCommitment, uint256 signers)',
  'event ChainFrozen(bytes31 indexed chainKey, uint8 freeze, uint48 endsAt)',
  'event ChainUnfrozen(bytes31 indexed chainKey, uint32 generation, Checkpoint stands, uint256 setCommitment)',
  'error ChainUnknown(bytes31 chainKey)',
  'error ChainIsFrozen(bytes31 chainKey, uint8 freeze)',
  'error HeightNotOnInterval(uint64 height, uint32 interval)',
  'error SourceNotBelowTarget(uint64 sourceHeight, uint64 height)',
  'error TimestampNotRising(uint64 timestamp, uint64 headTimestamp)',
  'error TimestampTooFarAhead(uint64 timestamp, uint256 latest)',
  'error SetUnknown(uint256 commitment)',
  'error SetRevoked(uint256 commitment)',
  'error SetExpired(uint256 commitment, uint256 trustedUntil)',
  'error EpochNotRising(uint64 epoch, uint64 latestEpoch)',
  'error EpochDigestMismatch(bytes32 expected, bytes32 actual)',
  'error HubCheckpointNotNewer(uint64 height, uint64 lastRotationHeight)',
  'error CheckpointNotHeld(bytes31 chainKey, uint64 height)',
  'error VerifierUnknown(bytes32 keyHash)',
  'error VerifierExpired(bytes32 keyHash, uint40 retiresAt)',
  'error WrongStatementKind(bytes4 expected, bytes4 actual)',
  'error WrongCapacity(uint8 expected, uint8 actual)',
  'error WrongSignalCount(uint256 expected, uint256 actual)',
  'error SignalNotCanonical(uint256 index, uint256 value)',
  'error CoordinateNotCanonical(uint256 value)',
  'error InvalidProof()',
]);

export const registryAbi = parseAbi([
  'struct Entry { address verifier; bytes4 kind; uint8 capacity; uint8 signalCount; uint40 retiresAt; }',
  'function entry(bytes32 keyHash) view returns (Entry)',
]);

/** `ICheckpointLedger.Outcome`, in order. */
export const LEDGER_OUTCOMES = ['updated', 'known', 'superseded', 'conflict'] as const;
