// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { parse as parseYaml, type Tags } from 'yaml';
import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.ts';

/** A file held against its schema: what it says, or undefined and everything that is wrong with it. */
export interface CheckedFile<T> {
  readonly data: T | undefined;
  readonly problems: readonly ConfigProblem[];
}

/** @throws ConfigError when it cannot be read, or is no YAML */
export function readYamlFile(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'), { customTags: withoutHex });
  } catch (error) {
    throw new ConfigError(file, [{ path: '', bound: error instanceof Error ? error.message : 'readable YAML' }]);
  }
}

export function checkSchema<S extends z.ZodType>(raw: unknown, schema: S): CheckedFile<z.output<S>> {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return { data: parsed.data, problems: [] };
  const problems = parsed.error.issues.map(({ path, message }) => ({ path: pathText(path), bound: message }));
  return { data: undefined, problems };
}

/** What stands at a path such as `api.auth.kind` of a file that has not been checked; undefined if nothing does. */
export function valueAt(raw: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
  }, raw);
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
