// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { createTestClient, http, publicActions, walletActions, type Hex } from 'viem';
import { privateKeyToAccount } from 'viem/accounts';

const ANVIL = resolve(import.meta.dirname, '../../node_modules/.bin/anvil');

/** Anvil's well-known development accounts. */
export const ANVIL_KEYS = [
  '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
  '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d',
] as const satisfies readonly Hex[];

export interface Anvil {
  readonly url: string;
  readonly client: ReturnType<typeof clientOf>;
  /** Ends the chain. */
  stop(): Promise<void>;
}

function clientOf(url: string) {
  return createTestClient({
    mode: 'anvil',
    transport: http(url, { retryCount: 0 }),
    account: privateKeyToAccount(ANVIL_KEYS[1]),
    cacheTime: 0,
    pollingInterval: 50,
  })
    .extend(publicActions)
    .extend(walletActions);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => server.close(() => done()));
  return port;
}

/** A chain of its own on loopback. */
export async function startAnvil(...flags: readonly string[]): Promise<Anvil> {
  const port = await freePort();
  const child = spawn(ANVIL, ['--port', String(port), '--silent', ...flags], { stdio: 'ignore' });
  const exited = new Promise<void>((done) => child.once('exit', () => done()));
  const url = `http://127.0.0.1:${port}`;
  const client = clientOf(url);
  for (let i = 0; ; i += 1) {
    try {
      await client.getChainId();
      break;
    } catch (error) {
      if (i === 200) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
  return {
    url,
    client,
    stop: async () => {
      // The package's program only starts the real one: it passes this signal on, and could not pass on SIGKILL.
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** One JSON-RPC call as it is, unformatted. */
export async function rpc(url: string, method: string, ...params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  });
  const body = (await response.json()) as { result?: unknown; error?: { message: string } };
  if (body.error) throw new Error(body.error.message);
  return body.result;
}
