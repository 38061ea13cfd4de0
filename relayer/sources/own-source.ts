// SPDX-License-Identifier: GPL-3.0-or-later
import type { Logger } from 'pino';
import type { ChainConfig } from '../../runtime/common-config.ts';
import { SourceMismatchError } from './errors.ts';
import { EvmSource } from './evm-source.ts';

/**
 * A configured chain as a source that says aloud when its nodes contradict each other.
 * @param onDissent told of how many nodes do
 */
export function ownSource(chain: ChainConfig, log: Logger, onDissent?: (nodes: number) => void): EvmSource {
  return new EvmSource({
    ...chain,
    onDissent: (height, nodes) => {
      onDissent?.(nodes);
      log.error(
        { chain: chain.id, height: String(height), nodes },
        'a node contradicts the others about a finalised block',
      );
    },
  });
}

/**
 * Refuse to start on nodes of another chain. One that does not answer now may later, and each block is checked again.
 * @throws SourceMismatchError
 */
export async function refuseMismatch(source: EvmSource): Promise<void> {
  try {
    await source.check();
  } catch (error) {
    if (error instanceof SourceMismatchError) throw error;
  }
}
