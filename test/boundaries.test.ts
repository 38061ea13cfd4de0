// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { ROOT, sourceFiles } from './source-files.ts';

const ROOMS = [
  'protocol',
  'runtime',
  'circuits',
  'prover',
  'verifier-api',
  'relayer',
  'contracts',
  'cli',
  'test',
] as const;
type Room = (typeof ROOMS)[number];

/** Which other rooms a room may import. */
const MAY_IMPORT: Record<Room, readonly Room[]> = {
  protocol: [],
  runtime: ['protocol'],
  circuits: ['protocol'],
  prover: ['protocol', 'runtime', 'circuits'],
  'verifier-api': ['protocol', 'runtime', 'circuits', 'prover'],
  relayer: ['protocol', 'runtime'],
  contracts: [],
  cli: ROOMS.filter((room) => room !== 'test'),
  test: ROOMS,
};

/** Of the prover, the API may use what verifies; proving stays with the workers. */
const VERIFYING = new Set([
  'prover/strict-verifier.ts',
  'prover/verification-key.ts',
  'prover/bn254.ts',
  'prover/errors.ts',
]);

interface Import {
  readonly from: string;
  /** as written */
  readonly specifier: string;
  /** path relative to the root, or undefined for a package */
  readonly to: string | undefined;
}

function importsOf(path: string): Import[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(ROOT, path), 'utf8'), true, true);
  return importedFiles.map(({ fileName }) => ({
    from: path,
    specifier: fileName,
    to: fileName.startsWith('.') ? relative(ROOT, join(ROOT, dirname(path), fileName)) : undefined,
  }));
}

const files = sourceFiles().filter((path) => /\.m?ts$|\.mjs$/.test(path) && roomOf(path) !== undefined);
const imports = files.flatMap(importsOf);

function roomOf(path: string): Room | undefined {
  return ROOMS.find((room) => path.startsWith(`${room}/`));
}

test('every room imports only what the design lets it', () => {
  assert.ok(files.length > 50, `only ${files.length} files found`);
  const forbidden = imports.filter(({ from, to }) => {
    const [room, target] = [roomOf(from), to === undefined ? undefined : roomOf(to)];
    if (!room || !target || room === target) return false;
    if (room === 'verifier-api' && target === 'prover') return !VERIFYING.has(to ?? '');
    return !MAY_IMPORT[room].includes(target);
  });
  assert.deepEqual(
    forbidden.map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
});

test('a relative import names a file that exists, with its extension', () => {
  const missing = imports.filter(({ to }) => to !== undefined && !existsSync(join(ROOT, to)));
  assert.deepEqual(
    missing.map(({ from, specifier }) => `${from}: ${specifier}`),
    [],
  );
});

test('no file imports itself through others', () => {
  const graph = new Map<string, string[]>();
  for (const { from, to } of imports) {
    if (to === undefined) continue;
    const targets = graph.get(from);
    if (targets) targets.push(to);
    else graph.set(from, [to]);
  }
  assert.deepEqual(findCycle(graph), []);
});

test('the search for cycles finds one', () => {
  const cycle = findCycle(
    new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['d', ['b']],
    ]),
  );
  assert.deepEqual(cycle, ['b', 'd', 'b']);
});

/** A cycle as the list of its files, the first repeated at the end; empty when there is none. */
function findCycle(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    const start = path.indexOf(file);
    if (start >= 0) return [...path.slice(start), file];
    if (done.has(file)) return [];
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  for (const file of graph.keys()) {
    const cycle = visit(file, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}
