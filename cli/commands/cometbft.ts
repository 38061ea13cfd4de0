// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import { InvalidFieldError } from '../../protocol/errors.ts';
import { readJson } from '../read-json.ts';
import { cometbftBindCommand } from './cometbft-bind.ts';
import { cometbftConsentCommand } from './cometbft-consent.ts';
import { cometbftDeployCommand } from './cometbft-deploy.ts';
import { cometbftEvidenceCommand } from './cometbft-evidence.ts';
import { cometbftServeCommand } from './cometbft-serve.ts';

interface VerifyOptions {
  readonly commit: string;
  readonly validators: readonly string[];
  readonly chain?: string;
}

export function cometbftCommand(): Command {
  return new Command('cometbft')
    .description('CometBFT chains')
    .addCommand(verifyCommand())
    .addCommand(cometbftDeployCommand())
    .addCommand(cometbftServeCommand())
    .addCommand(cometbftConsentCommand())
    .addCommand(cometbftBindCommand())
    .addCommand(cometbftEvidenceCommand());
}

function verifyCommand(): Command {
  return new Command('verify')
    .description(
      "check a block's commit as a node answered it, without any server: hashes, every signature, the power; " +
        'exits with 1 when it does not hold',
    )
    .requiredOption('--commit <file>', 'answer of the RPC to /commit?height=')
    .requiredOption(
      '--validators <files...>',
      'answer to /validators?height= of the same height; its pages in order, or one file with all of them joined',
    )
    .option('--chain <id>', "chain id that the validators must have signed (default: the header's own)")
    .addHelpText(
      'after',
      '\nThat a set of validators signed is all that these two files can show. Whether it is the set of the\n' +
        'chain you mean, compare its hash with what you trust.',
    )
    .action(verify);
}

async function verify({ commit: commitFile, validators: files, chain }: VerifyOptions): Promise<void> {
  const { chooseSigners } = await import('../../protocol/cometbft/choose-signers.ts');
  const { parseSignedHeader } = await import('../../protocol/cometbft/commit.ts');
  const { TWO_THIRDS } = await import('../../protocol/cometbft/power.ts');
  const { CometBftRefusal } = await import('../../protocol/cometbft/refusal.ts');
  const { timeToText } = await import('../../protocol/cometbft/timestamp.ts');
  const { parseValidators } = await import('../../protocol/cometbft/validator-set.ts');
  const { checkSignedHeader, verifyCommit } = await import('../../protocol/cometbft/verify-commit.ts');
  try {
    const signedHeader = parseSignedHeader(readJson(commitFile), commitFile);
    const { header, commit } = signedHeader;
    const { height, set } = parseValidators(files.map(readJson), files.join(' '));
    if (height !== header.height) {
      throw new InvalidFieldError(files.join(' '), `validators of height ${header.height}, not ${height}`);
    }
    const chainId = chain ?? header.chainId;
    const blockHash = checkSignedHeader(chainId, signedHeader, set);
    const { counts, signedPower, totalPower } = verifyCommit(chainId, commit, set);
    const fewest = chooseSigners(set, commit, [{ set, share: TWO_THIRDS }]);
    print({
      valid: true,
      chainId,
      height: String(header.height),
      round: commit.round,
      blockHash,
      time: timeToText(header.timeNs),
      appHash: header.appHash,
      validatorsHash: header.validatorsHash,
      nextValidatorsHash: header.nextValidatorsHash,
      signatures: {
        valid: counts.commit + counts.nil,
        forBlock: counts.commit,
        nil: counts.nil,
        absent: counts.absent,
      },
      power: { signed: String(signedPower), total: String(totalPower) },
      fewestSignatures: fewest?.length,
    });
  } catch (error) {
    if (!(error instanceof CometBftRefusal)) throw error;
    print({ valid: false, reason: error.reason, detail: error.detail });
    process.exitCode = 1;
  }
}

function print(result: object): void {
  console.log(JSON.stringify(result, null, 2));
}
