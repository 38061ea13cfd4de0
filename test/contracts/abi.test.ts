// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Abi, AbiParameter } from 'viem';
import { appStateReaderAbi } from '../../protocol/abi/app-state-reader.ts';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import { coalitionAbi } from '../../protocol/abi/coalition.ts';
import { cometBftJudgeAbi } from '../../protocol/abi/cometbft-judge.ts';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import { hubCoalitionAbi } from '../../protocol/abi/hub-coalition.ts';
import { lockBoxAbi } from '../../protocol/abi/lock-box.ts';
import { mintBridgeAbi } from '../../protocol/abi/mint-bridge.ts';
import { stateReaderAbi } from '../../protocol/abi/state-reader.ts';
import { timelockAbi } from '../../protocol/abi/timelock.ts';
import { verifierRegistryAbi } from '../../protocol/abi/verifier-registry.ts';
import { readArtifact } from '../../contracts/deploy/artifact.ts';
import { buildContracts } from '../../contracts/deploy/build.ts';

const type = (p: AbiParameter): string =>
  'components' in p ? `(${p.components.map((c) => `${type(c)} ${c.name ?? ''}`).join(',')})${p.type.slice(5)}` : p.type;

/** Everything that matters of an item, in one string; names of outputs do not. */
function describe(item: Abi[number]): string | undefined {
  const inputs = (list: readonly AbiParameter[]): string => list.map((p) => `${type(p)} ${p.name ?? ''}`).join(', ');
  if (item.type === 'function') {
    return `function ${item.name}(${inputs(item.inputs)}) ${item.stateMutability} (${item.outputs.map(type).join(', ')})`;
  }
  if (item.type === 'event') {
    return `event ${item.name}(${item.inputs.map((p) => `${type(p)}${p.indexed ? ' indexed' : ''} ${p.name ?? ''}`).join(', ')})`;
  }
  return item.type === 'error' ? `error ${item.name}(${inputs(item.inputs)})` : undefined;
}

const described = (abi: Abi): string[] => abi.flatMap((item) => describe(item) ?? []).sort();

before(() => buildContracts(), { timeout: 300_000 });

const whole: [string, Abi][] = [
  ['CheckpointLedger', checkpointLedgerAbi],
  ['VerifierRegistry', verifierRegistryAbi],
  ['StateReader', stateReaderAbi],
  ['Coalition', coalitionAbi],
  ['HubCoalition', hubCoalitionAbi],
  ['CometBftJudge', cometBftJudgeAbi],
  ['CometBftLedger', cometBftLedgerAbi],
  ['AppStateReader', appStateReaderAbi],
  ['LockBox', lockBoxAbi],
  ['MintBridge', mintBridgeAbi],
];

for (const [contract, abi] of whole)
  test(`the ABI of ${contract} is what forge compiles, no more and no less`, async () => {
    assert.deepEqual(described(abi), described((await readArtifact(contract)).abi));
  });

const parts: [string, Abi, string[]][] = [['protocol', timelockAbi, ['TimelockController']]];

for (const [room, abi, contracts] of parts)
  test(`what ${room} uses of ${contracts.join(' and ')} is what forge compiles`, async () => {
    const compiled = new Set<string>();
    for (const contract of contracts) for (const d of described((await readArtifact(contract)).abi)) compiled.add(d);
    assert.deepEqual(
      described(abi).filter((item) => !compiled.has(item)),
      [],
    );
  });
