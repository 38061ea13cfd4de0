// SPDX-License-Identifier: GPL-3.0-or-later
// For binding.gyp: every C++ source of the engine, one a line.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

const sources = readdirSync(join(import.meta.dirname, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.cpp'))
  .map((entry) => relative(import.meta.dirname, join(entry.parentPath, entry.name)));
process.stdout.write(`${sources.sort().join('\n')}\n`);
