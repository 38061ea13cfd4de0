// SPDX-License-Identifier: GPL-3.0-or-later
import { toHex } from 'viem';
import type { HDAccount } from 'viem/accounts';
import type { Hex } from '../../protocol/bytes.ts';

/** The private key of one of Anvil's well-known accounts, for the key file of a service. */
export function privateKeyOf(account: HDAccount): Hex {
  const key = account.getHdKey().privateKey;
  if (!key) throw new Error(`${account.address} has no private key`);
  return toHex(key);
}
