// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zeroAddress, type Hex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import { parse, stringify } from 'yaml';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { chainKey } from '../../protocol/chain.ts';
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import type { Header } from '../../protocol/cometbft/header.ts';
import { timeToText } from '../../protocol/cometbft/timestamp.ts';
import { ANVIL_KEYS, startAnvil, type Anvil } from '../../relayer/testing/anvil.ts';
import { DEFAULT_CIRCUITS } from '../prepare-keys.ts';
import { runInProcess } from './run-in-process.ts';
import type { Outcome } from './run-phalanx.ts';

const HUB = 'eip155:31337';
const GENESIS_HASH: Hex = `0x${'9e'.repeat(32)}`;
const OWNER = privateKeyToAddress(ANVIL_KEYS[0]);
/** The second is anvil's third development account. */
export const OPERATOR_KEYS = [
  ANVIL_KEYS[1],
  '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
] as const;
export const OPERATORS = OPERATOR_KEYS.map((key) => privateKeyToAddress(key));

/** phalanx.yaml, as far as tests look into it. */
export type Sections = { readonly chains: readonly [{ readonly contracts: object }] };

/** What `phalanx cometbft consent` prints. */
export interface Consent {
  readonly digest: Hex;
  readonly message: string;
  readonly document: string;
  readonly record: Hex;
}

/** A Coalition with two operators and the light client of a CometBFT chain, all by the commands that operators use. */
export class BindingFixture {
  private constructor(
    private readonly folder: string,
    readonly hub: Anvil,
    private readonly cometbft: string,
    readonly chainKey: Hex,
    readonly coalition: Hex,
    readonly judge: Hex,
  ) {}

  /** @param header which the light client starts from; circuits have their keys */
  static async start(header: Header): Promise<BindingFixture> {
    const folder = mkdtempSync(join(tmpdir(), 'phalanx-bind-'));
    const hub = await startAnvil('--chain-id', '31337', '--hardfork', 'prague');
    writeFileSync(join(folder, 'deployer.key'), `${ANVIL_KEYS[0]}\n`, { mode: 0o600 });
    writeFileSync(join(folder, 'hub.yaml'), stringify(deployOptions(hub.url, header)));
    const { code, stdout, stderr } = await runInProcess('deploy', join(folder, 'hub.yaml'));
    assert.equal(code, 0, stderr);
    const record = JSON.parse(readFileSync(join(folder, 'deployment.eip155-31337.json'), 'utf8')) as Record<
      string,
      Hex
    >;
    const cometbft = cosmosChainId(header.chainId);
    const fixture = new BindingFixture(
      folder,
      hub,
      cometbft,
      chainKey(cometbft, GENESIS_HASH),
      record['coalition'] ?? zeroAddress,
      record['consensusJudge'] ?? zeroAddress,
    );
    for (const i of [0, 1]) await fixture.#register(i, parse(stdout.slice(stdout.indexOf('chains:'))) as Sections);
    return fixture;
  }

  async stop(): Promise<void> {
    await this.hub.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  writeConfig(sections: object, name: string): void {
    const common = { coalition: { hub: HUB, trustingPeriodSeconds: 3_600, evidenceWindowSeconds: 3_600 } };
    writeFileSync(this.path(name), stringify({ ...common, ...sections }));
  }

  writeJson(name: string, content: unknown): string {
    writeFileSync(this.path(name), JSON.stringify(content));
    return this.path(name);
  }

  /** `phalanx cometbft bind` by an operator. */
  bindAs(operator: number, ...words: string[]): Promise<Outcome> {
    const name = `phalanx.${operator}.yaml`;
    return this.command('bind', name, '--operator-key', this.path(`operator.${operator}.key`), ...words);
  }

  /** A command of `phalanx cometbft`. */
  command(name: string, config: string, ...words: string[]): Promise<Outcome> {
    return runInProcess(
      'cometbft',
      name,
      '-c',
      this.path(config),
      '--chain',
      HUB,
      '--cometbft',
      this.cometbft,
      ...words,
    );
  }

  async consentOf(key: Hex, operator = 0, ...words: string[]): Promise<Consent> {
    const who = ['--consensus-key', key, '--operator', OPERATORS[operator] ?? ''];
    const { code, stdout, stderr } = await this.command('consent', `phalanx.${operator}.yaml`, ...who, ...words);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Consent;
  }

  boundTo(key: Hex): Promise<Hex> {
    return this.hub.client.readContract({ ...this.#contract, functionName: 'boundTo', args: [this.chainKey, key] });
  }

  /** Of an operator: what its consensus keys are bound to. */
  keyOf(operator: number): Promise<Hex> {
    const args = [OPERATORS[operator] ?? zeroAddress] as const;
    return this.hub.client.readContract({ ...this.#contract, functionName: 'keyOf', args });
  }

  digestOf(key: Hex, operator: number): Promise<Hex> {
    const args = [this.chainKey, key, OPERATORS[operator] ?? zeroAddress] as const;
    return this.hub.client.readContract({ ...this.#contract, functionName: 'consensusKeyDigest', args });
  }

  /** Of the first operator's configuration. */
  sections(): Sections {
    return parse(readFileSync(this.path('phalanx.0.yaml'), 'utf8')) as Sections;
  }

  get #contract() {
    return { address: this.coalition, abi: hubCoalitionAbi } as const;
  }

  async #register(i: number, sections: Sections): Promise<void> {
    const config = `phalanx.${i}.yaml`;
    this.writeConfig({ ...sections, attester: { keyFile: `validator.${i}.key`, recordFile: 'record' } }, config);
    writeFileSync(this.path(`operator.${i}.key`), `${OPERATOR_KEYS[i]}\n`, { mode: 0o600 });
    await runInProcess('key', 'new', this.path(`validator.${i}.key`));
    const words = ['-c', this.path(config), '--chain', HUB, '--stake', '5000000000'];
    const { code, stderr } = await runInProcess('register', ...words, '--operator-key', this.path(`operator.${i}.key`));
    assert.equal(code, 0, stderr);
  }
}

/** Refused, and before a proof was begun. */
export async function refused(run: Promise<Outcome>, why: RegExp): Promise<void> {
  const { code, stdout, stderr } = await run;
  assert.deepEqual([code, stdout], [1, ''], stderr);
  assert.match(stderr, why);
  assert.doesNotMatch(stderr, /ed25519-2:/);
}

const deployOptions = (rpc: string, header: Header) => ({
  role: 'hub',
  chain: HUB,
  rpc,
  deployerKeyFile: 'deployer.key',
  circuits: [...DEFAULT_CIRCUITS, 'ed25519-2'],
  interval: 64,
  proposer: OWNER,
  guardian: OWNER,
  timelockDelaySeconds: 60,
  trustingPeriodSeconds: 3_600,
  evidenceWindowSeconds: 3_600,
  unbondingDelaySeconds: 10_800,
  epochLengthSeconds: 60,
  capacity: 16,
  maxDriftSeconds: 600,
  freezeDurationSeconds: 600,
  freezeCooldownSeconds: 600,
  minStakeGwei: 1_000_000_000,
  sources: [{ id: 'eip155:31338', genesisHash: `0x${'11'.repeat(32)}`, interval: 64 }],
  cometbft: [
    {
      chainId: header.chainId,
      genesisHash: GENESIS_HASH,
      trustingPeriodSeconds: 1_209_600,
      unbondingPeriodSeconds: 1_814_400,
      evidenceMaxAgeBlocks: 1_000_000,
      evidenceMaxAgeSeconds: 1_814_400,
      trusted: anchor(header),
    },
  ],
});

/** As a deployment's options have the state that the ledger starts from. */
function anchor(header: Header): object {
  const { timeNs, ...hashes } = consensusState(header);
  return { height: Number(header.height), time: timeToText(timeNs), ...hashes };
}
