// SPDX-License-Identifier: GPL-3.0-or-later
import { Command } from 'commander';
import type { ChainId } from '../../protocol/chain.ts';
import { loadEvidenceConfig } from '../../runtime/config.ts';
import { chainOption } from '../operator-options.ts';
import { configOption } from '../options.ts';
import { readJson } from '../read-json.ts';

interface EvidenceOptions {
  readonly config: string;
  readonly cometbft: ChainId;
  readonly evidence: string;
  readonly commit: string;
  readonly validators: readonly string[];
}

export function cometbftEvidenceCommand(): Command {
  return new Command('evidence')
    .description('report a validator of a followed chain that voted twice; the API has it proved, relayers carry it')
    .addOption(configOption())
    .addOption(chainOption('--cometbft <caip2>', 'the chain, e.g. cosmos:cosmoshub-4').makeOptionMandatory())
    .requiredOption('--evidence <file>', "one entry of a block's evidence: tendermint/DuplicateVoteEvidence")
    .requiredOption('--commit <file>', "answer to /commit at the votes' height, a header that the API has accepted")
    .requiredOption('--validators <files...>', 'answer to /validators of the same height; its pages in order')
    .addHelpText('after', '\nThe votes are checked here first, against the files alone; the API checks them again.')
    .action(report);
}

async function report({ config: file, cometbft, evidence, commit, validators }: EvidenceOptions): Promise<void> {
  const { reportDuplicateVote } = await import('../operations/report-duplicate-vote.ts');
  const files = { evidence: readJson(evidence), commit: readJson(commit), validators: validators.map(readJson) };
  const { id, votes, validator } = await reportDuplicateVote(loadEvidenceConfig(file), cometbft, files);
  const { height, round, type } = votes.voteA;
  const { key: consensusKey } = validator;
  const reported = { id, chain: cometbft, consensusKey, height: String(height), round, type };
  console.log(JSON.stringify(reported, null, 2));
}
