// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { consensusState } from '../../protocol/cometbft/client-state.ts';
import type { SignedHeader } from '../../protocol/cometbft/commit.ts';
import { TEST_CHAIN } from '../../protocol/cometbft/testing/generated-chain.ts';
import { timeToText } from '../../protocol/cometbft/timestamp.ts';
import { ApiFixture, type Wire } from '../testing/api-fixture.ts';
import { expectProblem } from '../testing/expect-problem.ts';
import { block, followedSection, LEDGER, request, START, UPDATES } from '../testing/followed-chain.ts';

const CHAIN = `/v1/cometbft/cosmos:${TEST_CHAIN}`;

let api: ApiFixture;
before(async () => (api = await ApiFixture.start({}, followedSection())));
after(() => api.stop());

function accepted({ header }: SignedHeader, update: unknown = null): Wire {
  const { timeNs, ...hashes } = consensusState(header);
  return { height: String(header.height), time: timeToText(timeNs), ...hashes, update };
}

async function accept(signed: SignedHeader, trusted = START): Promise<Wire> {
  const { status, body } = await api.post(UPDATES, request(signed, trusted));
  assert.equal(status, 202, JSON.stringify(body));
  return body;
}

const latest = async (below = ''): Promise<Wire> => (await api.get(`${CHAIN}/headers/latest${below}`)).body;

test('a followed chain begins at its trusted start', async () => {
  const { chains } = (await api.get('/v1/cometbft')).body as { chains: Wire[] };
  assert.deepEqual(chains, [(await api.get(CHAIN)).body]);
  assert.deepEqual(chains[0], {
    chain: `cosmos:${TEST_CHAIN}`,
    chainId: TEST_CHAIN,
    chainKey: api.config.cometbft[0]?.chainKey,
    trustingPeriodSeconds: 10 * 365 * 86_400,
    trusted: accepted(block(START)),
    latest: accepted(block(START)),
    destinations: [{ chain: 'eip155:31337', ledger: LEDGER }],
  });
  expectProblem(await api.get('/v1/cometbft/cosmos:other'), 'NOT_FOUND');
});

test('its latest header is the highest that is accepted, also when a lower one is accepted later', async () => {
  const { id: higher } = await accept(block(30n));
  const { id: lower, contradicts } = await accept(block(25n));
  assert.equal(contradicts, false);
  assert.deepEqual((await api.get(CHAIN)).body['latest'], accepted(block(30n), higher));
  assert.deepEqual(await latest(), accepted(block(30n), higher));
  assert.deepEqual(await latest('?below=30'), accepted(block(25n), lower));
  assert.deepEqual(await latest('?below=25'), accepted(block(START)));
  expectProblem(await api.get(`${CHAIN}/headers/latest?below=${START}`), 'NOT_FOUND');
});

test('a header that contradicts an accepted one does not take its place', async () => {
  const before = await latest();
  assert.equal(before['height'], '30');
  assert.equal((await accept(block(30n, { fork: 'other' })))['contradicts'], true);
  assert.deepEqual(await latest(), before);
  const early = block(31n, { timeNs: block(30n).header.timeNs });
  assert.equal((await accept(early))['contradicts'], true);
  assert.deepEqual(await latest(), before, 'nothing is to be believed by it');
});
