// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { isLoopbackUrl } from './loopback.ts';

const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);

/** What these bounds look at, of a file that may break others: a part that cannot be read is passed over. */
const looseSchema = z.object({
  role: text,
  mode: text,
  chain: text,
  rpc: text,
  trustingPeriodSeconds: number,
  evidenceWindowSeconds: number,
  unbondingDelaySeconds: number,
  timelockDelaySeconds: number,
  freezeDurationSeconds: number,
  epochLengthSeconds: number,
  sources: z.array(z.object({ id: text }).catch({ id: undefined })).catch([]),
  cometbft: z
    .array(
      z
        .object({
          chainId: text,
          trustingPeriodSeconds: number,
          unbondingPeriodSeconds: number,
          rpcs: z.array(z.string()).catch([]),
        })
        .catch({ rpcs: [] }),
    )
    .catch([]),
  hub: z.object({ id: text, rpc: text }).optional().catch(undefined),
});

type Loose = z.output<typeof looseSchema>;
type Problem = (path: (string | number)[], message: string) => void;

/** Bounds that tie one field of the options to another; most would only be found by the chain, some by nobody. */
export function checkDeployBounds(file: unknown, context: z.core.$RefinementCtx): void {
  const readable = looseSchema.safeParse(file);
  if (!readable.success) return;
  const problem: Problem = (path, message) => context.addIssue({ code: 'custom', path, message });
  checkTimes(readable.data, problem);
  checkChains(readable.data, problem);
  checkFollowed(readable.data, problem);
}

/** A comparison with a time that cannot be read is false: nothing is said of it. */
function checkTimes(options: Loose, problem: Problem): void {
  const { role, trustingPeriodSeconds: trusting = NaN, evidenceWindowSeconds: window = NaN } = options;
  const { unbondingDelaySeconds: unbonding = NaN, timelockDelaySeconds: timelock = NaN } = options;
  const { freezeDurationSeconds: freeze = NaN, epochLengthSeconds: epoch = NaN } = options;
  const slashable = trusting + window;
  if (unbonding <= slashable) {
    problem(['unbondingDelaySeconds'], `more than trusting period and evidence window together, ${slashable} s`);
  }
  if (timelock >= unbonding) problem(['timelockDelaySeconds'], `less than the unbonding delay, ${unbonding} s`);
  if (freeze <= timelock) {
    problem(
      ['freezeDurationSeconds'],
      `more than the timelock's delay, ${timelock} s: the owner could not confirm a freeze before it lapses`,
    );
  }
  if (role === 'hub' && epoch >= trusting) {
    problem(['epochLengthSeconds'], `less than the trusting period, ${trusting} s`);
  }
}

const LOCAL = 'an address on this machine while mode is development';

const isRefusedIn = (mode: string | undefined, rpc: string | undefined): boolean =>
  mode === 'development' && rpc !== undefined && URL.canParse(rpc) && !isLoopbackUrl(rpc);

function checkFollowed({ mode, cometbft }: Loose, problem: Problem): void {
  cometbft.forEach(({ chainId, trustingPeriodSeconds = NaN, unbondingPeriodSeconds = NaN, rpcs }, i) => {
    if (trustingPeriodSeconds >= unbondingPeriodSeconds) {
      problem(
        ['cometbft', i, 'trustingPeriodSeconds'],
        `less than the chain's unbonding period, ${unbondingPeriodSeconds} s`,
      );
    }
    if (chainId !== undefined && cometbft.findIndex((other) => other.chainId === chainId) !== i) {
      problem(['cometbft', i, 'chainId'], 'a chain that stands once');
    }
    rpcs.forEach((rpc, j) => {
      if (isRefusedIn(mode, rpc)) problem(['cometbft', i, 'rpcs', j], LOCAL);
    });
  });
}

function checkChains({ role, mode, chain, rpc, sources, hub }: Loose, problem: Problem): void {
  const ids = sources.map(({ id }) => id);
  ids.forEach((id, i) => {
    if (id === undefined) return;
    if (id === chain) problem(['sources', i, 'id'], 'another chain than the one deployed to');
    if (ids.indexOf(id) !== i) problem(['sources', i, 'id'], 'a chain that stands once');
  });
  if (isRefusedIn(mode, rpc)) problem(['rpc'], LOCAL);
  if (role !== 'destination' || !hub) return;
  if (isRefusedIn(mode, hub.rpc)) problem(['hub', 'rpc'], LOCAL);
  if (hub.id === undefined) return;
  if (hub.id === chain) problem(['hub', 'id'], 'another chain than the one deployed to');
  // While a source has no readable id, it may be the hub.
  if (ids.length > 0 && !ids.includes(undefined) && !ids.includes(hub.id)) {
    problem(['hub', 'id'], 'one of sources, or its validator sets can never rotate');
  }
}
