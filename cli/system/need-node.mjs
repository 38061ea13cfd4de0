// SPDX-License-Identifier: GPL-3.0-or-later
// Runs before anything is installed: says in one sentence what would otherwise fail in a hundred lines.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const [needMajor, needMinor] = engines.node.replace('>=', '').split('.').map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < needMajor || (major === needMajor && minor < needMinor)) {
  process.stderr.write(`Phalanx needs Node ${engines.node}; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
}
