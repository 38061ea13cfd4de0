// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { attestationMessage, type Attestation, type Checkpoint } from '../../protocol/attestation.ts';
import { sign } from '../../protocol/eddsa.ts';
import { toFr, type Fr } from '../../protocol/field.ts';
import { setCommitment, setRoot, validatorSet } from '../../protocol/validator-set.ts';
import type { AttesterConfig } from '../../runtime/config.ts';
import { Secret } from '../../runtime/secret.ts';
import type { Running } from '../../runtime/shutdown.ts';
import { attesterKey } from '../attester/voter.ts';
import { initialiseRecord, startAttester } from '../start-attester.ts';
import { startFakeApi, type FakeApi, type Reply } from './fake-api.ts';
import { testLog } from './log.ts';
import { INTERVAL, startWorld, type World } from './world.ts';

/** Four validators; the first is ours, and any three but no two of them are a quorum. */
const secrets = [1, 2, 3, 4].map((i) => `0x${String(i).padStart(2, '0').repeat(32)}`);
const keys = secrets.map((secret) => attesterKey(new Secret(secret)));
const stakes = [100n, 100n, 100n, 90n];
const set = validatorSet(1n, 16, [
  ...keys.map((key, i) => ({ key, stakeGwei: stakes[i] ?? 0n })),
  ...Array<undefined>(12).fill(undefined),
]);

/** What is posted to the API. */
interface Posted {
  readonly attestation: {
    readonly sourceHeight: string;
    readonly setCommitment: string;
    readonly checkpoint: { readonly chainKey: string; readonly height: string; readonly blockHash: string };
  };
  readonly signature: { readonly r8x: string; readonly r8y: string; readonly s: string };
}

/** Two chains that trust a set of four validators, two APIs, and the attester of the first validator. */
export class AttesterWorld {
  /** the attester's secret and key */
  readonly secret = secrets[0] ?? '';
  readonly key = attesterKey(new Secret(this.secret));
  readonly commitment: Fr = setCommitment(set);
  /** what the attester has logged since it was started last */
  lines: string[] = [];
  /** and before that */
  readonly earlierLines: string[] = [];
  #folder = '';
  #running: Running | undefined;

  private constructor(
    readonly chains: World,
    /** the second of the APIs that the attester posts to */
    readonly second: FakeApi,
  ) {}

  static async open(): Promise<AttesterWorld> {
    const world = new AttesterWorld(await startWorld(), await startFakeApi());
    const { a, b, api } = world.chains;
    for (const [i, key] of keys.entries()) await a.coalition.write('setLeaf', i, key.x, key.y, stakes[i]);
    const hash = await a.coalition.write('sealSet', world.commitment, setRoot(set), 16);
    const { blockNumber } = await a.anvil.client.getTransactionReceipt({ hash });
    const { timestamp } = await a.anvil.client.getBlock({ blockNumber });
    for (const chain of [a, b]) await chain.ledger.write('setLatest', world.commitment, 1n);
    api.replies.set(`/v1/validator-sets/${world.commitment}`, {
      body: {
        commitment: `${world.commitment}`,
        epoch: '1',
        capacity: 16,
        sealedAt: `${timestamp}`,
        slots: set.slots.map(
          (slot) => slot && { key: { x: `${slot.key.x}`, y: `${slot.key.y}` }, stakeGwei: `${slot.stakeGwei}` },
        ),
      },
    });
    return world;
  }

  async close(): Promise<void> {
    this.second.close();
    await this.chains.close();
  }

  /** Before each test: a record that does not exist yet, APIs that accept everything and know no quorum. */
  prepare(): void {
    this.#folder = mkdtempSync(join(tmpdir(), 'phalanx-attester-'));
    for (const api of [this.chains.api, this.second]) {
      api.posted.splice(0);
      api.onPost = () => ({ status: 201, body: {} });
    }
    this.chains.api.replies.delete(this.latestPath);
  }

  /** After each test. */
  async cleanUp(): Promise<void> {
    await this.stop();
    rmSync(this.#folder, { recursive: true });
  }

  /** @param more `record`: name of the record's file; `secret`: of another validator */
  config(more: { readonly record?: string; readonly secret?: string } = {}): AttesterConfig {
    return {
      ...this.chains.common,
      apiClient: { urls: [this.chains.api.url, this.second.url], token: undefined },
      attester: { recordFile: join(this.#folder, more.record ?? 'record.jsonl'), pollMs: 100 },
      key: new Secret(more.secret ?? this.secret),
    };
  }

  async start(config = this.config()): Promise<void> {
    if (!existsSync(config.attester.recordFile)) initialiseRecord(config);
    await this.startAsIs(config);
  }

  /** As `start`, but nobody begins the record. */
  async startAsIs(config: AttesterConfig): Promise<void> {
    const capture = testLog();
    this.earlierLines.push(...this.lines);
    this.lines = capture.lines;
    this.#running = await startAttester(config, capture.log);
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  /** Mine the hub so that the newest finalised multiple is the next one. */
  async nextTarget(): Promise<Checkpoint> {
    const { client } = this.chains.a.anvil;
    const head = await client.getBlockNumber({ cacheTime: 0 });
    const target = ((head - 2n) / INTERVAL + 1n) * INTERVAL;
    await client.mine({ blocks: Number(target + 2n - head) });
    const block = await client.getBlock({ blockNumber: target });
    const { chainKey } = this.chains.a.config;
    return { chainKey, height: target, blockHash: block.hash, stateRoot: block.stateRoot, timestamp: block.timestamp };
  }

  /** Accepted attestations of a height. */
  postedFor(api: FakeApi, { chainKey, height }: Checkpoint): Posted[] {
    return api.posted
      .filter(({ path }) => path === '/v1/attestations')
      .map(({ body }) => body as unknown as Posted)
      .filter(
        ({ attestation: { checkpoint } }) => checkpoint.chainKey === chainKey && checkpoint.height === `${height}`,
      );
  }

  /** The API says that these validators signed. */
  offerLatest(attestation: Attestation, signers: readonly number[], corrupt = false): void {
    this.chains.api.replies.set(this.latestPath, this.#quorumReply(attestation, signers, corrupt));
  }

  /** The API says that all validators signed each of these, highest first, and gives the latest below a height. */
  offerAll(offered: () => readonly Checkpoint[]): void {
    this.chains.api.replies.set(this.latestPath, (query) => {
      const below = BigInt(query.get('below') ?? 1n << 64n);
      const checkpoint = offered().find(({ height }) => height < below);
      return (
        checkpoint &&
        this.#quorumReply({ setCommitment: this.commitment, sourceHeight: 0n, checkpoint }, [0, 1, 2, 3], false)
      );
    });
  }

  private get latestPath(): string {
    return `/v1/chains/${this.chains.a.config.id}/checkpoints/latest`;
  }

  #quorumReply(attestation: Attestation, signers: readonly number[], corrupt: boolean): Reply {
    const message = attestationMessage(this.chains.common.coalition.attestationDomain, attestation);
    const { checkpoint } = attestation;
    return {
      body: {
        attestation: {
          setCommitment: `${attestation.setCommitment}`,
          sourceHeight: `${attestation.sourceHeight}`,
          checkpoint: { ...checkpoint, height: `${checkpoint.height}`, timestamp: `${checkpoint.timestamp}` },
        },
        signatures: signers.map((i) => {
          const secret = Buffer.from(secrets[i]?.slice(2) ?? '', 'hex');
          const { r8, s } = sign(secret, corrupt ? toFr(message + 1n, 'm') : message);
          return {
            key: { x: `${keys[i]?.x}`, y: `${keys[i]?.y}` },
            signature: { r8x: `${r8.x}`, r8y: `${r8.y}`, s: `${s}` },
          };
        }),
      },
    };
  }
}
