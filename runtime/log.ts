// SPDX-License-Identifier: GPL-3.0-or-later
import { pino, type Logger } from 'pino';

export type { Logger };

/** Fields that never reach a log, at the top and one level down. Secrets are also wrapped (see `Secret`). */
const HIDDEN = [
  'secret',
  'secrets',
  'key',
  'privateKey',
  'password',
  'token',
  'tokens',
  'authorization',
  'inputs',
  'witness',
];

/**
 * A JSON logger to standard output.
 * @param role name of the process, in every line
 */
export function createLogger(role: string, level: string): Logger {
  return pino({
    name: `phalanx-${role}`,
    level,
    redact: {
      paths: [...HIDDEN, ...HIDDEN.map((field) => `*.${field}`), 'req.headers.authorization'],
      censor: '[secret]',
    },
    serializers: { err: (error: Error) => withoutUrlSecrets(pino.stdSerializers.err(error)) },
  });
}

/** Providers put access keys into the paths of their URLs, and RPC libraries put URLs into their errors. */
function withoutUrlSecrets(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(USER_IN_URL, '$1').replace(PATH_IN_URL, '$1/…');
  if (typeof value !== 'object' || value === null || depth > 8) return value;
  if (Array.isArray(value)) return value.map((item) => withoutUrlSecrets(item, depth + 1));
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutUrlSecrets(item, depth + 1)]));
}

const USER_IN_URL = /\b((?:https?|wss?):\/\/)[^\s/@"']+@/g;
const PATH_IN_URL = /\b((?:https?|wss?):\/\/[^\s/?#"']+)[/?#][^\s"',;)]+/g;
