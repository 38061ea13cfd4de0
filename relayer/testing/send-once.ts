// SPDX-License-Identifier: GPL-3.0-or-later
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { privateKeyToAccount } from 'viem/accounts';
import { parseChainId } from '../../protocol/chain.ts';
import type { Hex } from '../../protocol/bytes.ts';
import { evmClient } from '../lib/evm-client.ts';
import { TxSender } from '../tx/tx-sender.ts';
import { TxStore } from '../tx/tx-store.ts';
import { ANVIL_KEYS } from './anvil.ts';

/*
 * A sender in a process of its own, to be killed: node send-once.ts <rpc> <redis socket> <contract> <effect>. It
 * submits the effect if it is not under way, follows it to its end, prints the outcome and exits.
 */
const [rpc = '', socket = '', to = '', effect = ''] = process.argv.slice(2);
const redis = new Redis({ path: socket });
const account = privateKeyToAccount(ANVIL_KEYS[0]);
const sender = new TxSender({
  client: evmClient([rpc]),
  account,
  store: new TxStore(redis, parseChainId('eip155:31337', 'id'), account.address),
  log: pino({ level: 'silent' }),
  evmChainId: 31_337,
  confirmations: 1,
  stuckAfterMs: 60_000,
  maxFeePerGas: 100_000_000_000n,
});
await sender.reconcile();
await sender.submit(effect, { to: to as Hex, data: '0x' });
for (;;) {
  const [settled] = await sender.advance();
  if (settled) {
    process.stdout.write(`${settled.outcome} ${settled.record.included?.hash}\n`);
    await sender.noted(settled.record);
    break;
  }
  await new Promise((done) => setTimeout(done, 100));
}
redis.disconnect();
