// SPDX-License-Identifier: GPL-3.0-or-later
import { resolve } from 'node:path';
import { Option } from 'commander';

/** `--config <file>`, which every role that runs for long takes. */
export function configOption(): Option {
  return new Option('-c, --config <file>', 'configuration file (YAML)')
    .default('phalanx.yaml')
    .argParser((file: string) => resolve(file));
}

/** The repository's root, wherever we are called from. */
export const ROOT = resolve(import.meta.dirname, '..');
