// SPDX-License-Identifier: GPL-3.0-or-later
import type { TransactionReceipt } from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import type { Domain } from '../../protocol/domain.ts';
import type { LocalProver } from '../prove-files.ts';
import { proveRegistration } from '../prove-registration.ts';
import type { LocalChain } from './local-chain.ts';
import type { LocalValidator } from './validators.ts';

const GWEI = 1_000_000_000n;

/** Prove that the validator's operator holds its key, and deposit its stake on one chain. */
export async function registerValidator(
  chain: LocalChain,
  registrationDomain: Domain,
  { secret, operator, stakeGwei }: LocalValidator,
  prover: LocalProver,
): Promise<TransactionReceipt> {
  const { coalition } = chain.deployment;
  const args = await proveRegistration(prover, registrationDomain, secret, {
    operator: operator.address.toLowerCase() as Hex,
    chainKey: chain.chainKey,
    coalition: coalition.toLowerCase() as Hex,
  });
  return chain.write(operator, 'Coalition', coalition, 'register', args, stakeGwei * GWEI);
}
