// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bn254Code } from '../../circuits/keys/bn254-code.ts';
import { makeDevelopmentKey } from '../../circuits/keys/development-key.ts';
import { openMultiplier } from '../../circuits/keys/open-multiplier.ts';
import { seconds } from './measure.ts';
import { row, type Row } from './rows.ts';
import { writeSyntheticR1cs } from './synthetic-r1cs.ts';

/**
 * Development keys of as many constraints as the domain takes, tables included; no peer makes keys without a ceremony.
 */
export async function keyRows(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'phalanx-bench-'));
  const code = await bn254Code();
  try {
    const rows: Row[] = [];
    for (const log of [19, 21]) {
      const r1cs = join(folder, 'synthetic.r1cs');
      const zkey = join(folder, 'synthetic.zkey');
      writeSyntheticR1cs(r1cs, 2 ** log - 2);
      const multiplier = openMultiplier(code);
      const took = await seconds(() => makeDevelopmentKey(r1cs, zkey, code, multiplier));
      await multiplier.close();
      rmSync(zkey);
      rows.push(row(`development key, domain 2^${log}`, 's', took));
    }
    return rows;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
