// SPDX-License-Identifier: GPL-3.0-or-later
import { z } from 'zod';
import { MIN_SHARE, SHARE_DENOMINATOR } from '../protocol/share.ts';
import { checkBounds } from './config-bounds.ts';
import { followedChainSchema } from './followed-chain.ts';
import { chainId, hex, path, seconds, url } from './schema-fields.ts';

/** `redis://[user@]host:port[/db]`, `rediss://...` or `unix:///path`; the password never stands here. */
const redisUrl = z
  .string()
  .regex(/^(redis|rediss):\/\/[^/]+(\/\d+)?$|^unix:\/\/\/.+$/, 'expected redis://, rediss:// or unix:///path')
  .refine(
    (text) => !/^rediss?:\/\/[^@/]*:[^@/]*@/.test(text),
    'expected no password here: put it in PHALANX_REDIS_PASSWORD',
  );

const port = z.int().min(0).max(65_535);
const host = z.string().min(1);

/** Where a process without an HTTP service of its own serves /metrics, /health and /ready. Off when absent. */
const metrics = z.strictObject({ host: host.default('127.0.0.1'), port });

const chain = z.strictObject({
  id: chainId,
  /** hash of block 0: with the id it makes the chain key */
  genesisHash: hex(32),
  rpcs: z.array(url).min(1),
  /** how many of `rpcs` must give the same answer */
  rpcQuorum: z.int().min(1).default(1),
  /** the node's `finalized` tag, or a number of blocks on top */
  finality: z
    .union([z.literal('finalized'), z.strictObject({ depth: z.int().min(0).max(100_000) })])
    .default('finalized'),
  /** checkpoints stand at its multiples */
  interval: z
    .int()
    .min(1)
    .max(2 ** 32)
    .transform(BigInt),
  /** blocks on top of a relayed transaction's before it counts as done */
  confirmations: z.int().min(0).max(10_000).default(1),
  pollMs: z.int().min(50).max(3_600_000).default(1_000),
  /** first block to look for the contracts' events in */
  fromBlock: z.int().min(0).default(0).transform(BigInt),
  contracts: z.strictObject({ ledger: hex(20), stateReader: hex(20), coalition: hex(20) }),
});

const coalition = z.strictObject({
  /** the chain whose `Coalition` seals the validator sets; one of `chains` */
  hub: chainId,
  /** a quorum is strictly more than this many thirty-thousandths of the set's stake; the ledgers' own policy */
  share: z
    .int()
    .min(MIN_SHARE)
    .max(SHARE_DENOMINATOR - 1)
    .default(MIN_SHARE),
  trustingPeriodSeconds: seconds,
  evidenceWindowSeconds: seconds,
});

const api = z.strictObject({
  host: host.default('127.0.0.1'),
  port: port.default(8787),
  /** where relayers, attesters and watchers find it: one address or several that serve the same Redis */
  urls: z.array(url).min(1).default(['http://127.0.0.1:8787']),
  auth: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('none') }),
      /** bearer tokens, one a line, from this file or PHALANX_API_TOKENS */
      z.strictObject({ kind: z.literal('bearer'), tokensFile: path.optional() }),
    ])
    .default({ kind: 'none' }),
  /** attestations kept of one key on one chain while they are evidence; 20,000 are a vote a minute for two weeks */
  mostVotesPerKey: z.int().min(100).max(10_000_000).default(20_000),
  bodyLimitBytes: z
    .int()
    .min(1_024)
    .max(16 * 2 ** 20)
    .default(256 * 1_024),
  /** requests of one client (token, or address without tokens) over all API processes */
  rateLimit: z
    .strictObject({
      perSecond: z.int().min(1).max(100_000).default(200),
      burst: z.int().min(1).max(1_000_000).default(2_000),
    })
    .prefault({}),
});

const worker = z.strictObject({
  concurrency: z.int().min(1).max(64).default(1),
  /** hard limit for one proof, then its process is killed */
  timeoutMs: z.int().min(1_000).max(86_400_000).default(300_000),
  engine: z.enum(['auto', 'snarkjs', 'native']).default('auto'),
  native: z
    .strictObject({
      /** instruction set; by default the fastest that the processor has */
      path: z.enum(['auto', 'ifma', 'adx', 'portable']).default('auto'),
      /** of one proof; by default all cores */
      threads: z.int().min(1).max(1_024).optional(),
      /** of each proving process: keys used longest ago are forgotten beyond it */
      keyMemoryMiB: z
        .int()
        .min(1)
        .max(2 ** 20)
        .default(4_096),
    })
    .optional(),
  metrics: metrics.optional(),
});

const relayer = z.strictObject({
  /** the account that pays: 32 bytes as 0x-hex, in this file or PHALANX_RELAYER_KEY */
  keyFile: path.optional(),
  /** destinations, a subset of `chains`; all when absent */
  destinations: z.array(chainId).min(1).optional(),
  pollMs: z.int().min(50).max(3_600_000).default(1_000),
  /** a pending transaction older than this is replaced with a higher fee */
  stuckAfterMs: z.int().min(1_000).max(86_400_000).default(60_000),
  /** highest fee per gas it will pay */
  maxFeeGwei: z.number().positive().max(1_000_000).default(500),
  /** warn when the paying account holds less than this many whole coins on a chain */
  lowBalance: z.number().min(0).max(1_000_000).default(0.1),
  /** also seal the hub's epochs when they are due, which costs gas */
  sealEpochs: z.boolean().default(false),
  metrics: metrics.optional(),
});

const attester = z.strictObject({
  /** the BabyJubJub secret: 32 bytes as 0x-hex, in this file or PHALANX_ATTESTER_KEY */
  keyFile: path.optional(),
  /** slashing-protection record; every vote is written there before it is signed */
  recordFile: path,
  pollMs: z.int().min(50).max(3_600_000).default(1_000),
  metrics: metrics.optional(),
});

const follower = z.strictObject({
  pollMs: z.int().min(50).max(3_600_000).default(1_000),
  metrics: metrics.optional(),
});

const watcher = z.strictObject({
  pollMs: z.int().min(50).max(3_600_000).default(1_000),
  metrics: metrics.optional(),
});

/** The whole configuration file. Unknown fields are refused everywhere: a misspelt bound must not vanish. */
export const configSchema = z
  .strictObject({
    /**
     * `development` admits development keys; refused as soon as an RPC is not on this machine. When left out:
     * development if there are chains and all RPCs, also of followed chains, are on this machine.
     */
    mode: z.enum(['development', 'production']).optional(),
    /** compiled circuits and keys; relative to the configuration file */
    home: path.optional(),
    log: z
      .strictObject({ level: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info') })
      .prefault({}),
    redis: z.strictObject({ url: redisUrl, passwordFile: path.optional() }).optional(),
    /** this and the next: every role but a worker */
    coalition: coalition.optional(),
    chains: z.array(chain).min(1).optional(),
    /** CometBFT chains that are followed by light clients */
    cometbft: z.array(followedChainSchema).default([]),
    api: api.optional(),
    worker: worker.optional(),
    relayer: relayer.optional(),
    attester: attester.optional(),
    watcher: watcher.optional(),
    follower: follower.optional(),
  })
  .superRefine(checkBounds, { when: () => true });

export type ConfigFile = z.output<typeof configSchema>;
export type ConfigFileInput = z.input<typeof configSchema>;
export type ChainFileEntry = NonNullable<ConfigFileInput['chains']>[number];
export type FollowedChainEntry = NonNullable<ConfigFileInput['cometbft']>[number];
export type ChainConfig = NonNullable<ConfigFile['chains']>[number];
export type CoalitionConfig = NonNullable<ConfigFile['coalition']>;
export type ApiSection = NonNullable<ConfigFile['api']>;
export type WorkerSection = NonNullable<ConfigFile['worker']>;
export type RelayerSection = NonNullable<ConfigFile['relayer']>;
export type AttesterSection = NonNullable<ConfigFile['attester']>;
export type WatcherSection = NonNullable<ConfigFile['watcher']>;
export type FollowerSection = NonNullable<ConfigFile['follower']>;
