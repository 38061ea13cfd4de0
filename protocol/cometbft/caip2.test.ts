// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cosmosChainId } from './caip2.ts';

// Examples of the namespace's CAIP-2 profile.
for (const [chainId, expected] of [
  ['cosmoshub-4', 'cosmos:cosmoshub-4'],
  ['Binance-Chain-Tigris', 'cosmos:Binance-Chain-Tigris'],
  ['x', 'cosmos:x'],
  ['hash-', 'cosmos:hash-'],
  ['hashed', 'cosmos:hashed'],
  ['hashed-', 'cosmos:hashed-c904589232422def'],
  ['hashed-123', 'cosmos:hashed-99df5cd68192b33e'],
  ['123456789012345678901234567890123456789012345678', 'cosmos:hashed-0204c92a0388779d'],
  [' ', 'cosmos:hashed-36a9e7f1c95b82ff'],
  ['wonderland🧝‍♂️', 'cosmos:hashed-843d2fc87f40eeb9'],
] as const)
  test(`the CAIP-2 id of ${JSON.stringify(chainId)}`, () => assert.equal(cosmosChainId(chainId), expected));
