// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import type { Hex } from '../../protocol/bytes.ts';
import type { ChainId } from '../../protocol/chain.ts';
import { loadBindConfig } from '../../runtime/config.ts';
import { addressOption, bindingOptions } from '../operator-options.ts';
import { configOption } from '../options.ts';
import { CONSENSUS_KEY_FORMS, readConsensusKey } from '../read-consensus-key.ts';

interface ConsentOptions {
  readonly config: string;
  readonly chain: ChainId;
  readonly cometbft: ChainId;
  readonly consensusKey: string;
  readonly operator: Hex;
  readonly account?: string;
}

export function cometbftConsentCommand(): Command {
  const command = new Command('consent')
    .description('print what must be signed to bind a consensus key to an operator; no chain is asked')
    .addOption(configOption());
  for (const option of bindingOptions()) command.addOption(option);
  return command
    .requiredOption('--consensus-key <key>', CONSENSUS_KEY_FORMS)
    .addOption(addressOption('--operator <address>', 'the operator on that Coalition').makeOptionMandatory())
    .option('--account <bech32>', "the validator's operator account, to consent by the chain's staking record")
    .addHelpText(
      'after',
      '\nEither the consensus key signs `message` as it is, 88 bytes of ASCII, with Ed25519; or the account signs\n' +
        '`document` (ADR-036), which is what `signArbitrary` of a wallet makes of `message`. `record` is where the chain\n' +
        'keeps the validator: the data of abci_query with path "/store/staking/key" and prove=true.',
    )
    .action(consent);
}

async function consent(options: ConsentOptions): Promise<void> {
  const { consensusBinding } = await import('../operations/consensus-binding.ts');
  const config = loadBindConfig(options.config, { needed: false });
  const consensusKey = readConsensusKey(options.consensusKey);
  const { digest, message } = consensusBinding(config, { ...options, consensusKey });
  const shown = {
    chain: options.chain,
    cometbft: options.cometbft,
    consensusKey,
    operator: options.operator,
    digest,
    message: new TextDecoder().decode(message),
    ...(options.account === undefined ? {} : await ofAccount(options.account, message)),
  };
  console.log(JSON.stringify(shown, null, 2));
}

async function ofAccount(account: string, message: Uint8Array): Promise<object> {
  const { parseAccountAddress } = await import('../../protocol/cometbft/account-address.ts');
  const { signDataDocument } = await import('../../protocol/cometbft/sign-data.ts');
  const { stakingKey } = await import('../../protocol/cometbft/staking-record.ts');
  const record = stakingKey(parseAccountAddress(account, '--account'));
  return { account, document: new TextDecoder().decode(signDataDocument(message, account)), record };
}
