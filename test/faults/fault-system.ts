// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { deployHub } from '../../contracts/deploy/deploy-hub.ts';
import { buildContracts } from '../../contracts/deploy/build.ts';
import type { SetRecord } from '../../contracts/deploy/options.ts';
import { anvilProcess } from '../../cli/system/anvil.ts';
import { chainOptions, deployClient, PERIODS } from '../../cli/system/deploy-local.ts';
import { freePorts } from '../../cli/system/free-port.ts';
import { ACCOUNTS, LocalChain, sealEpoch } from '../../cli/system/local-chain.ts';
import { localConfig } from '../../cli/system/local-config.ts';
import { privateKeyOf } from '../../cli/system/private-key.ts';
import { registerValidator } from '../../cli/system/register.ts';
import { RunFiles } from '../../cli/system/run-files.ts';
import { Supervisor } from '../../cli/system/supervisor.ts';
import { FIRST_OPERATOR, newValidator, type LocalValidator } from '../../cli/system/validators.ts';
import { ROOT } from '../../cli/options.ts';
import { DEFAULT_CIRCUITS, prepareKeys } from '../../cli/prepare-keys.ts';
import { LocalProver } from '../../cli/prove-files.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { domain, type Domain } from '../../protocol/domain.ts';
import { setCommitment, validatorSet } from '../../protocol/validator-set.ts';
import type { Fr } from '../../protocol/field.ts';
import { startRpcProxy, type RpcProxy } from '../../relayer/testing/rpc-proxy.ts';
import { until } from '../../relayer/testing/log.ts';
import { redisArguments, redisSocket, REDIS_PROGRAM, untilRedisAnswers } from '../../runtime/embedded-redis.ts';
import { ApiCalls } from './api-calls.ts';

export type Role = 'redis' | 'api' | 'worker' | 'relay';

const CHAIN_ID = 31_337;
const STAKE_ETHER = 10n;
const CAPACITY = 16;
const INTERVAL = 64;

/**
 * A chain with the real contracts and a sealed set of validators of equal stake, and every service as a process of its
 * own, started by the command line. What dies is started again after a second. The relayer sees the chain through a
 * proxy.
 */
export class FaultSystem {
  readonly validators: readonly LocalValidator[];
  readonly #files: RunFiles;
  readonly #supervisor: Supervisor;
  #parts:
    | {
        chain: LocalChain;
        redis: Redis;
        proxy: RpcProxy;
        api: ApiCalls;
        attestationDomain: Domain;
        registrationDomain: Domain;
        commitment: Fr;
        configs: Record<'services' | 'relay', string>;
      }
    | undefined;

  constructor(validators: number) {
    this.validators = Array.from({ length: validators }, (_, i) => newValidator(i + 1, STAKE_ETHER));
    this.#files = new RunFiles(mkdtempSync(join(tmpdir(), 'phalanx-faults-')));
    const onCrash = (name: string, how: string): void => console.error(`${name} ended: ${how}`);
    this.#supervisor = new Supervisor(this.#files.path('logs'), onCrash, undefined, 1_000);
  }

  /** Returns when the API answers and holds the set; the relayer is left to the tests that need it. */
  async start(): Promise<void> {
    const [chainPort = 0, apiPort = 0] = await freePorts(2);
    const redisUrl = this.#startRedis();
    const cacheDir = this.#files.folder('chain');
    const accounts = FIRST_OPERATOR + this.validators.length;
    this.#supervisor.start(anvilProcess({ name: 'chain', chainId: CHAIN_ID, port: chainPort, cacheDir, accounts }));
    const [chain] = await Promise.all([
      LocalChain.connect(CHAIN_ID, 'A', `http://127.0.0.1:${chainPort}`),
      untilRedisAnswers(redisUrl),
    ]);
    const keys = await prepareKeys(DEFAULT_CIRCUITS, () => undefined);
    await buildContracts();
    chain.deployment = await deployHub(deployClient(chain), {
      ...chainOptions(chain, chain, { interval: INTERVAL, keys }),
      sources: [],
      epochLength: PERIODS.epochLength,
      capacity: CAPACITY,
    });
    const hub = { hubChainKey: chain.chainKey, hubCoalition: chain.deployment.coalition.toLowerCase() as Hex };
    const registrationDomain = domain('registration', hub);

    const relayerKeyFile = this.#files.writeKey('relayer.key', privateKeyOf(ACCOUNTS.relayer));
    const both = localConfig({ redisUrl, apiPort, hub: chain, other: chain, interval: INTERVAL, relayerKeyFile });
    // The slower engine: a proof has a middle in which something can happen.
    const worker = { concurrency: 1, engine: 'snarkjs' } as const;
    const config = { ...both, chains: both.chains.slice(0, 1), worker };
    const proxy = await startRpcProxy(chain.url);
    const behindProxy = { ...config, chains: config.chains.map((section) => ({ ...section, rpcs: [proxy.url] })) };
    const configs = {
      services: this.#files.writeConfig('services.yaml', config),
      relay: this.#files.writeConfig('relay.yaml', behindProxy),
    };
    const api = new ApiCalls(`http://127.0.0.1:${apiPort}`);
    for (const role of ['api', 'worker'] as const) this.#startRole(role, configs.services);

    const prover = await LocalProver.open();
    for (const validator of this.validators) await registerValidator(chain, registrationDomain, validator, prover);
    await prover.close();
    const { coalition, ledger } = chain.deployment;
    await sealEpoch(chain);
    const sealed = await chain.read<SetRecord>('HubCoalition', coalition, 'latestEpoch');
    // Now, or the relayer would do it amid the tests.
    await chain.write(ACCOUNTS.owner, 'CheckpointLedger', ledger, 'rotateLocal', [sealed]);
    // The API believes what is final on the hub.
    await chain.client.mine({ blocks: 3 });
    const slots = Array.from({ length: CAPACITY }, (_, i) => this.validators[i]);
    const commitment = setCommitment(validatorSet(sealed.epoch, CAPACITY, slots));
    const redis = new Redis(redisUrl.slice('unix://'.length), { maxRetriesPerRequest: null });
    redis.on('error', () => undefined);
    this.#parts = {
      chain,
      redis,
      proxy,
      api,
      attestationDomain: domain('attestation', hub),
      registrationDomain,
      commitment,
      configs,
    };
    await this.untilApiReady();
    await api.publishSet({ commitment, epoch: sealed.epoch, sealedAt: sealed.sealedAt, capacity: CAPACITY, slots });
  }

  get chain(): LocalChain {
    return this.#started.chain;
  }

  /** A connection of the test's own, to look at what lies there; waits while Redis is away. */
  get redis(): Redis {
    return this.#started.redis;
  }

  /** Between the relayer and the chain. */
  get proxy(): RpcProxy {
    return this.#started.proxy;
  }

  get api(): ApiCalls {
    return this.#started.api;
  }

  get attestationDomain(): Domain {
    return this.#started.attestationDomain;
  }

  get registrationDomain(): Domain {
    return this.#started.registrationDomain;
  }

  get commitment(): Fr {
    return this.#started.commitment;
  }

  /** Heights of checkpoints are its multiples. */
  get interval(): bigint {
    return BigInt(INTERVAL);
  }

  /** Behind the proxy. */
  startRelayer(): void {
    this.#startRole('relay', this.#started.configs.relay);
  }

  pid(role: Role): number {
    const pid = this.#supervisor.pids()[role];
    if (!pid) throw new Error(`${role} does not run`);
    return pid;
  }

  /** `kill -9`; it is started again after a second. @returns the process id that is no more */
  kill(role: Role): number {
    const pid = this.pid(role);
    process.kill(pid, 'SIGKILL');
    return pid;
  }

  /** Until another process has taken the place of the one that was killed. */
  async untilRestarted(role: Role, killed: number): Promise<void> {
    await until(() => this.#supervisor.pids()[role] !== killed, `${role} is started again`);
  }

  async untilApiReady(): Promise<void> {
    await until(async () => (await this.api.get('/ready')).status === 200, 'the API is ready', 30_000);
  }

  async stop(): Promise<void> {
    this.#parts?.redis.disconnect();
    this.#parts?.proxy.close();
    await this.#supervisor.stopAll();
    rmSync(this.#files.dir, { recursive: true, force: true });
  }

  get #started() {
    if (!this.#parts) throw new Error('the system has not started');
    return this.#parts;
  }

  #startRedis(): string {
    const dataDir = this.#files.folder('redis');
    const socket = redisSocket(dataDir);
    const name: Role = 'redis';
    this.#supervisor.start({ name, command: REDIS_PROGRAM, arguments: redisArguments(dataDir, socket), restart: true });
    return `unix://${socket}`;
  }

  #startRole(role: Role, configFile: string): void {
    const program = join(ROOT, 'cli', 'phalanx.mjs');
    const words = [program, role, '--config', configFile];
    this.#supervisor.start({ name: role, command: process.execPath, arguments: words, restart: true });
  }
}
