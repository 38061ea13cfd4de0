// SPDX-License-Identifier: GPL-3.0-or-later
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT } from '../../cli/options.ts';
import type { LocalChain } from '../../cli/system/local-chain.ts';
import type { LocalSystem } from '../../cli/system/local-system.ts';
import { privateKeyOf } from '../../cli/system/private-key.ts';
import type { LocalValidator } from '../../cli/system/validators.ts';
import { concatBytes, fromHex } from '../../protocol/bytes.ts';
import { cosmosChainId } from '../../protocol/cometbft/caip2.ts';
import type { TestValidator } from '../../protocol/cometbft/testing/generated-chain.ts';
import { runProgram } from '../demo/run-program.ts';

/** As an operator does who has the validator's own key file: `phalanx cometbft bind`. */
export async function bindKey(
  system: LocalSystem,
  destination: LocalChain,
  { name, operator }: LocalValidator,
  chainId: string,
  { key, secret }: TestValidator,
): Promise<void> {
  const file = (suffix: string, content: string): string => {
    const path = join(dirname(system.configFile), `${name}.${suffix}`);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const publicKey = fromHex(key);
  const pair = {
    pub_key: { type: 'tendermint/PubKeyEd25519', value: base64(publicKey) },
    priv_key: { type: 'tendermint/PrivKeyEd25519', value: base64(concatBytes(secret, publicKey)) },
  };
  const options = {
    config: system.configFile,
    chain: destination.id,
    cometbft: cosmosChainId(chainId),
    'priv-validator-key': file('priv_validator_key.json', JSON.stringify(pair)),
    'operator-key': file('operator.key', privateKeyOf(operator)),
  };
  const words = Object.entries(options).flatMap(([option, value]) => [`--${option}`, value]);
  await runProgram('phalanx cometbft bind', [join(ROOT, 'cli', 'phalanx.mjs'), 'cometbft', 'bind', ...words]);
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
