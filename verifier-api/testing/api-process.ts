// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Wire } from './api-fixture.ts';

/** The service as a process of its own. */
export interface ApiProcess {
  readonly child: ChildProcess;
  readonly url: string;
  post(path: string, body: unknown): Promise<{ status: number; body: Wire }>;
  /** End it without a chance to tidy up. */
  kill(): Promise<void>;
}

/** @param folder with a `phalanx.yaml` */
export async function startApiProcess(folder: string): Promise<ApiProcess> {
  const program = join(import.meta.dirname, 'run-api.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, join(folder, 'phalanx.yaml')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(() => [Buffer.from('')]);
  const [line] = (await Promise.race([once(child.stdout, 'data'), ended])) as [Buffer];
  const url = line.toString().trim();
  if (url === '') throw new Error('the service has not started');
  return {
    child,
    url,
    post: async (path, body) => {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: (await response.json()) as Wire };
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
