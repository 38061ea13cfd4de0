// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { testBlock, testValidators, TEST_CHAIN } from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { serveNode } from '../../relayer/sources/cometbft/node-server.ts';
import { recordedAnswer } from '../../relayer/sources/cometbft/recorded-answers.ts';
import { runPhalanx } from '../testing/run-phalanx.ts';

const zeros = (bytes: number): string => `0x${'00'.repeat(bytes)}`;

function follow(chain: object) {
  const file = join(mkdtempSync(join(tmpdir(), 'phalanx-follow-')), 'phalanx.yaml');
  const trusted = {
    height: 1,
    time: '2026-01-31T12:00:00Z',
    blockHash: zeros(32),
    appHash: zeros(32),
    nextValidatorsHash: zeros(32),
  };
  const ledgers = [{ chain: 'eip155:1', address: zeros(20) }];
  const section = { chainId: 'other-1', genesisHash: zeros(32), trustingPeriodSeconds: 1, trusted, ledgers, ...chain };
  writeFileSync(file, stringify({ cometbft: [section] }));
  return runPhalanx('follow', '--config', file);
}

test('a follower without nodes does not start', async () => {
  const { code, stderr } = await follow({});
  assert.equal(code, 1);
  assert.match(stderr, /^NOTHING_TO_FOLLOW: /);
});

test('a follower whose node serves another chain does not start', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'phalanx-follow-'));
  const signed = testBlock({ height: 1n, validators: testValidators('follow', [1n]) });
  writeFileSync(join(folder, 'commit.1.json'), JSON.stringify(commitAnswer(signed)));
  const node = await serveNode((call) => recordedAnswer(folder, call), { host: '127.0.0.1', port: 0 });
  t.after(() => node.close());
  const { code, stderr } = await follow({ rpcs: [node.url] });
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^SOURCE_MISMATCH: a node of other-1 serves ${TEST_CHAIN}`));
});
