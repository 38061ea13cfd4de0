// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { parseChainId } from '../../protocol/chain.ts';
import { loadRelayerConfig, type RelayerConfig } from '../../runtime/config.ts';
import { configOption } from '../options.ts';
import { runRole } from '../run-role.ts';

interface RelayOptions {
  readonly config: string;
  readonly dryRun?: boolean;
  readonly resume?: string;
}

export function relayCommand(): Command {
  return new Command('relay')
    .description('carry finished proofs to the destination chains')
    .addOption(configOption())
    .option('--dry-run', 'print the transactions that would be sent, send none, and end')
    .option('--resume <chain>', 'go on with a chain (CAIP-2 id) after a reorg stopped relaying to it, and end')
    .action(relay);
}

async function relay({ config, dryRun, resume }: RelayOptions): Promise<void> {
  const loaded = loadRelayerConfig(config);
  if (dryRun) return printDryRun(loaded);
  if (resume !== undefined) return resumeChain(loaded, resume);
  const { startRelayer } = await import('../../relayer/start-relayer.ts');
  await runRole('relayer', loaded, startRelayer);
}

async function printDryRun(config: RelayerConfig): Promise<void> {
  const { relayDryRun } = await import('../../relayer/relay-commands.ts');
  const plain = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
  for await (const line of relayDryRun(config)) console.log(JSON.stringify(line, plain));
}

async function resumeChain(config: RelayerConfig, chain: string): Promise<void> {
  const { relayResume } = await import('../../relayer/relay-commands.ts');
  const halt = await relayResume(config, parseChainId(chain, '--resume'));
  console.log(halt ? `${chain}: goes on; it had stopped: ${JSON.stringify(halt)}` : `${chain}: had not stopped`);
}
