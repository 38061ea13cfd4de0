// SPDX-License-Identifier: GPL-3.0-or-later
import { mock } from 'node:test';
import { main } from '../main.ts';

/** What the program said and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Run the program in this process, one run at a time. */
export async function phalanx(...words: readonly string[]): Promise<Outcome> {
  const lines = { output: '', errors: '' };
  const take = (to: keyof typeof lines) => (text: unknown) => void (lines[to] += `${String(text)}\n`);
  const mocks = [
    mock.method(console, 'log', take('output')),
    mock.method(console, 'error', take('errors')),
    mock.method(process.stderr, 'write', (text: unknown) => {
      lines.errors += String(text);
      return true;
    }),
  ];
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await main(['node', 'phalanx', ...words]);
    return { code: Number(process.exitCode ?? 0), ...lines };
  } finally {
    process.exitCode = before;
    for (const { mock: spy } of mocks) spy.restore();
  }
}
