// SPDX-License-Identifier: GPL-3.0-or-later
import { listCircuits } from '../../circuits/registry.ts';
import { currentKeyFolder } from '../../circuits/keys/key-store.ts';
import { DEFAULT_CIRCUITS } from '../../cli/prepare-keys.ts';
import type { LocalSystemOptions } from '../../cli/system/local-system.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import { NANOSECONDS } from '../../protocol/cometbft/timestamp.ts';
import { runScenario } from '../demo/scenario.ts';
import { AppState } from './app-state.ts';
import { startChainNode } from './chain-node.ts';
import { CometBftWorld } from './cometbft-world.ts';
import { freezeSteps } from './freeze-steps.ts';
import { GeneratedChain } from './generated-chain.ts';
import { hubSteps } from './hub-steps.ts';
import { largeChain, smallChain } from './large-chain.ts';
import { refusalSteps } from './refusal-steps.ts';
import { slashSteps } from './slash-steps.ts';
import { STATE, stateSteps } from './state-steps.ts';

/** With `--small` there is no large chain and no large circuit: what `make test` has time for. */
const isSmall = process.argv.includes('--small');
/** Two signatures to a proof for duplicate votes, consent and small chains, seven for a large one. */
const CIRCUITS = isSmall ? ['ed25519-2'] : ['ed25519-2', 'ed25519-7'];
/** So many blocks that no checkpoint of the coalition's own falls into the demo. */
const CHECKPOINT_INTERVAL = 2 ** 20;
const DAY = 86_400;
const TEN_YEARS = 315_360_000;

const large = isSmall ? smallChain() : largeChain();
/** Two of these four hold more than two thirds. */
const POWERS = [40n, 30n, 20n, 10n];
const bank = young('phalanx-bank-1', new AppState(STATE));
const forked = young('phalanx-fork-1');
const nodes = await Promise.all([large.serve(), startChainNode(bank), startChainNode(forked), startChainNode(forked)]);
const [largeNode, bankNode, forkedNode, liar] = nodes;

await runScenario({
  name: 'demo-cometbft',
  system: {
    interval: CHECKPOINT_INTERVAL,
    circuits: await circuits(),
    stakesEther: [64n, 32n],
    followed: [
      followed(large, large.block(large.height).signed, TEN_YEARS - 1, largeNode),
      followed(bank, bank.first.signed, 14 * DAY, bankNode),
      followed(forked, forked.first.signed, 14 * DAY, forkedNode, liar),
    ],
  },
  play: async (base) => {
    const { report, system } = base;
    const world = new CometBftWorld(base);
    if (large.generated) report.heading(`NOTE: in place of the Cosmos Hub stands ${large.origin}.`);
    report.heading(
      '0. The system: Redis, two chains, contracts with light clients of three CometBFT chains, every service',
    );
    await report.step('the system runs', () => system.start());
    report.heading(`1. ${large.chainId}: ${large.origin}. Years old: its ledgers trust for ten years`);
    const accepted = await hubSteps(world, large);
    report.heading('2. What a ledger refuses');
    await refusalSteps(world, large, accepted);
    report.heading(`3. A contract reads the application of ${bank.chainId}`);
    const height = bank.latest + 1n;
    bank.append(height);
    await stateSteps(world, bank, bankNode.url, height);
    report.heading('4. A validator prevotes twice');
    await slashSteps(world, bank, height);
    report.heading(`5. All validators of ${forked.chainId} sign two blocks of one height`);
    await freezeSteps(world, forked, liar, [large.chainId, bank.chainId]);
  },
  close: async () => void (await Promise.all(nodes.map((node) => node.close()))),
});

/** A generated chain whose first block is ten minutes old. */
function young(chainId: string, state?: AppState): GeneratedChain {
  const timeNs = BigInt(Math.floor(Date.now() / 1_000) - 600) * NANOSECONDS;
  return new GeneratedChain({ chainId, powers: POWERS, height: 100n, timeNs, ...(state ? { state } : {}) });
}

type Followed = NonNullable<LocalSystemOptions['followed']>[number];

/** Ages of evidence as Cosmos' chains have them. */
function followed(
  { chainId, genesisHash }: { readonly chainId: string; readonly genesisHash: Hex },
  { header }: SignedHeader,
  trustingPeriodSeconds: number,
  ...nodes: readonly { readonly url: string }[]
): Followed {
  const { timeNs: time, ...hashes } = consensusState(header);
  return {
    chainId,
    genesisHash,
    trustingPeriodSeconds,
    maxClockDriftSeconds: 60,
    trusted: { height: header.height, time, ...hashes },
    unbondingPeriodSeconds: trustingPeriodSeconds + 1,
    evidenceMaxAgeBlocks: 1_000_000,
    evidenceMaxAgeSeconds: 2 * DAY,
    interval: 1n,
    rpcs: nodes.map(({ url }) => url),
  };
}

/** With every other circuit for signatures that has a key here: the API takes what fits best of those it finds. */
async function circuits(): Promise<string[]> {
  const found: string[] = [...DEFAULT_CIRCUITS, ...CIRCUITS];
  for (const { id, kind } of listCircuits()) {
    if (kind === 'ed25519' && !found.includes(id) && (await currentKeyFolder(id)) !== undefined) found.push(id);
  }
  return found;
}
