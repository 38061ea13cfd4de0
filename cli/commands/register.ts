// SPDX-License-Identifier: GPL-3.0-or-later
import { Command, InvalidArgumentError, Option } from 'commander';
import { getAddress, isAddress } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import type { Hex } from '../../protocol/bytes.ts';
import { evmChainId, parseChainId, type ChainId } from '../../protocol/chain.ts';
import { loadRegisterConfig } from '../../runtime/config.ts';
import type { Secret } from '../../runtime/secret.ts';
import type { PreparedRegistration } from '../operations/register.ts';
import { configOption } from '../options.ts';

interface RegisterOptions {
  readonly config: string;
  readonly chain: ChainId;
  readonly stake: bigint;
  readonly operatorKey?: string;
  readonly dryRun?: boolean;
  readonly operator?: Hex;
}

export function registerCommand(): Command {
  return new Command('register')
    .description("register the attester's key on one chain and deposit its stake there")
    .addOption(configOption())
    .addOption(
      new Option('--chain <caip2>', 'one of the chains of the configuration, e.g. eip155:1; on the hub the stake votes')
        .makeOptionMandatory()
        .argParser(chain),
    )
    .addOption(new Option('--stake <gwei>', 'deposit, in whole gwei').makeOptionMandatory().argParser(stake))
    .option(
      '--operator-key <file>',
      'key of the account that deposits, 0x-hex in a file of mode 0600 (default: PHALANX_OPERATOR_KEY)',
    )
    .option('--dry-run', 'prove and try the call, print it as JSON and send nothing')
    .addOption(
      new Option(
        '--operator <address>',
        'with --dry-run: who will send the call, e.g. a multisig; then no operator key is needed',
      ).argParser(operator),
    )
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
  if (options.operator !== undefined && !dryRun)
    command.error('error: --operator goes with --dry-run: whoever sends needs the key');
  const config = loadRegisterConfig(options.config, {
    needed: options.operator === undefined,
    keyFile: options.operatorKey,
  });
  const { operatorKey } = config;
  const sender = options.operator ?? addressOf(operatorKey);

  const { prepareRegistration, sendRegistration } = await import('../operations/register.ts');
  const prepared = await prepareRegistration(config, chain, sender, stakeGwei);
  if (dryRun || !operatorKey) return printCall(prepared);

  const { registration, args } = prepared;
  console.log(`chain       ${chain}, Coalition ${getAddress(registration.coalition)}`);
  console.log(`operator    ${getAddress(sender)}`);
  console.log(`key         ${args[0]} ${args[1]}`);
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

/** In the words of wallets and multisigs. */
function printCall({ chain, registration, valueWei, data }: PreparedRegistration): void {
  const call = {
    chain: chain.id,
    chainId: evmChainId(chain.id),
    from: getAddress(registration.operator),
    to: getAddress(registration.coalition),
    value: String(valueWei),
    data,
  };
  console.log(JSON.stringify(call, null, 2));
}

function addressOf(key: Secret | undefined): Hex {
  if (!key) throw new Error('unreachable: the configuration was loaded with a key');
  return privateKeyToAddress(key.reveal() as Hex).toLowerCase() as Hex;
}

function chain(text: string): ChainId {
  try {
    return parseChainId(text, '--chain');
  } catch {
    throw new InvalidArgumentError('expected a CAIP-2 chain id such as eip155:1');
  }
}

function stake(text: string): bigint {
  if (!/^[1-9]\d{0,19}$/.test(text) || BigInt(text) >= 1n << 64n)
    throw new InvalidArgumentError('expected whole gwei, 1 to 2^64 - 1');
  return BigInt(text);
}

function operator(text: string): Hex {
  if (!isAddress(text)) throw new InvalidArgumentError('expected an address with a right checksum');
  return text.toLowerCase() as Hex;
}
