// SPDX-License-Identifier: GPL-3.0-or-later
import { InvalidArgumentError, Option, type Command } from 'commander';
import { encodeFunctionData, getAddress, isAddress } from 'viem';
import { privateKeyToAddress } from 'viem/accounts';
import type { Hex } from '../protocol/bytes.ts';
import { evmChainId, parseChainId, type ChainId } from '../protocol/chain.ts';
import type { Secret } from '../runtime/secret.ts';
import type { ContractCall } from './operations/send-call.ts';

/** Of a command that ends in a transaction of a Coalition's operator. */
export interface OperatorOptions {
  readonly config: string;
  readonly chain: ChainId;
  readonly operatorKey?: string;
  readonly dryRun?: boolean;
  readonly operator?: Hex;
}

/** `--operator-key`, `--dry-run` and `--operator`. */
export function operatorOptions(): Option[] {
  return [
    new Option(
      '--operator-key <file>',
      'key of the account that sends, 0x-hex in a file of mode 0600 (default: PHALANX_OPERATOR_KEY)',
    ),
    new Option('--dry-run', 'prove and try the call, print it as JSON and send nothing'),
    addressOption(
      '--operator <address>',
      'with --dry-run: who will send the call, e.g. a multisig; then no operator key is needed',
    ),
  ];
}

/** Of a chain by its CAIP-2 id. */
export function chainOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string): ChainId => {
    try {
      return parseChainId(text, flags);
    } catch {
      throw new InvalidArgumentError('expected a CAIP-2 chain id such as eip155:1');
    }
  });
}

/** `--chain` and `--cometbft`: where a consensus key is bound, and which chain it validates. */
export function bindingOptions(): Option[] {
  return [
    chainOption('--chain <caip2>', "the Coalition's chain, e.g. eip155:1").makeOptionMandatory(),
    chainOption(
      '--cometbft <caip2>',
      'the chain that the key validates, e.g. cosmos:cosmoshub-4',
    ).makeOptionMandatory(),
  ];
}

/** Of an address, which it gives in lower case. */
export function addressOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string): Hex => {
    if (!isAddress(text)) throw new InvalidArgumentError('expected an address with a right checksum');
    return text.toLowerCase() as Hex;
  });
}

/** Exits where --operator stands without --dry-run. */
export function requireDryRunForOperator({ operator, dryRun = false }: OperatorOptions, command: Command): void {
  if (operator !== undefined && !dryRun)
    command.error('error: --operator goes with --dry-run: whoever sends needs the key');
}

/** @param key loaded unless --operator names the sender */
export function senderOf({ operator }: OperatorOptions, key: Secret | undefined): Hex {
  if (operator !== undefined) return operator;
  if (!key) throw new Error('unreachable: the configuration was loaded with a key');
  return privateKeyToAddress(key.reveal() as Hex).toLowerCase() as Hex;
}

/** In the words of wallets and multisigs. */
export function printCall(call: ContractCall): void {
  const { chain, from, address, abi, functionName, args, valueWei } = call;
  const transaction = {
    chain: chain.id,
    chainId: evmChainId(chain.id),
    from: getAddress(from),
    to: getAddress(address),
    value: String(valueWei),
    data: encodeFunctionData({ abi, functionName, args }),
  };
  console.log(JSON.stringify(transaction, null, 2));
}
