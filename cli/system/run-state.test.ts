// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRunState, writeRunState } from './run-state.ts';

const file = join(mkdtempSync(join(tmpdir(), 'phalanx-state-')), 'run.json');

test('who runs the system is known without any other program, and not mistaken for a later process', (t) => {
  const path = process.env['PATH'];
  t.after(() => (process.env['PATH'] = path));
  process.env['PATH'] = '/nonexistent';
  writeRunState(file, true, { here: 'there' });
  const state = readRunState(file);
  assert.deepEqual([state?.pid, state?.ready, state?.addresses], [process.pid, true, { here: 'there' }]);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/"began": "\d+"/, '"began": "1"'));
  assert.equal(readRunState(file), undefined);
});
