// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';

/** What the relayer, the attester and the watcher use of `Coalition` and `HubCoalition`. */
export const coalitionAbi = parseAbi([
  'struct Checkpoint { bytes31 chainKey; uint64 height; bytes32 blockHash; bytes32 stateRoot; uint64 timestamp; }',
  'struct Attestation { bytes32 setCommitment; uint64 sourceHeight; Checkpoint checkpoint; }',
  'struct Proof { uint256[2] a; uint256[2][2] b; uint256[2] c; }',
  'struct Leaf { uint256 keyX; uint256 keyY; uint64 stakeGwei; }',
  'struct QuorumEvidence { Attestation attestation; uint256 signers; uint16 share; bytes32 keyHash; Proof proof; }',
  'struct SetRecord { uint256 commitment; uint64 epoch; uint64 sealedAt; uint8 capacity; }',
  'struct Validator { address operator; uint64 stakeGwei; uint8 status; uint8 leafIndex; uint64 unbondingGwei; uint48 withdrawableAt; uint256 keyX; uint256 keyY; }',
  'function slashEquivocation(Attestation first, Attestation second, uint256 setCommitment, uint256 leafIndex, uint256 keyX, uint256 keyY, bytes32 keyHash, Proof proof) returns (uint8 outcome)',
  'function slashQuorums(QuorumEvidence first, QuorumEvidence second, Leaf[] firstLeaves, Leaf[] secondLeaves) returns (uint256 tombstoned)',
  'function validator(bytes32 keyId) view returns (Validator)',
  'function VERIFIERS() view returns (address)',
  'function sealEpoch() returns (uint64 epoch)',
  'function epochDigest(uint64 epoch) view returns (bytes32)',
  'function sealedEpoch(uint64 epoch) view returns (SetRecord)',
  'function latestEpoch() view returns (SetRecord)',
  'function changedLeaves() view returns (uint256)',
  'function leaf(uint256 index) view returns (Leaf)',
  'event LeafUpdated(uint256 indexed index, uint256 keyX, uint256 keyY, uint64 stakeGwei)',
  'event EpochSealed(uint64 indexed epoch, uint256 commitment, uint256 root, uint8 capacity, uint64 sealedAt)',
  'event Tombstoned(bytes32 indexed keyId, uint256 keyX, uint256 keyY, uint8 outcome, uint64 penaltyGwei)',
  'error SetUnknown(uint256 commitment)',
  'error EvidenceExpired(uint256 commitment, uint256 until)',
  'error NoConflict()',
  'error LeafIndexOutOfRange(uint256 leafIndex, uint8 capacity)',
  'error SignersOutOfRange(uint256 signers, uint8 capacity)',
  'error ShareOutOfRange(uint16 share)',
  'error LeafCountWrong(uint256 expected, uint256 actual)',
  'error LeavesMismatch(uint256 expected, uint256 actual)',
  'error LeafNotCanonical(uint256 index)',
  'error TooEarlyToSeal(uint256 notBefore)',
  'error NoStake()',
]);

/** `ICoalition.SlashOutcome`, in order. */
export const SLASH_OUTCOMES = ['slashed', 'barred', 'already'] as const;
/** `ICoalition.Status.None`: the key was never seen. */
export const STATUS_NONE = 0;
