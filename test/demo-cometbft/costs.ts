// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { prepareInputs } from '../../circuits/registry.ts';
import { chooseValidSigners } from '../../protocol/cometbft/choose-signers.ts';
import { signatureSlots } from '../../protocol/cometbft/ledger-header.ts';
import { TWO_THIRDS } from '../../protocol/cometbft/power.ts';
import type { ReportTable } from '../demo/report.ts';
import type { AcceptedHeader, CometBftWorld } from './cometbft-world.ts';
import { statementEvents, type HeaderUpdate, type StatementEvent } from './farm.ts';
import type { LargeChain } from './large-chain.ts';

/** What a farm of one worker is to keep below, from the request to the last proof. */
const TARGET_SECONDS = 40;

/** Milliseconds of one shard. */
interface ShardCost {
  readonly waiting: number;
  readonly hints: number;
  readonly witness: number;
  readonly proving: number;
  readonly checking: number;
}

/** What each part of a header's way cost: by the farm's own events, and by clocks of ours for what it does not tell. */
export async function costTable(
  { base, destinations }: CometBftWorld,
  large: LargeChain,
  update: HeaderUpdate,
  accepted: readonly AcceptedHeader[],
): Promise<ReportTable> {
  const choosing = timeChoosing(large);
  const hints = timeHints(large, update);
  const events = await Promise.all(update.shards.map(({ statement }) => statementEvents(base, statement)));
  const shards = events.map(shardCost);
  const provedAtMs = Math.max(...events.map((all) => endOf(all)));
  const postToProved = (provedAtMs - update.createdAtMs) / 1_000;
  const relays = accepted.map(({ gas, heldAtMs }, i) => ({
    chain: destinations[i]?.name ?? '',
    seconds: (heldAtMs - provedAtMs) / 1_000,
    gas: Number(gas),
  }));
  const row = (name: string, ms: readonly number[]): readonly string[] => [
    name,
    ...ms.map((one) => (one / 1_000).toFixed(2)),
    (ms.reduce((a, b) => a + b, 0) / 1_000).toFixed(2),
  ];
  const part = (key: keyof ShardCost): number[] => shards.map((shard) => shard[key]);
  const blank = shards.map(() => '');
  return {
    name: 'costs',
    title: `What block ${update.height} of ${large.chainId} cost: ${update.signers} signatures, ${update.circuit} for each shard, seconds`,
    head: ['part', ...shards.map((_, i) => `shard ${i + 1}`), 'together'],
    rows: [
      ['sign bytes and choice of signers (measured here)', ...blank, (choosing / 1_000).toFixed(2)],
      [
        'hints alone (measured here)',
        ...hints.map((ms) => (ms / 1_000).toFixed(2)),
        (hints.reduce((a, b) => a + b, 0) / 1_000).toFixed(2),
      ],
      row('inputs with hints, by the worker', part('hints')),
      row('witness; of the first with the proving key loaded', part('witness')),
      row('proof', part('proving')),
      row("the worker's check of the proof", part('checking')),
      ['from the request to the last proof', ...blank, postToProved.toFixed(2)],
      ...relays.map(({ chain, seconds, gas }) => [
        `relayed to ${chain}, ${gas.toLocaleString('en')} gas`,
        ...blank,
        seconds.toFixed(2),
      ]),
      [
        `${postToProved < TARGET_SECONDS ? 'below' : 'NOT below'} the ${TARGET_SECONDS} s that it is to take`,
        ...blank,
        '',
      ],
    ],
    json: {
      chainId: large.chainId,
      origin: large.origin,
      height: update.height,
      signers: update.signers,
      circuit: update.circuit,
      choosingMs: choosing,
      hintsMs: hints,
      shards,
      postToProvedSeconds: postToProved,
      targetSeconds: TARGET_SECONDS,
      relays,
    },
  };
}

function timeChoosing(large: LargeChain): number {
  const { signed, set } = large.block(large.height + 1n);
  const from = performance.now();
  const signers = chooseValidSigners(large.chainId, set, signed.commit, [{ set, share: TWO_THIRDS }]);
  assert.ok(signers);
  signatureSlots({ trustedHeight: large.height, signedHeader: signed, validators: set, signers });
  return performance.now() - from;
}

function timeHints(large: LargeChain, { circuit, shards }: HeaderUpdate): number[] {
  const { signed, set } = large.block(large.height + 1n);
  const signers = chooseValidSigners(large.chainId, set, signed.commit, [{ set, share: TWO_THIRDS }]) ?? [];
  const slots = signatureSlots({ trustedHeight: large.height, signedHeader: signed, validators: set, signers });
  const each = Number(circuit.split('-').at(-1));
  return shards.map((_, i) => {
    const from = performance.now();
    prepareInputs(circuit, { slots: slots.slice(i * each, (i + 1) * each) });
    return performance.now() - from;
  });
}

/** @throws AssertionError for a statement that was not proved at once */
function shardCost(events: readonly StatementEvent[]): ShardCost {
  const at = (what: string, is: (event: StatementEvent) => boolean): number => {
    const found = events.find(is);
    assert.ok(found, `the farm told nothing of ${what}`);
    return found.atMs;
  };
  const queued = at('the queue', ({ state }) => state === 'queued');
  const begun = at('the beginning', ({ state }) => state === 'proving');
  const witness = at('the witness', ({ phase }) => phase === 'witness');
  const proving = at('the proof', ({ phase }) => phase === 'prove');
  const checking = at('the check', ({ phase }) => phase === 'check');
  return {
    waiting: begun - queued,
    hints: witness - begun,
    witness: proving - witness,
    proving: checking - proving,
    checking: endOf(events) - checking,
  };
}

function endOf(events: readonly StatementEvent[]): number {
  const end = events.find(({ state }) => state === 'proved');
  assert.ok(end, 'the statement is not proved');
  return end.atMs;
}
