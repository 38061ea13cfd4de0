// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { parse as parseYaml, type Tags } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from './config-error.ts';

/**
 * Read a YAML file in the form of a schema.
 * @throws ConfigError with every problem of the file
 */
export function readYamlFile<S extends z.ZodType>(file: string, schema: S): z.output<S> {
  let raw: unknown;
  try {
    raw = parseYaml(readFileSync(file, 'utf8'), { customTags: withoutHex });
  } catch (error) {
    throw new ConfigError(file, [{ path: '', bound: error instanceof Error ? error.message : 'readable YAML' }]);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    file,
    parsed.error.issues.map((issue) => ({ path: pathText(issue.path), bound: issue.message })),
  );
}

/** An address or a hash without quotes is a text, not a number that lost its last digits. */
function withoutHex(tags: Tags): Tags {
  return tags.filter((tag) => typeof tag === 'string' || tag.format !== 'HEX');
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
}
