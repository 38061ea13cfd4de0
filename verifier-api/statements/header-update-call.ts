// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeFunctionData } from 'viem';
import { cometBftLedgerAbi } from '../../protocol/abi/cometbft-ledger.ts';
import type { ProvedStatement } from '../../protocol/proof.ts';
import { proofAbi, type Call } from '../chains/abi-values.ts';
import type { CometBftLedger } from '../chains/cometbft-ledger.ts';
import { Problem } from '../http/problem.ts';
import type { ConsensusStateStore } from '../store/consensus-state-store.ts';
import type { HeaderUpdate, HeaderUpdateStore, StoredHeaderUpdate } from '../store/header-update-store.ts';

/** Headers between one and a state that a ledger holds: beyond them no way to it is looked for. */
const LONGEST_PATH = 256;

/**
 * The first header on the way to one that a ledger does not hold, each believed by the one before.
 * @returns the one itself where the ledger holds what it is believed by, or where the way is not known
 */
export async function firstOnPath(
  update: StoredHeaderUpdate,
  ledger: CometBftLedger,
  states: ConsensusStateStore,
  updates: HeaderUpdateStore,
): Promise<StoredHeaderUpdate> {
  if ((await ledger.after(update.header.header.height)) !== undefined) return update;
  for (let at = update, step = 0; step < LONGEST_PATH; step++) {
    if (await ledger.holds(at.trusted)) return at;
    const believed = await states.accepted(at.chain, at.trusted.height);
    const before = believed?.blockHash === at.trusted.blockHash ? await updates.get(believed.update) : undefined;
    if (!before) return update;
    at = before;
  }
  return update;
}

/** Headers that a ledger holds between the trusted one and this: beyond them its place is not looked for. */
const MOST_STEPS = 256;

/**
 * `update` of a ledger, for a header whose shards are proved.
 * @param proofs in the order of the update's statements
 * @throws Problem TRUSTED_STATE_NOT_HELD while the ledger may come to hold it, NOT_DELIVERABLE where it never will
 */
export async function headerUpdateCall(
  { trusted, header, keyHash }: HeaderUpdate,
  proofs: readonly ProvedStatement[],
  ledger: CometBftLedger,
): Promise<Call> {
  const predecessor = await findPredecessor(ledger, trusted, header.header.height);
  const shown = {
    ...header,
    digests: proofs.map(({ publicSignals: [digest = ''] }) => BigInt(digest)),
    proofs: proofs.map(({ proof }) => proofAbi(proof)),
  };
  const data = encodeFunctionData({
    abi: cometBftLedgerAbi,
    functionName: 'update',
    args: [trusted, predecessor, shown, keyHash],
  });
  return { contract: 'CometBftLedger', method: 'update', to: ledger.address, data };
}

/** The highest height that the ledger holds below this one. */
async function findPredecessor(
  ledger: CometBftLedger,
  trusted: HeaderUpdate['trusted'],
  height: bigint,
): Promise<bigint> {
  const head = await ledger.headHeight();
  // What is held at the height itself, this header or another, answers for itself: no predecessor is looked at.
  if (head >= height && (await ledger.after(height)) !== undefined) return 0n;
  if (!(await ledger.holds(trusted))) {
    if (head >= height) {
      throw new Problem('NOT_DELIVERABLE', `the ledger is at ${head} and does not hold the trusted ${trusted.height}`);
    }
    throw new Problem('TRUSTED_STATE_NOT_HELD', `the ledger is at ${head} and does not hold ${trusted.height}`);
  }
  if (head < height) return head;
  for (let at = trusted.height, step = 0; step < MOST_STEPS; step++) {
    const next = await ledger.after(at);
    if (next === undefined || next === 0n || next > height) return at;
    at = next;
  }
  throw new Problem(
    'NOT_DELIVERABLE',
    `the ledger holds more than ${MOST_STEPS} headers between trusted and ${height}`,
  );
}
