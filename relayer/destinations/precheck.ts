// SPDX-License-Identifier: GPL-3.0-or-later
import {
  decodeErrorResult,
  decodeFunctionResult,
  parseAbi,
  toFunctionSelector,
  type Abi,
  type AbiFunction,
} from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { HEADER_OUTCOMES, LEDGER_OUTCOMES, SLASH_OUTCOMES } from '../lib/outcomes.ts';
import type { Precheck } from './destination.ts';

/** Refusals that no later state of the chain turns into an acceptance of the same call. */
const PERMANENT = new Set([
  'HeightNotOnInterval',
  'SourceNotBelowTarget',
  'TimestampNotRising',
  'SetRevoked',
  'SetExpired',
  'EvidenceExpired',
  'NoConflict',
  'VerifierExpired',
  'WrongStatementKind',
  'WrongCapacity',
  'WrongSignalCount',
  'SignalNotCanonical',
  'CoordinateNotCanonical',
  'InvalidProof',
  'LeafIndexOutOfRange',
  'SignersOutOfRange',
  'ShareOutOfRange',
  'LeafCountWrong',
  'LeavesMismatch',
  'LeafNotCanonical',
  'EpochNotRising',
  'EpochDigestMismatch',
  'HubCheckpointNotNewer',
  'StateExpired',
  'HeightNotAboveTrusted',
  'ValidatorsHashMismatch',
  'PowerTooSmall',
  'TrustedPowerTooSmall',
  'KeyExpired',
  'BlockIdIncomplete',
  'EvidenceMalformed',
  'NotInSet',
  'RoundOutOfRange',
  'SameBlockId',
  'TooFewSlots',
  'ValidatorsHashDiffers',
  'VoteTypeOutOfRange',
]);

const NOTHING_TO_DO = new Set<string>(['known', 'superseded', 'already']);

const standardErrors = parseAbi(['error Error(string)', 'error Panic(uint256)']);
const contractAbi: Abi = [
  ...checkpointLedgerAbi,
  ...hubCoalitionAbi,
  ...cometBftLedgerAbi,
  // Its errors come through Coalitions; its functions nobody calls from here.
  ...cometBftJudgeAbi.filter(({ type }) => type === 'error'),
  ...standardErrors,
];
const functions = new Map<string, AbiFunction>(
  contractAbi.flatMap((item) => (item.type === 'function' ? [[toFunctionSelector(item), item] as const] : [])),
);

/** Name of the contract function that a call is for. */
export function functionName(data: Hex): string {
  return functions.get(data.slice(0, 10))?.name ?? data.slice(0, 10);
}

/** What a simulated call's result means. */
export function judgeResult(data: Hex, result: Hex): Precheck {
  const called = functions.get(data.slice(0, 10));
  if (!called) return { state: 'refused', reason: `unknown function ${data.slice(0, 10)}`, permanent: true };
  const value: unknown = decodeFunctionResult({ abi: [called], functionName: called.name, data: result });
  const outcome = outcomeOf(called.name, value);
  return { state: NOTHING_TO_DO.has(outcome) ? 'done' : 'needed', outcome };
}

/** What a simulated call's revert means. */
export function judgeRevert(data: Hex | undefined): Precheck {
  const reason = errorName(data);
  return { state: 'refused', reason, permanent: PERMANENT.has(reason) };
}

function outcomeOf(name: string, value: unknown): string {
  if (name === 'submitCheckpoint') return LEDGER_OUTCOMES[Number(value)] ?? 'unknown';
  if (name === 'slashEquivocation' || name === 'slashDuplicateVote') return SLASH_OUTCOMES[Number(value)] ?? 'unknown';
  if (name === 'update') return HEADER_OUTCOMES[Number(value)] ?? 'unknown';
  if (name === 'slashQuorums') return value === 0n ? 'already' : 'slashed';
  return name;
}

function errorName(data: Hex | undefined): string {
  if (data === undefined || data === '0x') return 'reverted without a reason';
  try {
    const { errorName: name, args } = decodeErrorResult({ abi: contractAbi, data });
    return name === 'Error' ? String(args?.[0]) : name;
  } catch {
    return `reverted with ${data.slice(0, 10)}`;
  }
}
