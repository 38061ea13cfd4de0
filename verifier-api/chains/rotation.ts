// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeFunctionData } from 'viem';
import { checkpointLedgerAbi } from '../../protocol/abi/checkpoint-ledger.ts';
import type { EvidenceSets } from '../intake/evidence-sets.ts';
import type { AttestationStore } from '../store/attestation-store.ts';
import type { SealedSet, SetStore } from '../store/set-store.ts';
import { setRecordAbi, type Call } from './abi-values.ts';
import type { ChainClient } from './chain-client.ts';
import type { Chains } from './chains.ts';
import { epochDigest, epochSlot } from '../../protocol/epoch-digest.ts';
import { heldCheckpoint } from './held-checkpoint.ts';
import { Ledger } from './ledger.ts';

/** Whether a ledger can be shown a newer validator set now, and how. */
export type Rotation =
  | { readonly due: true; readonly next: SealedSet; readonly call: Call }
  | { readonly due: false; readonly next: SealedSet | undefined; readonly reason: string };

export interface RotationParts {
  readonly chains: Chains;
  readonly sets: SetStore;
  readonly attestations: AttestationStore;
  readonly evidenceSets: EvidenceSets;
}

/**
 * The newest of the sets that the state of the hub shows at the checkpoint a ledger holds. Before it comes a past one
 * that the ledger never saw and that evidence names: without it nobody of that set can be slashed there.
 * @throws Problem RPC_UNAVAILABLE
 */
export async function rotation(parts: RotationParts, chain: ChainClient): Promise<Rotation> {
  const ledger = new Ledger(chain);
  const epoch = await ledger.latestEpoch();
  const newer = (await parts.sets.list(16)).filter(({ set }) => set.epoch > epoch);
  const [newest] = newer;
  const wait = (reason: string): Rotation => ({ due: false, next: newest, reason });
  const nothing = `the ledger has epoch ${epoch}, and no newer one is known`;
  const to = chain.config.contracts.ledger;
  if (parts.chains.isHub(chain)) {
    if (!newest) return wait(nothing);
    const data = encodeFunctionData({
      abi: checkpointLedgerAbi,
      functionName: 'rotateLocal',
      args: [setRecordAbi(newest)],
    });
    return { due: true, next: newest, call: { contract: 'CheckpointLedger', method: 'rotateLocal', to, data } };
  }
  const missed = await missedSets(parts.evidenceSets, ledger, epoch);
  if (!newest && missed.length === 0) return wait(nothing);
  const hub = parts.chains.hub;
  const head = await ledger.head(hub.config.chainKey);
  if (head.frozen) return wait('the ledger has frozen the hub');
  const rotatable = head.height > (await ledger.lastRotationHeight()) ? newer : [];
  if (head.height === 0n || missed.length + rotatable.length === 0) {
    return wait('the ledger holds no hub checkpoint newer than the one it took the last set from');
  }
  const held = await heldCheckpoint(parts.attestations, ledger, hub.config.chainKey, head.height);
  if (!held) return wait(`the hub checkpoint at ${head.height}, which the ledger holds, is not known here`);
  for (const next of [...missed, ...rotatable]) {
    const slot = epochSlot(next.set.epoch);
    const proof = await hub.stateProof(hub.config.contracts.coalition, [slot], head.height);
    if (proof.value !== BigInt(epochDigest(next))) continue;
    const args = [held.checkpoint, setRecordAbi(next), proof.accountProof, proof.storageProof] as const;
    const method = next.set.epoch > epoch ? 'rotate' : 'learnSet';
    const data = encodeFunctionData({ abi: checkpointLedgerAbi, functionName: method, args });
    return { due: true, next, call: { contract: 'CheckpointLedger', method, to, data } };
  }
  return wait(`the hub checkpoint at ${head.height} is older than the sealing of what the ledger lacks`);
}

async function missedSets(evidenceSets: EvidenceSets, ledger: Ledger, epoch: bigint): Promise<SealedSet[]> {
  const past = (await evidenceSets.list()).filter(({ set }) => set.epoch < epoch);
  const known = await Promise.all(past.map(({ commitment }) => ledger.knowsSet(commitment)));
  return past.filter((_, i) => !known[i]);
}
