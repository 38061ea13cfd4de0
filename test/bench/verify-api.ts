// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * How many proofs a second the verification API judges: the service as users run it (one process of `phalanx api`), its
 * Redis, and the load, all on this machine. Run by itself it prints the report; arguments: seconds, connections.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { startEmbeddedRedis } from '../../runtime/embedded-redis.ts';
import { writeForgedKeys } from '../../verifier-api/testing/forged-keys.ts';
import type { LoadReport, LoadSample } from './verify-load.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Of the circuits that have few signals and the one that has most. */
const CIRCUITS = ['registration', 'equivocation', 'quorum-64'] as const;
const VALID_OF_EACH = 40;
const INVALID_OF_EACH = 8;

/** @param options how long to measure, after a warm-up of two seconds */
export async function measureVerifyApi({ seconds = 10, connections = 32 } = {}): Promise<LoadReport> {
  const folder = mkdtempSync(join(tmpdir(), 'phalanx-bench-'));
  const redis = await startEmbeddedRedis({ dataDir: folder });
  try {
    const samples = join(folder, 'samples.json');
    writeFileSync(samples, JSON.stringify(makeSamples(folder)));
    const config = join(folder, 'phalanx.yaml');
    writeFileSync(config, configuration(redis.url));
    const api = spawn(process.execPath, ['cli/phalanx.mjs', 'api', '--config', config], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const url = await listeningAt(api.stdout);
      const load = spawn(
        process.execPath,
        ['--import', 'tsx', 'test/bench/verify-load.ts', url, samples, `${seconds}`, `${connections}`],
        { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] },
      );
      return JSON.parse(await firstLine(load.stdout)) as LoadReport;
    } finally {
      const ended = new Promise((resolve) => api.once('exit', resolve));
      api.kill('SIGTERM');
      await ended;
    }
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Valid and invalid proofs mixed; their keys' secrets are known, so that they need no circuit. */
function makeSamples(home: string): LoadSample[] {
  const keys = writeForgedKeys(home);
  const samples: LoadSample[] = [];
  for (let i = 0; i < VALID_OF_EACH + INVALID_OF_EACH; i++) {
    for (const circuit of CIRCUITS) {
      const key = keys.get(circuit);
      if (!key) throw new Error(`no key of ${circuit}`);
      const signals = Array.from({ length: key.verificationKey.nPublic }, (_, n) => 2n ** 250n + BigInt(97 * i + n));
      const proof = key.prove(signals, BigInt(i + 2));
      const valid = i % 6 !== 1;
      const claimed = valid ? signals : signals.map((signal, n) => (n === 0 ? signal + 1n : signal));
      samples.push({ body: { circuit, publicSignals: claimed.map(String), proof }, valid });
    }
  }
  return samples;
}

function configuration(redis: string): string {
  const chain = (id: string, byte: string) => ({
    id,
    genesisHash: `0x${byte.repeat(32)}`,
    rpcs: ['http://127.0.0.1:1'],
    interval: 64,
    contracts: {
      ledger: `0x${byte.repeat(20)}`,
      stateReader: `0x${byte.repeat(19)}01`,
      coalition: `0x${byte.repeat(19)}02`,
    },
  });
  return stringify({
    home: '.',
    redis: { url: redis },
    coalition: { hub: 'eip155:31337', share: 20_000, trustingPeriodSeconds: 86_400, evidenceWindowSeconds: 86_400 },
    chains: [chain('eip155:31337', 'aa'), chain('eip155:31338', 'bb')],
    // The limit is applied to every request as ever, and never reached.
    api: { port: 0, rateLimit: { perSecond: 100_000, burst: 1_000_000 } },
  });
}

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stream })) return line;
  throw new Error('the process ended without a word');
}

/** The service's own log says where it listens. */
async function listeningAt(log: NodeJS.ReadableStream): Promise<string> {
  const lines = createInterface({ input: log });
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const { url } = JSON.parse(line) as { url?: string };
      if (url !== undefined) resolve(url);
    });
    lines.on('close', () => reject(new Error('the service ended before it listened')));
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [seconds = '10', connections = '32'] = process.argv.slice(2);
  process.stdout.write(
    `${JSON.stringify(await measureVerifyApi({ seconds: Number(seconds), connections: Number(connections) }))}\n`,
  );
}
