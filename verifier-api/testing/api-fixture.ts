// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { stringify } from 'yaml';
import { z } from 'zod';
import { attestationMessage, type Attestation } from '../../protocol/attestation.ts';
import { toHex } from '../../protocol/bytes.ts';
import { publicKey, sign, type Point } from '../../protocol/eddsa.ts';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import { loadApiConfig, type ApiConfig } from '../../runtime/config.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../runtime/embedded-redis.ts';
import { createLogger } from '../../runtime/log.ts';
import { connectProducer } from '../../runtime/redis.ts';
import { epochDigest, epochSlot } from '../../protocol/epoch-digest.ts';
import { signedAttestationSchema } from '../schemas/attestation.ts';
import { validatorSetSchema } from '../schemas/validator-set.ts';
import { startApi, type RunningApi } from '../start-api.ts';
import { sealedSet, type SealedSet } from '../store/set-store.ts';
import { writeForgedKeys, type ForgedKey } from './forged-keys.ts';
import { startRpcStub, type RpcStub } from './rpc-stub.ts';

export type Wire = Record<string, unknown>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Wire;
}

/** Five validators, the fifth outside the set. */
const SECRETS = [1, 2, 3, 4, 5].map((byte) => new Uint8Array(32).fill(byte));
const STAKES = [40n, 30n, 20n, 10n];
/** When the fixture's set was sealed. */
export const NOW_SECONDS = BigInt(Math.floor(Date.now() / 1_000));
export const INTERVAL = 64n;

/** The service on a Redis of its own, with a node that says what it is told and keys whose proofs can be made up. */
export class ApiFixture {
  readonly keys: readonly Point[] = SECRETS.map(publicKey);
  readonly set: SealedSet;
  readonly apis: RunningApi[] = [];

  private constructor(
    readonly folder: string,
    public server: EmbeddedRedis,
    readonly redis: Redis,
    readonly rpc: RpcStub,
    readonly forged: ReadonlyMap<string, ForgedKey>,
    readonly config: ApiConfig,
  ) {
    const slots = Array.from({ length: 16 }, (_, i) => {
      const [key, stakeGwei] = [this.keys[i], STAKES[i]];
      return key && stakeGwei ? { key, stakeGwei } : undefined;
    });
    const set = validatorSet(1n, 16, slots);
    this.set = sealedSet(setCommitment(set), NOW_SECONDS, set);
  }

  /** @param change of the configuration file's `api` section; @param more sections of it */
  static async start(change: Wire = {}, more: Wire = {}): Promise<ApiFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'phalanx-api-'));
    const server = await startEmbeddedRedis({ dataDir: folder });
    const redis = await connectProducer({ url: server.url, password: undefined });
    const rpc = await startRpcStub();
    const forged = writeForgedKeys(folder);
    const config = loadApiConfig(writeConfig(folder, server.url, rpc.url, change, more), {});
    const fixture = new ApiFixture(folder, server, redis, rpc, forged, config);
    fixture.seal(fixture.set);
    await fixture.startApi();
    return fixture;
  }

  async startApi(): Promise<RunningApi> {
    const api = await startApi(this.config, createLogger('api', 'silent'));
    this.apis.push(api);
    return api;
  }

  async stop(): Promise<void> {
    await Promise.all(this.apis.map((api) => api.stop()));
    this.rpc.close();
    this.redis.disconnect();
    await this.server.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** From now on the hub's storage shows these sets as sealed. */
  seal(...sets: readonly SealedSet[]): void {
    const words = new Map(sets.map((sealed) => [epochSlot(sealed.set.epoch), epochDigest(sealed)]));
    this.rpc.answers.set('eth_getStorageAt', ([, slot]) => words.get(slot as `0x${string}`) ?? `0x${'00'.repeat(32)}`);
  }

  /** After its end: the same file, the same socket, and services that come back by themselves. */
  async restartRedis(): Promise<void> {
    this.server = await startEmbeddedRedis({
      dataDir: this.folder,
      socketPath: this.server.url.slice('unix://'.length),
    });
    for (let attempt = 0; attempt < 100; attempt++) {
      const [own, theirs] = await Promise.all([
        this.redis.ping().catch(() => ''),
        this.get('/ready').catch(() => undefined),
      ]);
      if (own === 'PONG' && theirs?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('Redis did not come back');
  }

  /** @param body an object, or text to be sent as it is */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    api = 0,
  ): Promise<Answer> {
    const response = await fetch(`${this.apis[api]?.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: isJson ? (JSON.parse(text) as Wire) : { text } };
  }

  get(path: string): Promise<Answer> {
    return this.call('GET', path);
  }

  post(path: string, body: unknown, headers: Record<string, string> = {}, api = 0): Promise<Answer> {
    return this.call('POST', path, body, headers, api);
  }

  async publishSet(sealed = this.set): Promise<Answer> {
    return this.post('/v1/validator-sets', this.setWire(sealed));
  }

  setWire({ commitment, sealedAt, set }: SealedSet): Wire {
    const { epoch, capacity } = set;
    return z.encode(validatorSetSchema, {
      commitment,
      epoch,
      capacity,
      sealedAt,
      slots: set.slots.map((slot) => slot ?? null),
    });
  }

  attestation(source: bigint, height: bigint, fork = 0, chain = 0): Attestation {
    const config = this.config.chains[chain];
    if (!config) throw new Error('no such chain');
    return {
      setCommitment: this.set.commitment,
      sourceHeight: source,
      checkpoint: {
        chainKey: config.chainKey,
        height,
        blockHash: toHex(new Uint8Array(32).fill(fork + 1)),
        stateRoot: toHex(new Uint8Array(32).fill(fork + 2)),
        timestamp: 1_700_000_000n + height,
      },
    };
  }

  /** What validator `who` sends. */
  signed(who: number, attestation: Attestation): Wire {
    const [secret, key] = [SECRETS[who], this.keys[who]];
    if (!secret || !key) throw new Error('no such validator');
    const signature = sign(secret, attestationMessage(this.config.coalition.attestationDomain, attestation));
    return z.encode(signedAttestationSchema, { attestation, key, signature });
  }

  secret(who: number): Uint8Array {
    const secret = SECRETS[who];
    if (!secret) throw new Error('no such validator');
    return secret;
  }

  message(attestation: Attestation): bigint {
    return attestationMessage(this.config.coalition.attestationDomain, attestation);
  }

  /** Everything in Redis but the buckets of the rate limit, which every request may change. */
  async digest(): Promise<string> {
    const keys = (await this.redis.keys('*')).filter((key) => !/:rate:|stalled-check/.test(key)).sort();
    const hash = createHash('sha256');
    for (const key of keys) hash.update(key).update((await this.redis.dumpBuffer(key)) ?? '');
    return hash.digest('hex');
  }
}

function writeConfig(folder: string, redis: string, rpc: string, api: Wire, more: Wire): string {
  const contracts = (byte: string) => ({
    ledger: `0x${byte.repeat(20)}`,
    stateReader: `0x${byte.repeat(19)}01`,
    coalition: `0x${byte.repeat(19)}02`,
  });
  const chain = (id: string, byte: string) => ({
    id,
    genesisHash: `0x${byte.repeat(32)}`,
    rpcs: [rpc],
    interval: Number(INTERVAL),
    contracts: contracts(byte),
  });
  const file = join(folder, 'phalanx.yaml');
  writeFileSync(
    file,
    stringify({
      home: '.',
      redis: { url: redis },
      coalition: { hub: 'eip155:31337', share: 20_000, trustingPeriodSeconds: 86_400, evidenceWindowSeconds: 86_400 },
      chains: [chain('eip155:31337', 'aa'), chain('eip155:31338', 'bb')],
      api: { port: 0, rateLimit: { perSecond: 100_000, burst: 1_000_000 }, ...api },
      ...more,
    }),
  );
  return file;
}
