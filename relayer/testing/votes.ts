// SPDX-License-Identifier: GPL-3.0-or-later
import { keccak256, stringToHex } from 'viem';
import type { Attestation } from '../../protocol/attestation.ts';
import { chainKey, parseChainId, type ChainKey } from '../../protocol/chain.ts';
import { domain } from '../../protocol/domain.ts';
import { toFr } from '../../protocol/field.ts';
import type { Vote } from '../attester/slashing-rules.ts';

export const TEST_SECRET = `0x${'5a'.repeat(32)}`;
const TEST_CHAIN = chainKey(parseChainId('eip155:1', 'id'), keccak256('0x00'));
const TEST_DOMAIN = domain('attestation', { hubChainKey: TEST_CHAIN, hubCoalition: `0x${'11'.repeat(20)}` });

/** A vote; `fork` tells two blocks of one height apart. */
export function testVote(
  source: bigint,
  target: bigint,
  more: { fork?: string; set?: bigint; chain?: ChainKey } = {},
): Vote {
  const blockHash = keccak256(stringToHex(`${target} ${more.fork ?? ''}`));
  const attestation: Attestation = {
    setCommitment: toFr(more.set ?? 1n, 'set'),
    sourceHeight: source,
    checkpoint: {
      chainKey: more.chain ?? TEST_CHAIN,
      height: target,
      blockHash,
      stateRoot: blockHash,
      timestamp: target,
    },
  };
  return { domain: TEST_DOMAIN, attestation };
}
