// SPDX-License-Identifier: GPL-3.0-or-later
import type { Hex } from '../protocol/bytes.ts';
import { parseConsensusKey } from '../protocol/cometbft/consensus-key-file.ts';
import { readJson } from './read-json.ts';

/** For help texts: what `readConsensusKey` takes. */
export const CONSENSUS_KEY_FORMS =
  "32 bytes as 0x-hex, or a file with what the chain's program prints for `comet show-validator`";

/**
 * @param text the key as 0x-hex, or a file with its JSON
 * @returns 32 bytes
 * @throws InvalidFieldError, OperationError
 */
export function readConsensusKey(text: string): Hex {
  if (/^0x[0-9a-fA-F]{64}$/.test(text)) return text.toLowerCase() as Hex;
  return parseConsensusKey(readJson(text), text);
}
