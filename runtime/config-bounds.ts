// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { isLoopbackUrl } from './loopback.ts';

/** What these bounds look at, of a file that may break others: a part that cannot be read is passed over. */
const looseSchema = z.object({
  mode: z.unknown().optional(),
  coalition: z.object({ hub: z.string() }).optional().catch(undefined),
  chains: z
    .array(
      z.object({
        id: z.string().optional().catch(undefined),
        rpcQuorum: z.number().catch(1),
        rpcs: z.array(z.string()).catch([]),
      }),
    )
    .catch([]),
  cometbft: z
    .array(
      z
        .object({
          chainId: z.string().optional().catch(undefined),
          rpcs: z.array(z.string()).catch([]),
          ledgers: z.array(z.object({ chain: z.unknown().optional() }).catch({})).catch([]),
        })
        .catch({ chainId: undefined, rpcs: [], ledgers: [] }),
    )
    .catch([]),
  api: z
    .object({ host: z.string(), auth: z.object({ kind: z.string() }) })
    .optional()
    .catch(undefined),
  relayer: z
    .object({ destinations: z.array(z.unknown()) })
    .optional()
    .catch(undefined),
});

/** Bounds that tie one field of a configuration file to another; they are looked at whatever else is wrong with it. */
export function checkBounds(file: unknown, context: z.core.$RefinementCtx): void {
  const readable = looseSchema.safeParse(file);
  if (!readable.success) return;
  const { mode, chains, coalition, cometbft, api, relayer } = readable.data;
  const problem = (path: (string | number)[], message: string): void =>
    context.addIssue({ code: 'custom', path, message });
  const ids = chains.map(({ id }) => id);
  // While a chain has no readable id, it may be the one that is meant.
  const isNoChain = (id: unknown): boolean =>
    typeof id === 'string' && ids.length > 0 && !ids.includes(undefined) && !ids.includes(id);
  const checkLocal = (section: string, i: number, rpcs: readonly string[]): void =>
    rpcs.forEach((rpc, j) => {
      if (mode === 'development' && URL.canParse(rpc) && !isLoopbackUrl(rpc)) {
        problem([section, i, 'rpcs', j], 'an address on this machine while mode is development');
      }
    });
  if (isNoChain(coalition?.hub)) problem(['coalition', 'hub'], 'one of chains');
  relayer?.destinations.forEach((id, i) => {
    if (isNoChain(id)) problem(['relayer', 'destinations', i], 'one of chains');
  });
  chains.forEach(({ id, rpcQuorum, rpcs }, i) => {
    if (id !== undefined && ids.indexOf(id) !== i) problem(['chains', i, 'id'], 'a chain that stands once');
    if (rpcs.length > 0 && rpcQuorum > rpcs.length) {
      problem(['chains', i, 'rpcQuorum'], `at most ${rpcs.length}, the number of rpcs`);
    }
    checkLocal('chains', i, rpcs);
  });
  cometbft.forEach(({ chainId, rpcs, ledgers }, i) => {
    checkLocal('cometbft', i, rpcs);
    if (chainId !== undefined && cometbft.findIndex((other) => other.chainId === chainId) !== i) {
      problem(['cometbft', i, 'chainId'], 'a chain that stands once');
    }
    ledgers.forEach(({ chain }, j) => {
      if (isNoChain(chain)) problem(['cometbft', i, 'ledgers', j, 'chain'], 'one of chains');
      if (chain !== undefined && ledgers.findIndex((other) => other.chain === chain) !== j) {
        problem(['cometbft', i, 'ledgers', j, 'chain'], 'a chain that stands once');
      }
    });
  });
  if (api?.auth.kind === 'none' && !isLoopbackUrl(`http://${bracketed(api.host)}`)) {
    problem(['api', 'host'], 'a loopback address, or api.auth configured');
  }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);
