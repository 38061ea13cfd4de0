// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CONTRACTS_ROOT } from '../../contracts/deploy/build.ts';

const read = (...names: string[]): string => readFileSync(path.join(CONTRACTS_ROOT, ...names), 'utf8');
const SUFFIXES = ['', ': bytes of calldata', ': least price by EIP-7623'];

test("what GAS.md says of CometBFT headers is forge's last measurement", () => {
  const rows = [...read('GAS.md').matchAll(/^\| (hub block, .+?) +\| +([\d,]+) \| +([\d,]+) \| +([\d,]+) \|$/gm)];
  const said = new Map<string, number>(
    rows.flatMap(([, name, ...figures]) =>
      SUFFIXES.map((suffix, i) => [`${name}${suffix}`, Number(figures[i]?.replaceAll(',', ''))] as const),
    ),
  );
  const measured = Object.entries(JSON.parse(read('snapshots', 'CometBftGasTest.json')) as Record<string, string>);
  assert.deepEqual([...said.keys()].sort(), measured.map(([name]) => name).sort());
  for (const [name, used] of measured) {
    assert.ok(Math.abs(Number(used) - (said.get(name) ?? 0)) <= 0.02 * Number(used), `${name}: ${used}`);
  }
});
