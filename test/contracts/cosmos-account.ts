// SPDX-License-Identifier: GPL-3.0-or-later
import { secp256k1 } from '@noble/curves/secp256k1.js';
import { ripemd160 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { asciiToBytes } from '../../protocol/ascii.ts';
import { toHex, type Hex } from '../../protocol/bytes.ts';
import { stakingRecord } from '../../protocol/cometbft/testing/staking-state.ts';
import { consentMessage } from '../../protocol/consensus-key.ts';

/** What `contracts/test/fixtures/cosmos-account.json` holds: an operator of a Cosmos chain, by libraries not ours. */
export interface CosmosAccount {
  readonly digest: Hex;
  readonly consensusKey: Hex;
  readonly account: Hex;
  readonly signer: string;
  readonly document: string;
  readonly x: Hex;
  readonly y: Hex;
  readonly v: number;
  readonly r: Hex;
  readonly s: Hex;
  readonly record: Hex;
}

/** The account of secret key 1, so its hash is the one that BIP-173 gives its examples for. */
export function build(): CosmosAccount {
  const secret = new Uint8Array(32).fill(1, 31);
  const digest = toHex(sha256(asciiToBytes('digest')));
  const consensusKey = toHex(sha256(asciiToBytes('consensus key')));
  const key = secp256k1.getPublicKey(secret, false);
  const signer = 'cosmos1w508d6qejxtdg4y5r3zarvary0c5xw7k6ah60c';
  const data = Buffer.from(consentMessage(digest)).toString('base64');
  const document = JSON.stringify({
    account_number: '0',
    chain_id: '',
    fee: { amount: [], gas: '0' },
    memo: '',
    msgs: [{ type: 'sign/MsgSignData', value: { data, signer } }],
    sequence: '0',
  });
  const signature = secp256k1.sign(asciiToBytes(document), secret, { format: 'recovered' });
  return {
    digest,
    consensusKey,
    account: toHex(ripemd160(sha256(secp256k1.getPublicKey(secret, true)))),
    signer,
    document,
    x: toHex(key.subarray(1, 33)),
    y: toHex(key.subarray(33)),
    v: 27 + (signature[0] ?? NaN),
    r: toHex(signature.subarray(1, 33)),
    s: toHex(signature.subarray(33)),
    record: toHex(
      stakingRecord({ operatorAddress: 'cosmosvaloper1w508d6qejxtdg4y5r3zarvary0c5xw7klfr0rt', consensusKey }),
    ),
  };
}
