// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { loadAttesterConfig } from '../../runtime/config.ts';
import { configOption } from '../options.ts';
import { runRole } from '../run-role.ts';

interface AttestOptions {
  readonly config: string;
  readonly initRecord?: boolean;
}

export function attestCommand(): Command {
  return new Command('attest')
    .description('sign the finalised blocks of every chain with one validator key')
    .addOption(configOption())
    .option(
      '--init-record',
      'begin the slashing-protection record of a key and end: say so only of a key that never voted, or whose votes are lost for good',
    )
    .action(attest);
}

async function attest({ config, initRecord }: AttestOptions): Promise<void> {
  const loaded = loadAttesterConfig(config);
  const { initialiseRecord, startAttester } = await import('../../relayer/start-attester.ts');
  if (initRecord) {
    initialiseRecord(loaded);
    console.log(`record begun: ${loaded.attester.recordFile}`);
    return;
  }
  await runRole('attester', loaded, startAttester);
}
