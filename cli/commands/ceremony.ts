// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { applyBeacon } from '../../circuits/ceremony/beacon.ts';
import { CeremonyError } from '../../circuits/ceremony/ceremony-error.ts';
import { contribute } from '../../circuits/ceremony/contribute.ts';
import { finaliseCeremony } from '../../circuits/ceremony/finalise.ts';
import type { PowersOfTau } from '../../circuits/ceremony/powers-of-tau.ts';
import { startCeremony } from '../../circuits/ceremony/start.ts';
import { verifyCeremony } from '../../circuits/ceremony/verify.ts';
import { compileCircuit, getCircuit } from '../../circuits/registry.ts';

interface PowersOptions {
  readonly ptau: string;
  readonly ptauHash?: string;
  readonly home?: string;
}

const PTAU = ['--ptau <file>', 'powers of tau, prepared for phase 2'] as const;
const PTAU_HASH = ['--ptau-hash <hex>', 'its published BLAKE2b-512; without it the whole file is verified'] as const;
const HOME = ['--home <folder>', 'where circuits and keys lie (default: .phalanx in the repository)'] as const;

export function ceremonyCommand(): Command {
  return new Command('ceremony')
    .description('make a production key with several parties: start, contribute in turn, beacon, verify, install')
    .addCommand(
      new Command('start')
        .description('the first file of a circuit, which anyone can make again')
        .argument('<circuit>')
        .argument('<to>', 'new .zkey')
        .requiredOption(...PTAU)
        .option(...PTAU_HASH)
        .option(...HOME)
        .action(start),
    )
    .addCommand(
      new Command('contribute')
        .description("mix in a secret of one's own; publish the hash that it prints")
        .argument('<from>', "the previous party's .zkey")
        .argument('<to>', 'new .zkey, for the next party')
        .requiredOption('--name <name>', 'who contributes; public')
        .option(
          '--entropy-file <file>',
          "anything that nobody knows, such as throws of dice, beside the system's random source; - is standard input",
        )
        .action(contributeOwn),
    )
    .addCommand(
      new Command('beacon')
        .description('end it with public randomness that nobody could know before')
        .argument('<from>', "the last party's .zkey")
        .argument('<to>', 'new .zkey')
        .requiredOption('--value <hex>', 'the randomness')
        .requiredOption('--name <name>', 'where it is from, e.g. "ethereum block 21000000"; public')
        .option('--iterations <exponent>', 'hashed 2^this times', '16')
        .action(async (from: string, to: string, o: { value: string; name: string; iterations: string }) =>
          console.log(
            await applyBeacon(from, to, { name: o.name, value: o.value, iterationsExponent: Number(o.iterations) }),
          ),
        ),
    )
    .addCommand(
      new Command('verify')
        .description('check every step from the powers of tau to this key')
        .argument('<circuit>')
        .argument('<zkey>')
        .requiredOption(...PTAU)
        .option(...PTAU_HASH)
        .option(...HOME)
        .action(verify),
    )
    .addCommand(
      new Command('install')
        .description("verify a finished ceremony and make its key the circuit's current one, which production accepts")
        .argument('<circuit>')
        .argument('<zkey>')
        .requiredOption(...PTAU)
        .option(...PTAU_HASH)
        .option('--parties <number>', 'contributions it must have', '2')
        .option(...HOME)
        .action(install),
    );
}

function powersOf({ ptau, ptauHash }: PowersOptions): PowersOfTau {
  return ptauHash === undefined ? { path: ptau } : { path: ptau, blake2b: ptauHash };
}

const storeOf = ({ home }: PowersOptions): { home?: string } => (home === undefined ? {} : { home });

async function start(circuit: string, to: string, options: PowersOptions): Promise<void> {
  const { r1csPath } = await compileCircuit(circuit, storeOf(options));
  console.log(await startCeremony(r1csPath, powersOf(options), to));
}

async function contributeOwn(from: string, to: string, o: { name: string; entropyFile?: string }): Promise<void> {
  // From a file: words on a command line are seen by every user of the machine and kept in the shell's history.
  const extraEntropy = o.entropyFile && readFileSync(o.entropyFile === '-' ? 0 : o.entropyFile, 'hex');
  if (extraEntropy === '') throw new CeremonyError(`${o.entropyFile} is empty`);
  console.log(await contribute(from, to, { name: o.name, ...(extraEntropy && { extraEntropy }) }));
}

async function verify(circuit: string, zkeyPath: string, options: PowersOptions): Promise<void> {
  const { r1csPath } = await compileCircuit(circuit, storeOf(options));
  for (const { kind, name, hash } of await verifyCeremony({ r1csPath, zkeyPath, powersOfTau: powersOf(options) })) {
    console.log(`${kind.padEnd(12)} ${hash} ${name}`);
  }
}

async function install(circuit: string, zkey: string, options: PowersOptions & { parties: string }): Promise<void> {
  const store = storeOf(options);
  const compiled = await compileCircuit(circuit, store);
  const { manifest } = await finaliseCeremony(getCircuit(circuit), compiled, powersOf(options), zkey, {
    ...store,
    minimumContributions: Number(options.parties),
  });
  console.log(`${circuit}: ${manifest.kind} key ${manifest.verificationKeyHash}`);
}
