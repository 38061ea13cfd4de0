// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeFunctionData, zeroHash } from 'viem';
import { timelockAbi } from '../../protocol/abi/timelock.ts';
import type { Hex } from '../../protocol/bytes.ts';

/** What only the owner may call. */
export interface OwnerCall {
  /** for people */
  readonly what: string;
  readonly target: Hex;
  readonly data: Hex;
}

/** The timelock's calls for one of the owner's. */
export interface TimelockCall {
  /** for people */
  readonly what: string;
  /** the proposer sends it */
  readonly schedule: { readonly to: Hex; readonly data: Hex };
  /** anybody sends it once the delay has passed */
  readonly execute: { readonly to: Hex; readonly data: Hex };
}

/** @param delay of the timelock, in seconds */
export function timelockCall(timelock: Hex, delay: bigint, { what, target, data }: OwnerCall): TimelockCall {
  const call = [target, 0n, data, zeroHash, zeroHash] as const;
  return {
    what,
    schedule: {
      to: timelock,
      data: encodeFunctionData({ abi: timelockAbi, functionName: 'schedule', args: [...call, delay] }),
    },
    execute: { to: timelock, data: encodeFunctionData({ abi: timelockAbi, functionName: 'execute', args: call }) },
  };
}
