// SPDX-License-Identifier: GPL-3.0-or-later
import { fromBytesBE, fromHex, sha256Trunc31, type Hex } from './bytes.ts';
import type { ChainKey } from './chain.ts';
import type { Domain } from './domain.ts';
import { InvalidFieldError } from './errors.ts';
import { toFr, type Fr } from './field.ts';

/** Where a key is registered and by whom. */
export interface Registration {
  /** 20 bytes: the account that deposits and may withdraw */
  readonly operator: Hex;
  /** the chain whose `Coalition` takes the key */
  readonly chainKey: ChainKey;
  /** 20 bytes: that `Coalition` */
  readonly coalition: Hex;
}

/**
 * What the key signs to be registered: SHA-256(domain (31) || operator (20) || chain key (31) || Coalition (20)), first
 * 31 bytes. A registration copied to another account, chain or contract has another digest.
 * @param domain of kind `registration`
 */
export function registrationDigest(domain: Domain, registration: Registration): Fr {
  const operator = fromHex(registration.operator);
  const coalition = fromHex(registration.coalition);
  if (operator.length !== 20) throw new InvalidFieldError('operator', '20 bytes');
  if (coalition.length !== 20) throw new InvalidFieldError('coalition', '20 bytes');
  return toFr(
    fromBytesBE(sha256Trunc31(fromHex(domain), operator, fromHex(registration.chainKey), coalition)),
    'digest',
  );
}
