// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { build } from './cosmos-account.ts';

const file = new URL('../../contracts/test/fixtures/cosmos-account.json', import.meta.url);

test('the account, document, signature and staking record that the contracts are tested with', () => {
  const account = build();
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), account);
  // As BIP-173 has it for the key of secret 1.
  assert.equal(account.account, '0x751e76e8199196d454941c45d1b3a323f1433bd6');
});
