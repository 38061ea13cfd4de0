// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Hex } from '../../protocol/bytes.ts';
import type { ConfigFileInput } from '../../runtime/config-schema.ts';

/** The folder of one local system: data, logs, configuration and keys, readable by its owner alone. */
export class RunFiles {
  constructor(readonly dir: string) {}

  /** Empty, whatever an earlier system left. */
  reset(): void {
    rmSync(this.dir, { recursive: true, force: true });
    mkdirSync(this.dir, { recursive: true, mode: 0o700 });
  }

  path(...parts: string[]): string {
    return join(this.dir, ...parts);
  }

  /** A folder of its own in there, made if need be. */
  folder(name: string): string {
    mkdirSync(this.path(name), { recursive: true, mode: 0o700 });
    return this.path(name);
  }

  /** @returns its name, relative to the configuration beside it */
  writeKey(name: string, secret: Hex): string {
    writeFileSync(this.path(name), `${secret}\n`, { mode: 0o600 });
    return name;
  }

  /** @returns its path */
  writeConfig(name: string, config: ConfigFileInput): string {
    const path = this.path(name);
    writeFileSync(path, `# Written by phalanx for a system on this machine.\n${stringify(config)}`, { mode: 0o600 });
    return path;
  }
}
