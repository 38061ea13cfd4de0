// SPDX-License-Identifier: GPL-3.0-or-later
// Program of a test: watches over a process that has a child of its own, prints their ids, and waits to be killed.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Supervisor } from '../supervisor.ts';

const supervisor = new Supervisor(mkdtempSync(join(tmpdir(), 'phalanx-tree-')), (name) =>
  console.log(`crashed ${name}`),
);
const pid = supervisor.start({ name: 'parent', command: '/bin/sh', arguments: ['-c', 'sleep 1000 & wait'] });
console.log(pid);
process.on('SIGTERM', () => void supervisor.stopAll().then(() => process.exit(0)));
