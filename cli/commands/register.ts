// SPDX-License-Identifier: GPL-3.0-or-later
import { Command, InvalidArgumentError, Option } from 'commander';
import { getAddress } from 'viem';
import { loadRegisterConfig } from '../../runtime/config.ts';
import {
  chainOption,
  operatorOptions,
  printCall,
  requireDryRunForOperator,
  senderOf,
  type OperatorOptions,
} from '../operator-options.ts';
import { configOption } from '../options.ts';

interface RegisterOptions extends OperatorOptions {
  readonly stake: bigint;
}

export function registerCommand(): Command {
  const command = new Command('register')
    .description("register the attester's key on one chain and deposit its stake there")
    .addOption(configOption())
    .addOption(
      chainOption(
        '--chain <caip2>',
        'one of the chains of the configuration, e.g. eip155:1; on the hub the stake votes',
      ).makeOptionMandatory(),
    )
    .addOption(new Option('--stake <gwei>', 'deposit, in whole gwei').makeOptionMandatory().argParser(stake));
  for (const option of operatorOptions()) command.addOption(option);
  return command
    .addHelpText(
      'after',
      "\nThe validator's secret is read as `phalanx attest` reads it (attester.keyFile or PHALANX_ATTESTER_KEY) and stays here.\n" +
        'The proof is made on this machine; it is good for this operator on this chain alone. A key and an operator are\n' +
        'bound for ever: who left comes back with a new account and a new key.',
    )
    .action(register);
}

async function register(options: RegisterOptions, command: Command): Promise<void> {
  const { chain, stake: stakeGwei, dryRun = false } = options;
  requireDryRunForOperator(options, command);
  const config = loadRegisterConfig(options.config, {
    needed: options.operator === undefined,
    keyFile: options.operatorKey,
  });
  const { operatorKey } = config;
  const sender = senderOf(options, operatorKey);

  const { prepareRegistration, sendRegistration } = await import('../operations/register.ts');
  const prepared = await prepareRegistration(config, chain, sender, stakeGwei);
  const { key, call } = prepared;
  if (dryRun || !operatorKey) return printCall(call);

  console.log(`chain       ${chain}, Coalition ${getAddress(call.address)}`);
  console.log(`operator    ${getAddress(sender)}`);
  console.log(`key         ${key.x} ${key.y}`);
  const {
    hash,
    block,
    gasUsed,
    stakeGwei: held,
  } = await sendRegistration(prepared, operatorKey, (sent) => console.log(`sent        ${sent}`));
  console.log(`registered  in block ${block} with ${held} gwei; gas ${gasUsed}, transaction ${hash}`);
  console.log(
    chain === config.coalition.hub
      ? 'it votes from the next sealed epoch on'
      : 'collateral only: the hub alone gives votes',
  );
}

function stake(text: string): bigint {
  if (!/^[1-9]\d{0,19}$/.test(text) || BigInt(text) >= 1n << 64n)
    throw new InvalidArgumentError('expected whole gwei, 1 to 2^64 - 1');
  return BigInt(text);
}
