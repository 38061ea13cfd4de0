// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setOf, TEST_CHAIN, testBlock, testValidators } from '../../protocol/cometbft/testing/generated-chain.ts';
import { commitAnswer, validatorsAnswers } from '../../protocol/cometbft/testing/rpc-answers.ts';
import { ROOT } from '../options.ts';
import { runPhalanx } from '../testing/run-phalanx.ts';

const folder = mkdtempSync(join(tmpdir(), 'phalanx-serve-'));
const validators = testValidators(
  'served',
  Array.from({ length: 130 }, () => 1n),
);
const write = (name: string, answer: unknown): void => writeFileSync(join(folder, name), JSON.stringify(answer));
const record = (height: bigint): void => {
  write(`validators.${height}.json`, validatorsAnswers(setOf(validators), height, 1_000)[0]);
  write(`block.${height}.json`, { jsonrpc: '2.0', id: -1, result: { served: String(height) } });
  write(`commit.${height}.json`, commitAnswer(testBlock({ height, validators })));
};

interface Answer {
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly data: string };
}

let node: ReturnType<typeof spawn>;
let url: string;
before(async () => {
  [3n, 9n, 10n].forEach(record);
  const words = [join(ROOT, 'cli', 'phalanx.mjs'), 'cometbft', 'serve', folder, '--port', '0'];
  node = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.ok(node.stdout);
  for await (const line of createInterface(node.stdout)) {
    const said = JSON.parse(line) as { url?: string };
    if (said.url === undefined) continue;
    url = said.url;
    break;
  }
});
after(() => rmSync(folder, { recursive: true, force: true }));

const get = async (path: string): Promise<Answer & { status: number }> => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, ...((await response.json()) as Answer) };
};

test('a folder is served as a node: its newest block, commits, sets in pages, blocks and headers', async () => {
  const { result: status } = await get('/status');
  assert.deepEqual((status?.['node_info'] as { network: string }).network, TEST_CHAIN);
  assert.equal((status?.['sync_info'] as { latest_block_height: string }).latest_block_height, '10');
  assert.deepEqual((await get('/commit?height=9')).result, commitAnswer(testBlock({ height: 9n, validators })).result);
  const page = (await get('/validators?height=9&per_page=100&page=2')).result;
  assert.deepEqual([page?.['count'], page?.['total'], page?.['block_height']], ['30', '130', '9']);
  assert.equal((await get('/block?height=3')).result?.['served'], '3');
  const { result: headers } = await get('/blockchain?minHeight=4&maxHeight=10');
  const heights = (headers?.['block_metas'] as { header: { height: string } }[]).map(({ header }) => header.height);
  assert.deepEqual(heights, ['10', '9']);
});

test('what is not recorded is an error as a node words it', async () => {
  for (const path of [
    '/commit?height=4',
    '/block?height=4',
    '/validators?height=4',
    '/commit?height=..%2F9',
    '/genesis',
  ])
    assert.deepEqual([path, (await get(path)).status], [path, 500]);
  assert.match((await get('/commit?height=4')).error?.data ?? '', /height #4/);
});

test('a block that is added is the chain going on; the signal ends it', async () => {
  record(11n);
  const { result: status } = await get('/status');
  assert.equal((status?.['sync_info'] as { latest_block_height: string }).latest_block_height, '11');
  writeFileSync(join(folder, 'commit.12.json'), '{');
  assert.equal((await fetch(`${url}/commit?height=12`)).status, 500);
  node.kill('SIGTERM');
  assert.deepEqual(await once(node, 'exit'), [0, null]);
});

test('a folder that is none is refused', async () => {
  const { code, stderr } = await runPhalanx('cometbft', 'serve', join(folder, 'none'));
  assert.equal(code, 1);
  assert.match(stderr, /is no folder/);
  assert.equal((await runPhalanx('cometbft', 'serve', folder, '--port', 'x')).code, 2);
});
