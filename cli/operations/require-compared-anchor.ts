// SPDX-License-Identifier: GPL-3.0-or-later
import { numberToHex } from 'viem';
import type { DeployConfig } from '../../runtime/deploy-config.ts';
import { OperationError } from './operation-error.ts';

/**
 * One RPC's word is not enough to found a ledger on (DESIGN.md, rules 7 and 9): in production the options name the set.
 * @param commitment of the anchor as the hub's RPC gives it
 * @throws OperationError
 */
export function requireComparedAnchor(
  { options, mode }: Pick<DeployConfig, 'options' | 'mode'>,
  commitment: bigint,
): void {
  if (mode === 'development' || options.role === 'hub' || options.hub.commitment === commitment) return;
  throw new OperationError(
    'nothing was sent: compare the anchor set with the hub (another node, an explorer, other operators), then write it ' +
      `into the options as hub.commitment: ${numberToHex(commitment, { size: 32 })}`,
  );
}
