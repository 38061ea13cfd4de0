// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const OFFENDERS = join(import.meta.dirname, '..', 'offenders');

/** Run one of the programs that misbehave, to its end. @throws Error with what it wrote when it fails */
export async function runOffender(name: string, words: Readonly<Record<string, string>>): Promise<string> {
  const options = Object.entries(words).flatMap(([word, value]) => [`--${word}`, value]);
  const child = spawn(process.execPath, ['--import', 'tsx', join(OFFENDERS, `${name}.ts`), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  // Whatever ends us ends it.
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  process.off('exit', kill);
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${Buffer.concat(errors).toString('utf8')}`);
  return Buffer.concat(output).toString('utf8');
}
