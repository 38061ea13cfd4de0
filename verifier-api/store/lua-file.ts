// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RedisScript } from '../../runtime/redis-script.ts';

/** A script that lies beside this file. */
export function luaFile(name: string): RedisScript {
  return new RedisScript(readFileSync(join(import.meta.dirname, name), 'utf8'));
}
