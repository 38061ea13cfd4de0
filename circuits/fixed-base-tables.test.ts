// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { babyjubjub } from '@noble/curves/misc.js';
import { BASE8, SUBGROUP_ORDER } from '../protocol/eddsa.ts';
import { FR } from '../protocol/field.ts';
import { fixedBaseRows, offsetBase } from './fixed-base-tables.ts';
import { multiply, sameXY } from './testing/reference.ts';

const mod = (value: bigint): bigint => ((value % FR) + FR) % FR;

test('each of the eight digits of each row is that multiple of the base', () => {
  const base8 = babyjubjub.Point.fromAffine(BASE8);
  for (const [base, windows] of [
    [base8, 84],
    [offsetBase(), 80],
  ] as const) {
    fixedBaseRows(base, windows).forEach((row, k) => {
      const [ratio, b, c, constant, m, f, g, h] = row as [
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
        bigint,
      ];
      for (let digit = -7n; digit <= 7n; digit += 2n) {
        const bits = (digit + 7n) / 2n;
        const [s0, s1, s2] = [0n, 1n, 2n].map((i) => 2n * ((bits >> i) & 1n) - 1n) as [bigint, bigint, bigint];
        const u = mod((s0 + ratio * s1) * (b * s1 + c * s2) + constant);
        const v = mod(u * m * s2 + f * s0 + g * s1 + h * s2);
        const scalar = (((digit * 8n ** BigInt(k)) % SUBGROUP_ORDER) + SUBGROUP_ORDER) % SUBGROUP_ORDER;
        const { x, y } = base.multiply(scalar).toAffine();
        assert.equal(mod(u * (1n - y)), mod(1n + y), `row ${k}, digit ${digit}`);
        assert.equal(mod(v * x), u, `row ${k}, digit ${digit}`);
      }
    });
  }
});

test('253 doublings take the offset base to Base8', () => {
  assert.ok(sameXY(multiply(offsetBase().toAffine(), 1n << 253n), BASE8));
});
