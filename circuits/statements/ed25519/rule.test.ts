// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { toHex } from '../../../protocol/bytes.ts';
import { InvalidFieldError } from '../../../protocol/errors.ts';
import { decode, integerOf, NON_CANONICAL, P } from '../../../protocol/cometbft/testing/odd-ed25519.ts';
import { SIGNATURE_CASES } from '../../../protocol/cometbft/testing/signature-cases.ts';
import { decodePoint } from '../../hints/ed25519/decode-point.ts';
import { buildEd25519StatementInputs } from './inputs.ts';
import { ed25519 } from './statement.ts';

/*
 * The rule of the README, case by case. What the builder of inputs takes or refuses the circuit does, too:
 * ed25519.test.ts and circuits/ed25519.test.ts show it for signatures of every kind.
 */

const [circuit] = ed25519.circuits;
assert.ok(circuit);

for (const { name, made, zip215 } of SIGNATURE_CASES) {
  test(`${zip215 ? 'provable' : 'not provable'}: ${name}`, () => {
    const slot = { key: toHex(made.key), message: toHex(made.message), signature: toHex(made.signature) };
    const build = () => buildEd25519StatementInputs(circuit, { slots: [slot] });
    if (zip215) build();
    else assert.throws(build, InvalidFieldError);
  });
}

test("the README's table is these cases", () => {
  const text = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| (.+) \| (accepted|refused) \| (accepted|refused) \| .*\|$/gm)];
  const said = (answer: boolean): string => (answer ? 'accepted' : 'refused');
  assert.deepEqual(
    rows.map(([, ...row]) => row),
    SIGNATURE_CASES.map(({ name, zip215, cofactorless }) => [name, said(zip215), said(cofactorless)]),
  );
});

test('points are decoded as ZIP-215 has it: all encodings with y >= p, x = 0 under both signs, and others', () => {
  const ys = [
    ...Array.from({ length: 40 }, (_, y) => BigInt(y)),
    ...Array.from({ length: 40 }, (_, k) => P - 21n + BigInt(k)),
  ];
  let nonCanonical = 0;
  for (const y of ys.filter((one) => one < 1n << 255n))
    for (const sign of [0n, 1n]) {
      const encoding = y + (sign << 255n);
      const bytes = Uint8Array.from({ length: 32 }, (_, i) => Number((encoding >> BigInt(8 * i)) & 255n));
      const expected = decode(bytes);
      if (expected === undefined) {
        assert.throws(() => decodePoint(encoding, 'encoding'), InvalidFieldError);
        continue;
      }
      const { x, exceptional } = decodePoint(encoding, 'encoding');
      // Where a point is replaced, x is not its own.
      if (!exceptional.includes(true)) assert.equal(x, expected.toAffine().x);
      else assert.ok(expected.multiplyUnsafe(2n).is0());
      if (NON_CANONICAL.some((one) => integerOf(one) === encoding)) nonCanonical += 1;
    }
  assert.equal(nonCanonical, 26);
});
