// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import { consensusKeyDigest, consentMessage } from '../../protocol/consensus-key.ts';
import { domain } from '../../protocol/domain.ts';
import type { ChainConfig } from '../../runtime/common-config.ts';
import type { BindConfig } from '../../runtime/config.ts';
import type { FollowedChain } from '../../runtime/followed-chain.ts';
import { configuredChain } from './configured-chain.ts';
import { OperationError } from './operation-error.ts';

/** What one binding names. */
export interface BindingParts {
  /** of the Coalition */
  readonly chain: ChainId;
  /** CAIP-2: whose consensus the key takes part in */
  readonly cometbft: ChainId;
  /** Ed25519, 32 bytes as the chain encodes it */
  readonly consensusKey: Hex;
  /** 20 bytes, lower-case */
  readonly operator: Hex;
}

/** A consensus key that is to be an operator's on one Coalition. */
export interface ConsensusBinding {
  readonly chain: ChainConfig;
  readonly followed: FollowedChain;
  readonly consensusKey: Hex;
  readonly operator: Hex;
  /** 32 bytes: names all of it */
  readonly digest: Hex;
  /** 88 bytes, which somebody who has a say over the key signs */
  readonly message: Uint8Array;
}

/** From the configuration alone: no chain is asked. @throws OperationError for a chain that it does not have */
export function consensusBinding(
  config: Pick<BindConfig, 'coalition' | 'chains' | 'cometbft'>,
  { chain: chainId, cometbft, consensusKey, operator }: BindingParts,
): ConsensusBinding {
  const chain = configuredChain(config.chains, chainId);
  if (config.cometbft.length === 0) throw new OperationError('the configuration follows no CometBFT chain (cometbft:)');
  const followed = configuredChain(config.cometbft, cometbft);
  const digest = consensusKeyDigest(
    domain('consensusKey', config.coalition),
    { chainKey: followed.chainKey, key: consensusKey },
    { operator, chainKey: chain.chainKey, coalition: chain.contracts.coalition },
  );
  return { chain, followed, consensusKey, operator, digest, message: consentMessage(digest) };
}
