// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { TEST_CHAIN } from '../../protocol/cometbft/testing/generated-chain.ts';
import type { TestBlock } from '../../protocol/cometbft/testing/generated-chain.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import { NO_EVIDENCE_HASH } from '../../protocol/cometbft/block-evidence.ts';
import { startFollower } from '../../relayer/start-follower.ts';
import { testLog, until } from '../../relayer/testing/log.ts';
import { startRecordedNode, type RecordedNode } from '../../relayer/testing/recorded-node.ts';
import type { FollowerConfig } from '../../runtime/config.ts';
import type { Running } from '../../runtime/shutdown.ts';
import { ApiFixture, type Wire } from '../../verifier-api/testing/api-fixture.ts';
import { block, followedSection, START, VALIDATORS } from '../../verifier-api/testing/followed-chain.ts';
import { ChainFolder } from './chain-folder.ts';
import { startGate, type Gate } from './gate.ts';

const CHAIN = `/v1/cometbft/cosmos:${TEST_CHAIN}`;

/** The API on a Redis of its own, behind a gate; nodes served from folders; a follower between them. */
export class FollowWorld {
  readonly folder = new ChainFolder();
  readonly nodes: RecordedNode[] = [];
  lines: string[] = [];
  #running: Running | undefined;

  private constructor(
    readonly api: ApiFixture,
    readonly gate: Gate,
  ) {}

  /** The chain has its first block, which is trusted. @param change of the chain's section */
  static async open(change: Wire = {}): Promise<FollowWorld> {
    const [section] = followedSection(block(START, { evidenceHash: NO_EVIDENCE_HASH }))['cometbft'] as Wire[];
    const api = await ApiFixture.start({}, { cometbft: [{ ...section, ...change }] });
    const world = new FollowWorld(api, await startGate(api.apis[0]?.url ?? ''));
    world.add(START);
    await world.addNode();
    return world;
  }

  async addNode(folder = this.folder): Promise<RecordedNode> {
    const node = await startRecordedNode(folder.path);
    this.nodes.push(node);
    return node;
  }

  add(height: bigint, change: Partial<TestBlock> = {}): SignedHeader {
    return this.folder.add({ height, validators: VALIDATORS, ...change });
  }

  async start(change: { interval?: bigint; rpcs?: string[]; metricsPort?: number } = {}): Promise<void> {
    const capture = testLog();
    this.lines = capture.lines;
    const [chain] = this.api.config.cometbft;
    assert.ok(chain);
    const { interval = 1n, rpcs = this.nodes.map(({ url }) => url), metricsPort: port } = change;
    const { mode, home, logLevel } = this.api.config;
    const config: FollowerConfig = {
      mode,
      home,
      logLevel,
      cometbft: [{ ...chain, interval, rpcs }],
      // The first address is nobody's.
      apiClient: { urls: ['http://127.0.0.1:1', this.gate.url], token: undefined },
      follower: { pollMs: 50, ...(port === undefined ? {} : { metrics: { host: '127.0.0.1', port } }) },
    };
    this.#running = await startFollower(config, capture.log);
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  async latest(): Promise<bigint> {
    const { body } = await this.api.get(CHAIN);
    return BigInt((body['latest'] as { height: string }).height);
  }

  async reach(height: bigint): Promise<void> {
    await until(async () => (await this.latest()) === height, `${height} is accepted`, 60_000);
  }

  /** Heights of the headers that were posted, in order. */
  get posted(): bigint[] {
    return this.gate.posted
      .filter(({ path }) => path === `${CHAIN}/updates`)
      .map(({ body }) => {
        const { result } = body['commit'] as { result: { signed_header: { header: { height: string } } } };
        return BigInt(result.signed_header.header.height);
      });
  }

  /** Bodies of the duplicate votes that were posted. */
  get offences(): Record<string, unknown>[] {
    return this.gate.posted.filter(({ path }) => path === `${CHAIN}/duplicate-votes`).map(({ body }) => body);
  }

  /** @param part of a line of the log */
  async said(part: string): Promise<void> {
    await until(() => this.lines.some((line) => line.includes(part)), `the log says ${part}`, 60_000);
  }

  /** Long enough for some rounds. */
  async rounds(): Promise<void> {
    const [node] = this.nodes;
    const before = node?.calls.length ?? 0;
    await until(() => (node?.calls.length ?? 0) >= before + 12, 'some rounds have passed', 60_000);
  }

  async close(): Promise<void> {
    await this.stop();
    this.gate.close();
    await Promise.all(this.nodes.map((node) => node.close()));
    await this.api.stop();
  }
}
