// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The folder with foundry.toml. */
export const CONTRACTS_ROOT = path.resolve(import.meta.dirname, '..');

/** forge could not compile the contracts; the message holds what it wrote. */
export class ContractBuildError extends Error {
  readonly code = 'CONTRACT_BUILD_FAILED';
}

/**
 * Compile sources and generated verifiers (not the tests) into `contracts/out`. Does little when nothing changed.
 * @throws ContractBuildError
 */
export async function buildContracts(signal?: AbortSignal): Promise<void> {
  const require = createRequire(import.meta.url);
  const forge = path.join(path.dirname(require.resolve('@foundry-rs/forge/package.json')), 'bin.mjs');
  const child = spawn(process.execPath, [forge, 'build', '--skip', 'test'], {
    cwd: CONTRACTS_ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) {
    throw new ContractBuildError(
      `forge build ended with ${code}:\n${Buffer.concat(output).toString('utf8').slice(-4000)}`,
    );
  }
}
