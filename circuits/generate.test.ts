// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { generatedFiles } from './generate.ts';
import { STATEMENT_KINDS } from './registry.ts';

const repository = path.resolve(import.meta.dirname, '..');

test('committed files are what the statements generate', async () => {
  const files = await generatedFiles();
  assert.equal(files.length, 2 * STATEMENT_KINDS.length + 2);
  for (const { path: name, text } of files) {
    const committed = await readFile(path.join(repository, name), 'utf8').catch(() => '');
    assert.equal(committed, text, `${name} is stale: run node --import tsx circuits/generate.ts`);
  }
});

test('templates declare their public signals first and in the order of the statement', async () => {
  for (const kind of STATEMENT_KINDS) {
    const source = await readFile(path.join(import.meta.dirname, kind.source), 'utf8');
    const template = source.slice(source.indexOf(`template ${kind.template}(`));
    const inputs = [...template.matchAll(/signal input (?:\{[^}]*\} )?(\w+)/g)].map(([, name]) => name);
    const names = kind.publicSignals.map(({ name }) => name);
    assert.deepEqual(inputs.slice(0, names.length), names);
    assert.equal(new Set(names).size, names.length);
    assert.doesNotMatch(template, /signal output/, 'no circuit has outputs');
  }
});
