// SPDX-License-Identifier: GPL-3.0-or-later
import { consensusState, type ConsensusState, type HeaderMessage, type LightClient } from './client-state.ts';
import { CometBftRefusal } from './refusal.ts';
import type { TimeNs } from './timestamp.ts';
import { verifyHeader } from './verify-header.ts';

/** Known: held already. Misbehaviour: valid, and contradicts what is held; the client is frozen. */
export type Outcome = 'updated' | 'known' | 'misbehaviour';

/**
 * Show a header to a light client (CometBFT specification, "Light client verification"; ICS-07, `UpdateClient`). What
 * is held already is known without further checks. A valid header is misbehaviour where another is held at its height,
 * or where its time does not lie strictly between those of the states below and above it. ICS-07 wants two headers as
 * evidence where the state below is the trusted one; it is as good a witness as any other state. Evidence may lie in
 * the future; what is to be held may not.
 * @returns the client afterwards: the same one unless updated or frozen
 * @throws CometBftRefusal
 */
export function updateClient(
  client: LightClient,
  message: HeaderMessage,
  nowNs: TimeNs,
): { readonly outcome: Outcome; readonly client: LightClient } {
  const { header } = message.signedHeader;
  const state = consensusState(header);
  if (client.states.get(header.height)?.blockHash === state.blockHash) return { outcome: 'known', client };
  if (client.frozen) throw new CometBftRefusal('FROZEN', 'misbehaviour was shown');
  const misbehaviour = contradicts(client.states, header.height, state);
  if (!misbehaviour && header.timeNs >= nowNs + client.maxClockDriftNs) {
    throw new CometBftRefusal('TIME_IN_FUTURE', 'the header is ahead of our clock by more than the allowed drift');
  }
  verifyHeader(client, message, nowNs);
  if (misbehaviour) return { outcome: 'misbehaviour', client: { ...client, frozen: true } };
  return { outcome: 'updated', client: { ...client, states: new Map(client.states).set(header.height, state) } };
}

/** Whether a state cannot stand in one chain with those held: another at its height, or times that do not rise. */
function contradicts(states: LightClient['states'], height: bigint, { timeNs }: ConsensusState): boolean {
  return [...states].some(([held, other]) => {
    if (held === height) return true;
    return held < height ? other.timeNs >= timeNs : other.timeNs <= timeNs;
  });
}
