// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbiParameters } from 'viem';

/** The structs of contracts/src/interfaces/ICometBftJudge.sol and of those it imports. */
const STRUCTS = [
  'struct Proof { uint256[2] a; uint256[2][2] b; uint256[2] c; }',
  'struct Signatures { bytes32 keyHash; uint256 digest; Proof proof; }',
  'struct BlockId { bytes32 hash; uint32 partsTotal; bytes32 partsHash; }',
  'struct Header { uint64 blockVersion; uint64 appVersion; uint64 height; int64 secs; uint32 nanos; BlockId lastBlockId; bytes32 lastCommitHash; bytes32 dataHash; bytes32 validatorsHash; bytes32 nextValidatorsHash; bytes32 consensusHash; bytes32 appHash; bytes32 lastResultsHash; bytes32 evidenceHash; bytes20 proposer; }',
  'struct Vote { BlockId blockId; int64 secs; uint32 nanos; }',
  'struct DuplicateVote { Header header; uint8 voteType; uint32 round; Vote first; Vote second; bytes validators; uint256 index; Signatures signatures; }',
  'struct ConsensusState { uint64 height; uint64 timeNs; bytes32 appHash; bytes32 nextValidatorsHash; bytes32 blockHash; }',
  'struct AccountSignature { bytes32 x; bytes32 y; string signer; uint8 v; bytes32 r; bytes32 s; }',
  'struct StakingConsent { ConsensusState state; bytes storeProof; bytes rootProof; AccountSignature signature; }',
] as const;

/** First value of evidence of consent: how it is shown. */
export const CONSENT_WAY = { ownSignature: 0, stakingRecord: 1 } as const;

/** What `slashDuplicateVote` takes as evidence, for viem's `encodeAbiParameters`. */
export const duplicateVoteParameters = parseAbiParameters(['DuplicateVote evidence', ...STRUCTS]);

/** What `bindConsensusKey` takes as evidence by the key's own signature. */
export const ownSignatureParameters = parseAbiParameters(['uint8 way, Signatures signatures', ...STRUCTS]);

/** What `bindConsensusKey` takes as evidence by the chain's staking record. */
export const stakingConsentParameters = parseAbiParameters(['uint8 way, StakingConsent consent', ...STRUCTS]);
