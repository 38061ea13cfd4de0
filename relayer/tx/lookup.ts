// SPDX-License-Identifier: GPL-3.0-or-later
import { TransactionNotFoundError, TransactionReceiptNotFoundError, type TransactionReceipt } from 'viem';
import type { Hex } from '../../protocol/bytes.ts';
import type { EvmClient } from '../lib/evm-client.ts';
import type { TxRecord } from './tx-record.ts';

/** The receipt of whichever attempt landed: it need not be the last one. Undefined while none has. */
export async function receiptOf(client: EvmClient, record: TxRecord): Promise<TransactionReceipt | undefined> {
  for (const { hash } of record.attempts) {
    try {
      return await client.getTransactionReceipt({ hash });
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error;
    }
  }
  return undefined;
}

/** Whether the node has the transaction, included or waiting. */
export async function isKnown(client: EvmClient, hash: Hex): Promise<boolean> {
  try {
    await client.getTransaction({ hash });
    return true;
  } catch (error) {
    if (error instanceof TransactionNotFoundError) return false;
    throw error;
  }
}
