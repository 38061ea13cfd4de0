// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { CONTRACTS_ROOT } from '../../contracts/deploy/build.ts';

const read = (...names: string[]): string => readFileSync(path.join(CONTRACTS_ROOT, ...names), 'utf8');
const COLUMNS = ['call', 'transaction', 'least price by EIP-7623'];

test("what GAS.md says of reads by depth is forge's last measurement", () => {
  const table = [
    ...read('GAS.md').matchAll(/^\| ((?:absent )?word: .+?) +\| +([\d,]+) \| +([\d,]+) \| +([\d,]+) \|$/gm),
  ];
  const said = table.flatMap(([, name, ...figures]) =>
    COLUMNS.map((column, i) => [`${name}: ${column}`, figures[i]?.replaceAll(',', '')]),
  );
  assert.deepEqual(Object.fromEntries(said), JSON.parse(read('snapshots', 'StateReaderGasTest.json')));
});
