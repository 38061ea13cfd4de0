// SPDX-License-Identifier: GPL-3.0-or-later
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

/** Lines that a program writes which has `log`. */
function linesOf(program: string): string {
  const script = `import { createLogger } from './log.ts'; const log = createLogger('test', 'info'); ${program}`;
  const words = ['--import', 'tsx', '--input-type=module', '-e', script];
  return execFileSync(process.execPath, words, { cwd: import.meta.dirname, encoding: 'utf8' });
}

test('an error keeps its words and its host, and loses the keys in its URLs, causes included', () => {
  const lines = linesOf(`
    const cause = Object.assign(new Error('no answer from wss://user:hidden1@node.example'), {
      url: 'https://rpc.example/v3/hidden2?key=hidden3',
    });
    log.warn({ err: new Error('URL: https://rpc.example/v3/hidden2', { cause }) }, 'round failed');
    log.warn({ err: new AggregateError([cause], 'all nodes failed') }, 'round failed');
  `);
  assert.doesNotMatch(lines, /hidden/);
  assert.match(lines, /URL: https:\/\/rpc\.example\/…/);
  assert.match(lines, /wss:\/\/node\.example/);
});

test('fields that hold secrets are not shown', () => {
  const lines = linesOf(`log.info({ token: 'hidden', config: { password: 'hidden', port: 1 } }, 'starting');`);
  assert.doesNotMatch(lines, /hidden/);
  assert.match(lines, /"port":1/);
});
