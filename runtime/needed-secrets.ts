// SPDX-License-Identifier: GPL-3.0-or-later
import { dirname, resolve } from 'node:path';
import type { ConfigProblem } from './config-error.ts';
import { isKey, readSecret, type Secret } from './secret.ts';
import { valueAt } from './yaml-file.ts';

/** Variables of the environment, all of them secrets; nothing else is read from there. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A secret of a role: from a variable, or else from a file. */
export interface NeededSecret {
  /** where the configuration names the file; relative to the configuration file */
  readonly path: string;
  readonly variable: string;
  /**
   * `key`: 32 bytes as 0x-hex. `tokens`: of 32 characters at least, one or more. `password`: any text, or none at all
   */
  readonly form: 'key' | 'tokens' | 'password';
  /** the file, when it is not the configuration that names it; then absolute or relative to the working directory */
  readonly file?: string;
}

export interface FoundSecrets {
  /** by path; without those that nothing gives */
  readonly found: ReadonlyMap<string, Secret>;
  readonly problems: readonly ConfigProblem[];
}

const LEAST_TOKEN_LENGTH = 32;

/**
 * Look for every secret, whatever else is wrong with the configuration.
 * @param raw the configuration file's content, checked or not
 */
export function findSecrets(
  needed: readonly NeededSecret[],
  file: string,
  raw: unknown,
  environment: Environment,
): FoundSecrets {
  const found = new Map<string, Secret>();
  const problems: ConfigProblem[] = [];
  for (const { path, variable, form, file: named } of needed) {
    const inFile = valueAt(raw, path);
    // Of a name that is no text the schema speaks.
    if (inFile !== undefined && typeof inFile !== 'string' && !environment[variable]) continue;
    const beside = typeof inFile === 'string' ? resolve(dirname(file), inFile) : undefined;
    try {
      const secret = readSecret(environment[variable], named === undefined ? beside : resolve(named));
      if (secret) found.set(path, secret);
      problems.push(...boundsOf(secret, form, variable).map((bound) => ({ path, bound })));
    } catch (error) {
      problems.push({ path, bound: error instanceof Error ? error.message : 'a readable file' });
    }
  }
  return { found, problems };
}

/** The tokens in a secret of that form. */
export function tokensIn(secret: Secret): string[] {
  return secret.reveal().trim().split(/\s+/);
}

/** What a secret should be and is not. */
function boundsOf(secret: Secret | undefined, form: NeededSecret['form'], variable: string): string[] {
  if (form === 'password') return [];
  if (!secret) return [`a file of mode 0600, or ${variable}`];
  if (form === 'key') return isKey(secret) ? [] : ['32 bytes as 0x-hex'];
  const short = tokensIn(secret).some((token) => token.length < LEAST_TOKEN_LENGTH);
  return short ? [`tokens of at least ${LEAST_TOKEN_LENGTH} characters`] : [];
}
