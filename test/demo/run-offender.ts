// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { runProgram } from './run-program.ts';

const OFFENDERS = join(import.meta.dirname, '..', 'offenders');

/** Run one of the programs that misbehave, to its end. @throws Error with what it wrote when it fails */
export function runOffender(name: string, words: Readonly<Record<string, string>>): Promise<string> {
  const options = Object.entries(words).flatMap(([word, value]) => [`--${word}`, value]);
  return runProgram(name, ['--import', 'tsx', join(OFFENDERS, `${name}.ts`), ...options]);
}
