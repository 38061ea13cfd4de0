// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { getAddress } from 'viem';
import type { ChainId } from '../../protocol/chain.ts';
import { loadBindConfig } from '../../runtime/config.ts';
import {
  bindingOptions,
  operatorOptions,
  printCall,
  requireDryRunForOperator,
  senderOf,
  type OperatorOptions,
} from '../operator-options.ts';
import { configOption } from '../options.ts';
import { PhaseLine } from '../phase-line.ts';
import { CONSENSUS_KEY_FORMS } from '../read-consensus-key.ts';
import type { ConsentSources } from '../read-consent.ts';

interface BindOptions extends OperatorOptions, ConsentSources {
  readonly cometbft: ChainId;
}

export function cometbftBindCommand(): Command {
  const command = new Command('bind')
    .description("bind the consensus key of a validator of a CometBFT chain to this Coalition's operator")
    .addOption(configOption());
  for (const option of bindingOptions()) command.addOption(option);
  command
    .option('--priv-validator-key <file>', "CometBFT's priv_validator_key.json, mode 0600; the secret stays here")
    .option('--consensus-key <key>', `without it, the public key: ${CONSENSUS_KEY_FORMS}`)
    .option('--signature <bytes>', "the key's own signature of the message, as base64 or 0x-hex")
    .option('--staking-record <file>', 'answer to abci_query of the record, with prove=true')
    .option('--header <file>', "answer to /commit one height above the record's, which the ledger holds")
    .option('--account <bech32>', "the validator's operator account")
    .option('--account-signature <file>', "the account's signature as signArbitrary gives it: {pub_key, signature}");
  for (const option of operatorOptions()) command.addOption(option);
  return command
    .addHelpText(
      'after',
      "\nConsent is the key's own (--priv-validator-key, or --consensus-key with --signature), proved on this machine;\n" +
        'or, for keys in remote signers, that of the operator account (--consensus-key, --staking-record, --header,\n' +
        '--account, --account-signature), without a proof. `phalanx cometbft consent` prints what is to be signed.\n' +
        'A consensus key is bound for ever.',
    )
    .action(bind);
}

async function bind(options: BindOptions, command: Command): Promise<void> {
  const { chain, cometbft, dryRun = false } = options;
  requireDryRunForOperator(options, command);
  const { readConsent, consentWay } = await import('../read-consent.ts');
  const way = consentWay(options);
  if (way === undefined) command.error('error: consent is shown in one way, by the options of that way alone (--help)');

  const config = loadBindConfig(options.config, {
    needed: options.operator === undefined,
    keyFile: options.operatorKey,
  });
  const { operatorKey } = config;
  const operator = senderOf(options, operatorKey);
  const { binding, consent } = readConsent(config, { chain, cometbft, operator }, way);

  const { prepareBinding } = await import('../operations/bind.ts');
  const line = new PhaseLine();
  const call = await prepareBinding(config, binding, consent, (circuit, phase, fraction) =>
    line.show(circuit, phase, fraction),
  ).finally(() => line.end());
  if (dryRun || !operatorKey) return printCall(call);

  const { sendCall } = await import('../operations/send-call.ts');
  console.log(`chain       ${chain}, Coalition ${getAddress(call.address)}`);
  console.log(`operator    ${getAddress(operator)}`);
  console.log(`key         ${binding.consensusKey} of ${cometbft}`);
  const { hash, block, gasUsed } = await sendCall(call, operatorKey, (sent) => console.log(`sent        ${sent}`));
  console.log(`bound       in block ${block}; gas ${gasUsed}, transaction ${hash}`);
}
