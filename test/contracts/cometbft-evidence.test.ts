// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { build } from './cometbft-evidence.ts';

const file = new URL('../../contracts/test/fixtures/cometbft-evidence.json', import.meta.url);

// contracts/test/cometbft/CometBftEvidence.t.sol encodes the same values and compares.
test('evidence is encoded as the contracts encode it', () => {
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), build());
});
