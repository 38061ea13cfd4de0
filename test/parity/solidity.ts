// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Abi, Hex } from 'viem';
import { SOLIDITY_SETTINGS } from '../../circuits/keys/solidity-verifier.ts';

export interface CompiledContract {
  readonly abi: Abi;
  readonly bytecode: Hex;
}

interface CompilerOutput {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly contracts: Readonly<
    Record<string, Readonly<Record<string, { abi: Abi; evm: { bytecode: { object: string } } }>>>
  >;
}

const ROOT = path.resolve(import.meta.dirname, '..', '..');

/**
 * Compile a few contracts with the project's settings, in a child process, without building everything with forge.
 * @param sources by name; imports are found in contracts/src and in npm's packages
 */
export async function compileSolidity(
  sources: Readonly<Record<string, string>>,
): Promise<Map<string, CompiledContract>> {
  const input = {
    language: 'Solidity',
    sources: Object.fromEntries(Object.entries(sources).map(([name, content]) => [name, { content }])),
    settings: { ...SOLIDITY_SETTINGS, outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } } },
  };
  const program = `
    const { readFileSync } = require('node:fs');
    const path = require('node:path');
    const solc = require(process.argv[1]);
    const root = process.argv[2];
    const find = (name) => {
      const file = name.startsWith('contracts/') ? path.join(root, name) : path.join(root, 'node_modules', name);
      return { contents: readFileSync(file, 'utf8') };
    };
    process.stdout.write(solc.compile(readFileSync(0, 'utf8'), { import: find }));`;
  const solc = createRequire(import.meta.url).resolve('solc');
  const child = spawn(process.execPath, ['-e', program, solc, ROOT], { stdio: ['pipe', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.end(JSON.stringify(input));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`the Solidity compiler ended with ${code}`);
  const output = JSON.parse(Buffer.concat(chunks).toString('utf8')) as CompilerOutput;
  const failure = output.errors?.find(({ severity }) => severity === 'error');
  if (failure) throw new Error(failure.formattedMessage);
  const compiled = new Map<string, CompiledContract>();
  for (const file of Object.values(output.contracts)) {
    for (const [name, { abi, evm }] of Object.entries(file))
      compiled.set(name, { abi, bytecode: `0x${evm.bytecode.object}` });
  }
  return compiled;
}
