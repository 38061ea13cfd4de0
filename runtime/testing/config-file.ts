// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ConfigError } from '../config-error.ts';

const dir = mkdtempSync(join(tmpdir(), 'phalanx-config-'));

const chain = (id: string): Record<string, unknown> => ({
  id,
  genesisHash: `0x${'11'.repeat(32)}`,
  rpcs: ['http://127.0.0.1:8545'],
  interval: 64,
  contracts: { ledger: `0x${'01'.repeat(20)}`, stateReader: `0x${'02'.repeat(20)}`, coalition: `0x${'03'.repeat(20)}` },
});

/** A configuration that every role but the follower loads, made anew for each fault. */
export const validConfig = () => ({
  redis: { url: 'redis://127.0.0.1:6379' } as Record<string, unknown>,
  coalition: { hub: 'eip155:1', trustingPeriodSeconds: 100, evidenceWindowSeconds: 50 } as Record<string, unknown>,
  chains: [chain('eip155:1'), chain('eip155:2')],
  api: {} as Record<string, unknown>,
  relayer: {} as Record<string, unknown>,
  attester: { recordFile: 'record' } as Record<string, unknown>,
});

/** The file that holds a configuration, in a folder of its own. */
export function writeConfig(config: unknown): string {
  const file = join(mkdtempSync(join(dir, 'case-')), 'phalanx.yaml');
  writeFileSync(file, stringify(config));
  return file;
}

/** The paths of what is wrong; fails if nothing is. */
export function problemsOf(load: () => unknown): string[] {
  try {
    load();
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems.map(({ path }) => path);
  }
  assert.fail('loaded');
}
