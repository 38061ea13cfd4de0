// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectProducer, RedisUnavailableError } from './redis.ts';

/** Longest path of a unix socket (sun_path on Linux, without the final zero). */
const MAX_SOCKET_PATH = 107;

export const REDIS_PROGRAM = 'redis-server';

/** A Redis of our own: unix socket only, append-only file synced at every write, nothing evicted. */
export interface EmbeddedRedis {
  /** `unix:///...` for the configuration */
  readonly url: string;
  readonly pid: number;
  readonly process: ChildProcess;
  /** Stop in order and wait for the end. */
  stop(): Promise<void>;
}

export interface EmbeddedRedisOptions {
  /** append-only file and log; an existing one is loaded */
  readonly dataDir: string;
  /** default: in `dataDir`, or in a private temporary folder when that path is too long for a socket */
  readonly socketPath?: string;
}

/**
 * Start a private `redis-server`, also from the file of an earlier one.
 * @throws RedisUnavailableError when the program is missing or does not come up within 15 s
 */
export async function startEmbeddedRedis({ dataDir, socketPath }: EmbeddedRedisOptions): Promise<EmbeddedRedis> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const socket = socketPath ?? redisSocket(dataDir);
  rmSync(socket, { force: true });
  const log = openSync(join(dataDir, 'redis.log'), 'a', 0o600);
  const child = spawn(REDIS_PROGRAM, redisArguments(dataDir, socket), { stdio: ['ignore', log, log] });
  closeSync(log); // the child has its own
  const failure = new Promise<never>((_, reject) => {
    child.once('error', (cause) =>
      reject(new RedisUnavailableError('cannot start redis-server: is it installed?', {}, cause)),
    );
    child.once('exit', (code) =>
      reject(new RedisUnavailableError(`redis-server ended with ${code}: see ${dataDir}/redis.log`)),
    );
  });
  failure.catch(() => undefined);
  const url = `unix://${socket}`;
  await Promise.race([failure, untilRedisAnswers(url)]);
  return {
    url,
    pid: child.pid ?? 0,
    process: child,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      // Redis declines to end while it writes its first append-only file: ask again.
      const asking = setInterval(() => child.kill('SIGTERM'), 250);
      child.kill('SIGTERM');
      await ended;
      clearInterval(asking);
    },
  };
}

/** Settings of a private Redis: for whoever starts and watches over the program by itself. */
export function redisArguments(dataDir: string, socket: string): string[] {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: dataDir,
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    save: '',
    daemonize: 'no',
  };
  return Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
}

/** In `dataDir`, or in a private temporary folder when that path is too long for a socket. */
export function redisSocket(dataDir: string): string {
  const beside = join(dataDir, 'redis.sock');
  return Buffer.byteLength(beside) <= MAX_SOCKET_PATH
    ? beside
    : join(mkdtempSync(join(tmpdir(), 'phalanx-')), 'redis.sock');
}

/** @throws RedisUnavailableError after 15 s, RedisSettingsError */
export async function untilRedisAnswers(url: string): Promise<void> {
  const socket = url.slice('unix://'.length);
  for (let waitedMs = 0; ; waitedMs += 50) {
    if (existsSync(socket)) {
      try {
        const redis = await connectProducer({ url, password: undefined });
        redis.disconnect();
        return;
      } catch (error) {
        if (waitedMs >= 15_000) throw error;
      }
    }
    if (waitedMs >= 15_000) throw new RedisUnavailableError(`redis-server does not answer at ${url}`);
    await sleep(50);
  }
}
