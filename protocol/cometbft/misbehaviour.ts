// SPDX-License-Identifier: GPL-3.0-or-later
import type { HeaderMessage, LightClient } from './client-state.ts';
import { headerHash, type Header } from './header.ts';
import { CometBftRefusal } from './refusal.ts';
import type { TimeNs } from './timestamp.ts';
import { verifyEvidenceHeader } from './verify-header.ts';

/** How two headers of one chain contradict each other. */
export type HeaderConflict = 'fork' | 'time-not-rising';

/** The contradiction between two headers in either order (ICS-07, Misbehaviour), or undefined. */
export function headerConflict(a: Header, b: Header): HeaderConflict | undefined {
  if (a.height === b.height) return headerHash(a) === headerHash(b) ? undefined : 'fork';
  const [lower, higher] = a.height < b.height ? [a, b] : [b, a];
  return higher.timeNs > lower.timeNs ? undefined : 'time-not-rising';
}

/**
 * Freeze a client by two headers that contradict each other and would each convince it. Neither needs to be held; each
 * names its own trusted state (ICS-07, `submitMisbehaviourToClient`).
 * @throws CometBftRefusal
 */
export function submitMisbehaviour(
  client: LightClient,
  first: HeaderMessage,
  second: HeaderMessage,
  nowNs: TimeNs,
): { readonly conflict: HeaderConflict; readonly client: LightClient } {
  if (client.frozen) throw new CometBftRefusal('FROZEN', 'misbehaviour was shown');
  const conflict = headerConflict(first.signedHeader.header, second.signedHeader.header);
  if (!conflict) throw new CometBftRefusal('NO_CONFLICT', 'the two headers can stand in one chain');
  verifyEvidenceHeader(client, first, nowNs);
  verifyEvidenceHeader(client, second, nowNs);
  return { conflict, client: { ...client, frozen: true } };
}
