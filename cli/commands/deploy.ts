// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { numberToHex } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import type { Hex } from '../../protocol/bytes.ts';
import { loadDeployConfig, type DeployConfig } from '../../runtime/deploy-config.ts';
import { OperationError } from '../operations/operation-error.ts';
import type { DeploymentPlan } from '../operations/plan-deployment.ts';
import { requireComparedAnchor } from '../operations/require-compared-anchor.ts';

interface DeployOptions {
  readonly dryRun?: boolean;
  readonly out?: string;
}

/** In the help, and held to the schema by a test. */
export const EXAMPLE = `role: destination                # or hub
chain: eip155:10                 # checked against what the RPC serves
rpc: https://rpc.example.org     # any RPC that is not on this machine means production
deployerKeyFile: deployer.key    # pays and gets no rights; or PHALANX_DEPLOYER_KEY
interval: 64                     # where this chain's checkpoints stand, as other chains' sources say
proposer: 0x1111111111111111111111111111111111111111    # to the timelock that owns everything
guardian: 0x2222222222222222222222222222222222222222    # may freeze a source chain for a while
timelockDelaySeconds: 172800
trustingPeriodSeconds: 1209600   # a set's quorum is believed for so long after its sealing
evidenceWindowSeconds: 604800    # and its members can be slashed for so long after that
unbondingDelaySeconds: 2419200   # more than both together
maxDriftSeconds: 900             # a checkpoint's timestamp ahead of this chain's clock
freezeDurationSeconds: 604800    # more than the timelock's delay
freezeCooldownSeconds: 1209600
minStakeGwei: 1000000000
sources:                         # chains whose checkpoints the ledger takes; the hub is one of them
  - id: eip155:1
    genesisHash: 0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3
    interval: 64
cometbft:                        # left out, or CometBFT chains with a light client on this one
  - chainId: cosmoshub-4
    genesisHash: 0x4444444444444444444444444444444444444444444444444444444444444444    # SHA-256 of its genesis file
    trustingPeriodSeconds: 1209600
    unbondingPeriodSeconds: 1814400  # these three are the chain's own
    evidenceMaxAgeBlocks: 1000000
    evidenceMaxAgeSeconds: 172800
    trusted:                     # a state that you have compared with several nodes: everything later follows from it
      height: 8619996
      time: 2021-12-08T01:51:39.428531525Z
      blockHash: 0x5555555555555555555555555555555555555555555555555555555555555555
      appHash: 0x6666666666666666666666666666666666666666666666666666666666666666
      nextValidatorsHash: 0x7777777777777777777777777777777777777777777777777777777777777777
hub:                             # of a destination; a hub has epochLengthSeconds and capacity (16, 64, 128) instead
  id: eip155:1
  rpc: https://rpc.example.com
  coalition: 0x3333333333333333333333333333333333333333
  # commitment: 0x...            # the set trusted from the start, once you have compared it
# Also: treasury (default: the timelock), share (20000), penaltyBps (10000), circuits, home, mode.
`;

export function deployCommand(): Command {
  return new Command('deploy')
    .description('deploy the contracts of one chain, hub or destination, with verifiers of the installed keys')
    .argument('<options>', 'YAML file with the options')
    .option('--dry-run', 'check everything, print what would be deployed and send nothing; no key is needed')
    .option('--out <folder>', 'where deployment.<chain>.json is written (default: beside the options)')
    .addHelpText('after', `\nOptions of a destination:\n\n${EXAMPLE.replace(/^/gm, '  ').trimEnd()}`)
    .action(deploy);
}

async function deploy(file: string, { dryRun = false, out = dirname(file) }: DeployOptions): Promise<void> {
  const config = loadDeployConfig(file, !dryRun);
  const operations = await import('../operations/deploy.ts');
  const { deploymentFile, writeDeployment } = await import('../operations/deployment-record.ts');
  const record = resolve(deploymentFile(out, config.options.chain));
  if (existsSync(record)) throw new OperationError(`${record} exists already: this chain has its contracts`);
  const { planDeployment } = await import('../operations/plan-deployment.ts');
  const plan = await planDeployment(config);
  printPlan(plan, config);
  if (!config.key) return console.log('nothing was sent');
  if (plan.role === 'destination') requireComparedAnchor(config, plan.options.anchor.commitment);

  const deployment = await operations.deploy(plan, config.key, (name, { address, block }) =>
    console.log(`deployed          ${name} at ${address} in block ${block}`),
  );
  console.log(`gas               ${deployment.gasUsed}`);
  writeDeployment(record, plan, deployment);
  console.log(
    `written           ${record}\n\n# for phalanx.yaml:\n${operations.configEntries(plan, config.options, deployment)}`,
  );
}

function printPlan(plan: DeploymentPlan, { options: file, mode, key }: DeployConfig): void {
  const { chain, options } = plan;
  console.log(`${plan.role.padEnd(17)} ${chain.id}, ${mode}`);
  console.log(`genesis           ${chain.genesisHash}`);
  console.log(`chain key         ${chain.chainKey}`);
  if (key) console.log(`deployer          ${privateKeyToAddress(key.reveal() as Hex)}`);
  file.sources.forEach(({ id, interval }, i) =>
    console.log(`source            ${id} every ${interval}, chain key ${options.sources[i]?.chainKey}`),
  );
  file.cometbft.forEach(({ chainId, trusted }, i) =>
    console.log(
      `light client      ${chainId} from height ${trusted.height}, ${trusted.blockHash}; chain key ${options.followed?.[i]?.chainKey}`,
    ),
  );
  for (const { manifest } of plan.keys) {
    console.log(`verifier          ${manifest.circuit}, ${manifest.kind} key ${manifest.verificationKeyHash}`);
  }
  if (plan.role === 'hub') return;
  const { anchor, hubCoalition, hubChainKey } = plan.options;
  console.log(`hub               Coalition ${hubCoalition}, chain key ${hubChainKey}`);
  console.log(
    `anchor            epoch ${anchor.epoch}, capacity ${anchor.capacity}, sealed ${new Date(Number(anchor.sealedAt) * 1000).toISOString()}`,
  );
  console.log(`anchor set        ${numberToHex(anchor.commitment, { size: 32 })}`);
  console.log('                  compare it with the hub by other means: all that the ledger believes follows from it');
}
