// SPDX-License-Identifier: GPL-3.0-or-later
import { asciiToBytes } from '../ascii.ts';
import { parseAccountAddress } from './account-address.ts';

/**
 * The document in which wallets of Cosmos chains sign data that is no transaction (Cosmos SDK, ADR-036, `MsgSignData`
 * in amino JSON): keys sorted, no spaces, account number, sequence and gas "0", no amounts, memo and chain id empty.
 * What is signed is its SHA-256. That is what `signArbitrary` makes of text or bytes.
 *
 *   {"account_number":"0","chain_id":"","fee":{"amount":[],"gas":"0"},"memo":"","msgs":[{"type":"sign/MsgSignData",
 *   "value":{"data":"<base64>","signer":"<bech32>"}}],"sequence":"0"}
 *
 * @param signer the account's address, whose letters need no escape
 * @throws InvalidFieldError for a signer that is no address
 */
export function signDataDocument(data: Uint8Array, signer: string): Uint8Array {
  parseAccountAddress(signer, 'signer');
  const value = { data: Buffer.from(data).toString('base64'), signer };
  return asciiToBytes(
    JSON.stringify({
      account_number: '0',
      chain_id: '',
      fee: { amount: [], gas: '0' },
      memo: '',
      msgs: [{ type: 'sign/MsgSignData', value }],
      sequence: '0',
    }),
  );
}
