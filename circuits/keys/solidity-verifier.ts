// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { fromHex, toHex, type Hex } from '../../protocol/bytes.ts';
import { KeyError } from './errors.ts';
import { withSnarkjs } from './snarkjs-session.ts';

/** The compiler's settings for contracts, as contracts/foundry.toml states them: equal settings give equal code. */
export const SOLIDITY_SETTINGS = {
  evmVersion: 'cancun',
  optimizer: { enabled: true, runs: 10_000 },
  viaIR: false,
  metadata: { bytecodeHash: 'none', appendCBOR: false },
} as const;

const require = createRequire(import.meta.url);
export const SOLIDITY_COMPILER = `solc ${(require('solc/package.json') as { version: string }).version}`;
/** snarkjs's own template. It exports no sub-path, so the file is found from its entry. */
export const SOLIDITY_TEMPLATE = path.resolve(
  path.dirname(require.resolve('snarkjs')),
  '..',
  'templates',
  'verifier_groth16.sol.ejs',
);

/** Name of a circuit's verifier contract: `quorum-16` gives `Quorum16Verifier`. */
export function verifierContractName(circuit: string): string {
  const words = circuit.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Verifier`;
}

/** snarkjs's Solidity verifier of a key, its contract named after the circuit. */
export async function solidityVerifier(zkeyPath: string, circuit: string): Promise<string> {
  const template = (await readFile(SOLIDITY_TEMPLATE, 'utf8')).replace(
    'contract Groth16Verifier',
    `contract ${verifierContractName(circuit)}`,
  );
  return withSnarkjs((snarkjs) => snarkjs.zKey.exportSolidityVerifier(zkeyPath, { groth16: template }));
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm: { readonly deployedBytecode: { readonly object: string } } }>>
    >
  >;
}

/**
 * Keccak-256 of the code that lies on chain once this verifier is deployed: whoever deploys or relays compares it with
 * `EXTCODEHASH`. The source has no immutables, so the code does not depend on the deployment.
 * @throws KeyError when it doesn't compile
 */
export async function solidityCodeHash(source: string, circuit: string): Promise<Hex> {
  const output = await compile({
    language: 'Solidity',
    sources: { 'Verifier.sol': { content: source } },
    settings: { ...SOLIDITY_SETTINGS, outputSelection: { '*': { '*': ['evm.deployedBytecode.object'] } } },
  });
  const errors = output.errors?.filter(({ severity }) => severity === 'error') ?? [];
  const code = output.contracts?.['Verifier.sol']?.[verifierContractName(circuit)]?.evm.deployedBytecode.object;
  if (errors.length || !code) {
    throw new KeyError(
      `the Solidity verifier of ${circuit} does not compile: ${errors[0]?.formattedMessage ?? 'no code'}`,
      { circuit },
    );
  }
  return toHex(keccak_256(fromHex(`0x${code}`)));
}

/** In a child process: the compiler, once loaded, takes over its process's unhandled rejections. */
async function compile(input: unknown): Promise<CompilerOutput> {
  const program = `
    const { readFileSync } = require('node:fs');
    const solc = require(process.argv[1]);
    process.stdout.write(solc.compile(readFileSync(0, 'utf8')));`;
  const child = spawn(process.execPath, ['-e', program, require.resolve('solc')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(input));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new KeyError(`the Solidity compiler ended with code ${code}`);
  return JSON.parse(Buffer.concat(chunks).toString('utf8')) as CompilerOutput;
}
