// SPDX-License-Identifier: GPL-3.0-or-later
import { mock } from 'node:test';
import { main } from '../main.ts';
import type { Outcome } from './run-phalanx.ts';

/** Run the program in this process, one run at a time: a second less than `runPhalanx` for each. */
export async function runInProcess(...words: readonly string[]): Promise<Outcome> {
  const lines = { stdout: '', stderr: '' };
  const take = (to: keyof typeof lines) => (text: unknown) => void (lines[to] += `${String(text)}\n`);
  const mocks = [
    mock.method(console, 'log', take('stdout')),
    mock.method(console, 'error', take('stderr')),
    mock.method(process.stderr, 'write', (text: unknown) => {
      lines.stderr += String(text);
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
