// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildContracts } from '../../contracts/deploy/build.ts';
import type { SetRecord } from '../../contracts/deploy/options.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { domain, type CoalitionId } from '../../protocol/domain.ts';
import { initialiseRecord } from '../../relayer/start-attester.ts';
import { loadAttesterConfig } from '../../runtime/config.ts';
import { REDIS_PROGRAM, redisArguments, redisSocket, untilRedisAnswers } from '../../runtime/embedded-redis.ts';
import type { FollowedDeployFile } from '../../runtime/followed-deploy.ts';
import { ROOT } from '../options.ts';
import { DEFAULT_CIRCUITS, prepareKeys } from '../prepare-keys.ts';
import { LocalProver } from '../prove-files.ts';
import { anvilProcess } from './anvil.ts';
import { deployLocalBridge, deployLocalDestination, deployLocalHub, type LocalBridge } from './deploy-local.ts';
import { freePorts } from './free-port.ts';
import { ACCOUNTS, LocalChain, sealEpoch } from './local-chain.ts';
import { attesterConfig, localConfig } from './local-config.ts';
import { privateKeyOf } from './private-key.ts';
import { registerValidator } from './register.ts';
import { RunFiles } from './run-files.ts';
import { Supervisor, type ProcessSpec } from './supervisor.ts';
import { FIRST_OPERATOR, LOCAL_STAKES_ETHER, newValidator, secretHex, type LocalValidator } from './validators.ts';

/** Validators that the local system may come to have: accounts are funded for that many. */
const MAX_VALIDATORS = 16;
const HUB_CHAIN_ID = 31_337;
const OTHER_CHAIN_ID = 31_338;

export interface LocalSystemOptions {
  /** data, logs, configuration, keys; emptied at the start */
  readonly runDir: string;
  /** heights between two checkpoints of a chain; blocks come by the second */
  readonly interval: number;
  /** of chain A, chain B and the API, where they are free; any others otherwise */
  readonly ports?: readonly [number, number, number];
  /** of the first validators, in ether */
  readonly stakesEther?: readonly bigint[];
  /** what keys are made of and verifiers deployed for; with followed chains an ed25519 circuit is among them */
  readonly circuits?: readonly string[];
  /** CometBFT chains with a light client on each of the two chains; none if left out */
  readonly followed?: readonly FollowedDeployFile[];
  /** what is being done, for people */
  readonly onProgress: (what: string) => void;
  /** a process that is not started again ended by itself */
  readonly onCrash: (name: string, how: string) => void;
  /** start crashed services again; a chain that crashes has lost its state and is not */
  readonly restart: boolean;
  /** one that is started again ended by itself */
  readonly onRestart?: (name: string, how: string, delayMs: number) => void;
}

/** The whole of Phalanx on this machine: Redis, two chains, contracts, validators and every service. */
export class LocalSystem {
  readonly validators: LocalValidator[] = [];
  readonly #options: LocalSystemOptions;
  readonly #supervisor: Supervisor;
  readonly #files: RunFiles;
  #prover: LocalProver | undefined;
  #parts: { hub: LocalChain; other: LocalChain; apiPort: number; bridge: LocalBridge; configFile: string } | undefined;

  constructor(options: LocalSystemOptions) {
    this.#options = options;
    this.#files = new RunFiles(options.runDir);
    this.#files.reset();
    this.#supervisor = new Supervisor(this.#files.path('logs'), options.onCrash, options.onRestart);
  }

  /** Everything from Redis to the attesters; returns when every service answers. */
  async start(): Promise<void> {
    const { onProgress, interval, followed = [] } = this.#options;
    const { circuits = DEFAULT_CIRCUITS, stakesEther = LOCAL_STAKES_ETHER } = this.#options;
    const [hubPort = 0, otherPort = 0, apiPort = 0] = await freePorts(3, this.#options.ports);
    onProgress('starting Redis and two chains');
    const redisUrl = this.#startRedis();
    const [hub, other] = await Promise.all([
      this.#startChain('A', HUB_CHAIN_ID, hubPort),
      this.#startChain('B', OTHER_CHAIN_ID, otherPort),
      untilRedisAnswers(redisUrl),
    ]);

    const keys = await prepareKeys(circuits, (circuit, phase) => onProgress(`keys: ${circuit}, ${phase}`));
    onProgress('compiling contracts');
    await buildContracts();
    onProgress('deploying the hub');
    const contracts = { interval, keys, followed };
    await deployLocalHub(hub, other, contracts);
    this.#prover = await LocalProver.open();
    this.validators.push(...stakesEther.map((stake, i) => newValidator(i + 1, stake)));
    await this.#register(hub, hub);
    onProgress('sealing the first epoch and deploying the other chain');
    await sealEpoch(hub);
    const anchor = await hub.read<SetRecord>('HubCoalition', hub.deployment.coalition, 'latestEpoch');
    await hub.write(ACCOUNTS.owner, 'CheckpointLedger', hub.deployment.ledger, 'rotateLocal', [anchor]);
    await deployLocalDestination(other, hub, contracts, anchor);
    const bridge = await deployLocalBridge(hub, other);

    const relayerKeyFile = this.#files.writeKey('relayer.key', privateKeyOf(ACCOUNTS.relayer));
    const config = localConfig({ redisUrl, apiPort, hub, other, interval, followed, relayerKeyFile });
    const configFile = this.#files.writeConfig('phalanx.yaml', config);
    this.#parts = { hub, other, apiPort, bridge, configFile };
    onProgress('starting the services');
    for (const role of ['api', 'worker', 'watch'] as const) this.#startRole(role, configFile);
    await this.#untilApiReady();
    this.#startRole('relay', configFile);
    for (const validator of this.validators) this.startAttester(validator);
    await this.#register(other, hub);
    if (followed.some(({ rpcs }) => rpcs !== undefined)) this.startFollower();
  }

  /** Heights between two checkpoints. */
  get interval(): number {
    return this.#options.interval;
  }

  get hub(): LocalChain {
    return this.#started.hub;
  }

  get other(): LocalChain {
    return this.#started.other;
  }

  get bridge(): LocalBridge {
    return this.#started.bridge;
  }

  get apiUrl(): string {
    return `http://127.0.0.1:${this.#started.apiPort}`;
  }

  get configFile(): string {
    return this.#started.configFile;
  }

  get coalitionId(): CoalitionId {
    return coalitionId(this.hub);
  }

  /** Proves on this machine, beside the farm. */
  get prover(): LocalProver {
    if (!this.#prover) throw new Error('the system has not started');
    return this.#prover;
  }

  /** What people want to know of a running system, by name. */
  addresses(): Readonly<Record<string, string>> {
    const chain = ({ name, id, url, deployment }: LocalChain): Record<string, string> => ({
      [`chain ${name}`]: `${url} (${id})`,
      [`${name} Coalition`]: deployment.coalition,
      [`${name} CheckpointLedger`]: deployment.ledger,
      [`${name} StateReader`]: deployment.stateReader,
      [`${name} timelock`]: deployment.timelock,
      ...Object.fromEntries(
        deployment.followed.flatMap(({ chainId, ledger, appStateReader }) => [
          [`${name} CometBftLedger of ${chainId}`, ledger],
          [`${name} AppStateReader of ${chainId}`, appStateReader],
        ]),
      ),
    });
    return {
      'verification API': `${this.apiUrl}/v1 (documentation: ${this.apiUrl}/docs)`,
      ...chain(this.hub),
      ...chain(this.other),
      'A LockBox': this.bridge.lockBox,
      'B MintBridge': this.bridge.mintBridge,
      configuration: this.configFile,
      logs: this.#files.path('logs'),
    };
  }

  logFile(name: string): string {
    return this.#supervisor.logFile(name);
  }

  pids(): Readonly<Record<string, number>> {
    return this.#supervisor.pids();
  }

  /** One process that signs with the validator's key. */
  startAttester(validator: LocalValidator): void {
    const keyFile = this.#files.writeKey(`${validator.name}.key`, secretHex(validator));
    const config = attesterConfig({ ...this.#started, interval: this.interval }, keyFile, `${validator.name}.record`);
    const configFile = this.#files.writeConfig(`${validator.name}.yaml`, config);
    // A key made a moment ago: there are no earlier votes that a new record could forget.
    const loaded = loadAttesterConfig(configFile, {});
    if (!existsSync(loaded.attester.recordFile)) initialiseRecord(loaded);
    this.#startRole('attest', configFile, validator.name);
  }

  /** The process that follows CometBFT chains. A chain that contradicted itself is followed again after a restart. */
  startFollower(): void {
    this.#startRole('follow', this.configFile);
  }

  /** Configuration of the validator's attester. */
  validatorConfig(validator: LocalValidator): string {
    return this.#files.path(`${validator.name}.yaml`);
  }

  async stopProcess(name: string): Promise<void> {
    await this.#supervisor.stop(name);
  }

  /** One more validator, registered on both chains; it votes from the next sealing on. */
  async addValidator(stakeEther: bigint): Promise<LocalValidator> {
    const validator = newValidator(this.validators.length + 1, stakeEther);
    const registrationDomain = domain('registration', this.coalitionId);
    for (const chain of [this.hub, this.other])
      await registerValidator(chain, registrationDomain, validator, this.prover);
    this.validators.push(validator);
    return validator;
  }

  /** Leaves no process behind. */
  async stop(): Promise<void> {
    await Promise.all([this.#supervisor.stopAll(), this.#prover?.close()]);
  }

  get #started() {
    if (!this.#parts) throw new Error('the system has not started');
    return this.#parts;
  }

  #startRedis(): string {
    const dataDir = this.#files.folder('redis');
    const socket = redisSocket(dataDir);
    this.#startProcess({ name: 'redis', command: REDIS_PROGRAM, arguments: redisArguments(dataDir, socket) });
    return `unix://${socket}`;
  }

  #startChain(letter: string, chainId: number, port: number): Promise<LocalChain> {
    const name = `chain-${letter.toLowerCase()}`;
    const cacheDir = this.#files.folder(name);
    this.#supervisor.start(anvilProcess({ name, chainId, port, cacheDir, accounts: FIRST_OPERATOR + MAX_VALIDATORS }));
    return LocalChain.connect(chainId, letter, `http://127.0.0.1:${port}`);
  }

  #startRole(role: string, configFile: string, name = role): void {
    const program = join(ROOT, 'cli', 'phalanx.mjs');
    this.#startProcess({ name, command: process.execPath, arguments: [program, role, '--config', configFile] });
  }

  #startProcess(spec: ProcessSpec): void {
    this.#supervisor.start({ ...spec, restart: this.#options.restart });
  }

  async #register(chain: LocalChain, hub: LocalChain): Promise<void> {
    const registrationDomain = domain('registration', coalitionId(hub));
    for (const validator of this.validators) {
      this.#options.onProgress(`registering ${validator.name} on ${chain.name}`);
      await registerValidator(chain, registrationDomain, validator, this.prover);
    }
  }

  async #untilApiReady(): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      const ready = await fetch(`${this.apiUrl}/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (ready) return;
      if (attempt >= 300) throw new Error(`the API does not get ready: see ${this.logFile('api')}`);
      await sleep(100);
    }
  }
}

function coalitionId(hub: LocalChain): CoalitionId {
  return { hubChainKey: hub.chainKey, hubCoalition: hub.deployment.coalition.toLowerCase() as Hex };
}
