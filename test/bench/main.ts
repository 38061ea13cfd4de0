// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * `make bench`: what Phalanx's speed is beside its peers', measured here and now. Arguments: groups to run; default
 * all.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { DEFAULT_HOME } from '../../circuits/compile.ts';
import { nativePaths } from '../../circuits/native/load.ts';
import { keyRows } from './key-bench.ts';
import { proofRows, wholeProofRows } from './prove-bench.ts';
import { findRapidsnark } from './rapidsnark.ts';
import { table, type Row } from './rows.ts';
import { apiRows, verifyRows } from './verify-bench.ts';

const GROUPS: Readonly<Record<string, () => Promise<Row[]>>> = {
  'prove-16': () => proofRows('quorum-16', { ours: 15, peers: 5 }),
  'prove-128': () => proofRows('quorum-128', { ours: 5, peers: 2 }),
  whole: async () => [
    ...(await wholeProofRows('quorum-64', { ours: 7, peers: 2 })),
    ...(await wholeProofRows('quorum-128', { ours: 5, peers: 2 })),
  ],
  verify: verifyRows,
  api: apiRows,
  keys: keyRows,
};

const REPORT = join(DEFAULT_HOME, 'bench.json');

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`);
const [path] = nativePaths();
if (path === undefined) throw new Error('the native engine is not built: see "node prover/native/install.mjs"');
console.log(`native engine: ${path}`);
console.log(`rapidsnark: ${findRapidsnark() ?? 'not found (name its binary by RAPIDSNARK)'}\n`);
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in GROUPS));
if (unknown.length > 0) throw new Error(`no group ${unknown.join(', ')}; there are ${Object.keys(GROUPS).join(', ')}`);
const rows: Row[] = [];
for (const [name, measure] of Object.entries(GROUPS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const found = await measure();
  console.log(`${table(found)}\n`);
  rows.push(...found);
}
mkdirSync(dirname(REPORT), { recursive: true });
writeFileSync(REPORT, `${JSON.stringify(rows, null, 2)}\n`);
console.log(`written to ${REPORT}`);
// Curves keep threads running.
process.exit(0);
