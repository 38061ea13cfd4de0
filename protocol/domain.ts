// SPDX-License-Identifier: GPL-3.0-or-later
import { asciiToBytes } from './ascii.ts';
import { fromHex, sha256Trunc31, toHex, type Hex } from './bytes.ts';
import type { ChainKey } from './chain.ts';

export const PROTOCOL_VERSION = 1;

/** What a validator's keys may sign. The kind is part of the domain: a signature for one never serves the other. */
export const MESSAGE_KIND = { attestation: 1, registration: 2, consensusKey: 3 } as const;

export type MessageKind = keyof typeof MESSAGE_KIND;

/** One coalition: the chain that seals its validator sets, and the contract there. */
export interface CoalitionId {
  readonly hubChainKey: ChainKey;
  /** 20 bytes: `Coalition` on the hub */
  readonly hubCoalition: Hex;
}

/** 31 bytes; contracts fix it at deployment, a prover never supplies it. */
export type Domain = Hex & { readonly __brand: 'Domain' };

/** SHA-256("phalanx" || version u8 || kind u8 || hub chain key (31) || hub Coalition (20)), first 31 bytes. */
export function domain(kind: MessageKind, coalition: CoalitionId): Domain {
  const head = Uint8Array.of(PROTOCOL_VERSION, MESSAGE_KIND[kind]);
  return toHex(
    sha256Trunc31(asciiToBytes('phalanx'), head, fromHex(coalition.hubChainKey), fromHex(coalition.hubCoalition)),
  ) as Domain;
}
