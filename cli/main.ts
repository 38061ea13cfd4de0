// SPDX-License-Identifier: GPL-3.0-or-later
import { Command, CommanderError } from 'commander';
import { apiCommand } from './commands/api.ts';
import { attestCommand } from './commands/attest.ts';
import { ceremonyCommand } from './commands/ceremony.ts';
import { circuitsCommand } from './commands/circuits.ts';
import { cometbftCommand } from './commands/cometbft.ts';
import { configCommand } from './commands/config.ts';
import { demoCometBftCommand, demoCommand } from './commands/demo.ts';
import { deployCommand } from './commands/deploy.ts';
import { downCommand } from './commands/down.ts';
import { followCommand } from './commands/follow.ts';
import { keyCommand } from './commands/key.ts';
import { proveCommand } from './commands/prove.ts';
import { registerCommand } from './commands/register.ts';
import { relayCommand } from './commands/relay.ts';
import { setupCommand } from './commands/setup.ts';
import { upCommand } from './commands/up.ts';
import { verifyCommand } from './commands/verify.ts';
import { watchCommand } from './commands/watch.ts';
import { workerCommand } from './commands/worker.ts';
import { reportFailure } from './report-failure.ts';

/** Parse words, call rooms. Exits with 0 on success, 1 on a failure, 2 on words that make no sense. */
export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('phalanx')
    .description('Zero-knowledge cross-chain state verifier')
    .exitOverride()
    .showHelpAfterError('(phalanx <command> --help explains the options)');
  const commands = [
    demoCommand,
    demoCometBftCommand,
    upCommand,
    downCommand,
    apiCommand,
    workerCommand,
    relayCommand,
    attestCommand,
    watchCommand,
    followCommand,
    setupCommand,
    circuitsCommand,
    ceremonyCommand,
    deployCommand,
    keyCommand,
    registerCommand,
    proveCommand,
    verifyCommand,
    cometbftCommand,
    configCommand,
  ];
  for (const command of commands) program.addCommand(command());
  inheritSettings(program);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else reportFailure(error);
  }
}

/** Commands that were made apart from their parent take over how it exits and helps, at every depth. */
function inheritSettings(parent: Command): void {
  for (const command of parent.commands) inheritSettings(command.copyInheritedSettings(parent));
}
