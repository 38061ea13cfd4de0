// SPDX-License-Identifier: GPL-3.0-or-later

/** `ICheckpointLedger.Outcome`, in order. */
export const LEDGER_OUTCOMES = ['updated', 'known', 'superseded', 'conflict'] as const;
/** `ICometBftLedger.Outcome`, in order. */
export const HEADER_OUTCOMES = ['updated', 'known', 'misbehaviour'] as const;
/** `ICoalition.SlashOutcome`, in order. */
export const SLASH_OUTCOMES = ['slashed', 'barred', 'already'] as const;
/** `ICoalition.Status.None`: the key was never seen. */
export const STATUS_NONE = 0;
