// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Secret } from '../../runtime/secret.ts';
import { Problem } from './problem.ts';

/** Says who a request counts for. */
export type Authenticate = (request: IncomingMessage) => string;

/**
 * Bearer tokens (RFC 6750) where any are configured; every token is compared in full, whatever matches. Without them a
 * client is its address, and the Host must name this machine, so that no web page reaches the service under a name of
 * its own (DNS rebinding).
 * @throws Problem UNAUTHENTICATED, MISDIRECTED
 */
export function authentication(tokens: readonly Secret[]): Authenticate {
  if (tokens.length === 0) return byAddress;
  const digests = tokens.map((token) => sha256(token.reveal()));
  return (request) => {
    const given = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    const digest = sha256(given ?? '');
    const matches = digests.filter((known) => timingSafeEqual(known, digest)).length;
    if (given === undefined || matches === 0) {
      throw new Problem('UNAUTHENTICATED', 'expected Authorization: Bearer <token>', {
        headers: { 'WWW-Authenticate': 'Bearer realm="phalanx"' },
      });
    }
    return `token:${digest.toString('hex').slice(0, 16)}`;
  };
}

function byAddress(request: IncomingMessage): string {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (!/^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host)) {
    throw new Problem('MISDIRECTED', 'expected Host to be localhost or a loopback address');
  }
  return `address:${request.socket.remoteAddress ?? 'unknown'}`;
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
