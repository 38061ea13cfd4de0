// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeAbiParameters, padHex, toHex, type Hex } from 'viem';
import {
  CONSENT_WAY,
  duplicateVoteParameters,
  ownSignatureParameters,
  stakingConsentParameters,
} from '../../protocol/abi/cometbft-evidence.ts';

/** The hash whose last byte is n. */
const hash = (n: number): Hex => padHex(toHex(n), { size: 32 });

/** Evidence in which no two fields are alike, for `contracts/test/fixtures/cometbft-evidence.json`. */
export function build() {
  const proof = {
    a: [1n, 2n],
    b: [
      [3n, 4n],
      [5n, 6n],
    ],
    c: [7n, 8n],
  } as const;
  const signatures = { keyHash: hash(9), digest: 10n, proof };
  const blockId = (n: number) => ({ hash: hash(n), partsTotal: n + 1, partsHash: hash(n + 2) });
  const header = {
    blockVersion: 20n,
    appVersion: 21n,
    height: 22n,
    secs: -23n,
    nanos: 24,
    lastBlockId: blockId(25),
    lastCommitHash: hash(28),
    dataHash: hash(29),
    validatorsHash: hash(30),
    nextValidatorsHash: hash(31),
    consensusHash: hash(32),
    appHash: hash(33),
    lastResultsHash: hash(34),
    evidenceHash: hash(35),
    proposer: padHex(toHex(36), { size: 20 }),
  };
  const evidence = {
    header,
    voteType: 2,
    round: 40,
    first: { blockId: blockId(41), secs: 44n, nanos: 45 },
    second: { blockId: blockId(46), secs: -49n, nanos: 50 },
    validators: toHex('validators'),
    index: 51n,
    signatures,
  };
  const consent = {
    state: { height: 60n, timeNs: 61n, appHash: hash(62), nextValidatorsHash: hash(63), blockHash: hash(64) },
    storeProof: toHex('the proof in the store, longer than a word of 32 bytes'),
    rootProof: toHex('the proof of its root'),
    signature: { x: hash(65), y: hash(66), signer: 'cosmos1', v: 27, r: hash(67), s: hash(68) },
  };
  return {
    duplicateVote: encodeAbiParameters(duplicateVoteParameters, [evidence]),
    ownSignature: encodeAbiParameters(ownSignatureParameters, [CONSENT_WAY.ownSignature, signatures]),
    stakingRecord: encodeAbiParameters(stakingConsentParameters, [CONSENT_WAY.stakingRecord, consent]),
  };
}
