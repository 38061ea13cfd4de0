// SPDX-License-Identifier: GPL-3.0-or-later
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { loadDeployConfig } from '../../runtime/deploy-config.ts';
import type { TimelockCall } from '../operations/timelock-call.ts';

interface CometBftDeployOptions {
  readonly dryRun?: boolean;
  readonly out?: string;
}

export function cometbftDeployCommand(): Command {
  return new Command('deploy')
    .description('add light clients of CometBFT chains to a running deployment, for those of `cometbft` that have none')
    .argument('<options>', 'YAML file with the options of `phalanx deploy`, which names the chains')
    .option('--dry-run', 'check everything, print what would be deployed and send nothing; no key is needed')
    .option('--out <folder>', 'where deployment.<chain>.json lies, which is extended (default: beside the options)')
    .addHelpText(
      'after',
      '\nDeploys a ledger and a reader for each, and verifiers of ed25519 keys that the registry lacks. The judge and the\n' +
        "registry are the timelock's: its calls are printed, and nothing is proved or slashed by what they add before.",
    )
    .action(deploy);
}

async function deploy(file: string, { dryRun = false, out = dirname(file) }: CometBftDeployOptions): Promise<void> {
  const config = loadDeployConfig(file, !dryRun);
  const { options, mode, key } = config;
  const { deploymentFile, extendDeployment, readDeployment } = await import('../operations/deployment-record.ts');
  const record = resolve(deploymentFile(out, options.chain));
  const { followChains, planFollowing } = await import('../operations/follow-chains.ts');
  const plan = await planFollowing(config, readDeployment(record));
  console.log(`chain             ${options.chain}, ${mode}`);
  for (const { chainId, chainKey, anchor } of plan.followed) {
    console.log(
      `light client      ${chainId} from height ${anchor.height}, ${anchor.blockHash}; chain key ${chainKey}`,
    );
  }
  for (const { kind, capacity, keyHash } of plan.verifiers) {
    console.log(`verifier          ${kind}-${capacity}, key ${keyHash}`);
  }
  if (!key) return console.log('nothing was sent');

  const result = await followChains(plan, options, key, (name, { address, block }) =>
    console.log(`deployed          ${name} at ${address} in block ${block}`),
  );
  extendDeployment(record, plan.record, result.followed, result.verifiers);
  console.log(`written           ${record}`);
  printCalls(result.calls, plan.delay);
  const { followedEntries } = await import('../operations/followed-entry.ts');
  const cometbft = followedEntries(options.cometbft, options.chain, result.followed);
  console.log(`\n# for phalanx.yaml, once they are executed:\n${stringify({ cometbft })}`);
}

function printCalls(calls: readonly TimelockCall[], delay: bigint): void {
  console.log(`\n# for the timelock: its proposer schedules, and ${delay} s later anybody executes`);
  for (const { what, schedule, execute } of calls) {
    console.log(`# ${what}`);
    console.log(`schedule          ${JSON.stringify(schedule)}`);
    console.log(`execute           ${JSON.stringify(execute)}`);
  }
}
