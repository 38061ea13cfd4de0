// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';

/**
 * Run a program of Node's to its end, which comes with ours at the latest.
 * @param words after `node`
 * @returns what it wrote
 * @throws Error with what it said was wrong
 */
export async function runProgram(name: string, words: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] });
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
