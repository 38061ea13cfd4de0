// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export interface TestRedis {
  /** path of its socket */
  readonly socket: string;
  readonly client: Redis;
  /** Kill it, as a crash does, wait, and start it from its file. */
  crash(awayMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** A Redis of its own on a Unix socket, set up as the project requires. */
export async function startRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'phalanx-redis-'));
  const socket = join(folder, 'redis.sock');
  const flags = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--appendonly', 'yes'];
  const start = (): { kill: () => Promise<void> } => {
    const child = spawn('redis-server', [...flags, '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'], {
      stdio: 'ignore',
    });
    const exited = new Promise<void>((done) => child.once('exit', () => done()));
    return {
      kill: async () => {
        child.kill('SIGKILL');
        await exited;
      },
    };
  };
  let server = start();
  const client = new Redis({ path: socket, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined);
  await client.ping();
  return {
    socket,
    client,
    crash: async (awayMs) => {
      await server.kill();
      await new Promise((done) => setTimeout(done, awayMs));
      server = start();
      await client.ping();
    },
    stop: async () => {
      client.disconnect();
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
