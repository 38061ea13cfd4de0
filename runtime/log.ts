// SPDX-License-Identifier: GPL-3.0-or-later
import { pino, type Logger } from 'pino';

export type { Logger };

/** Fields that never reach a log, at the top and one level down. Secrets are also wrapped (see `Secret`). */
const HIDDEN = ['secret', 'secrets', 'key', 'privateKey', 'password', 'token', 'tokens', 'authorization', 'inputs', 'witness'];

/**
 * A JSON logger to standard output.
 * @param role name of the process, in every line
 */
export function createLogger(role: string, level: string): Logger {
  return pino({
    name: `phalanx-${role}`,
    level,
    redact: { paths: [...HIDDEN, ...HIDDEN.map((field) => `*.${field}`), 'req.headers.authorization'], censor: '[secret]' },
    serializers: { err: pino.stdSerializers.err },
  });
}
