// SPDX-License-Identifier: GPL-3.0-or-later
import { attestationMessage, sameCheckpoint } from '../../protocol/attestation.ts';
import type { Domain } from '../../protocol/domain.ts';
import { verify } from '../../protocol/eddsa.ts';
import { isQuorum } from '../../protocol/share.ts';
import { slotOf, totalStakeGwei } from '../../protocol/validator-set.ts';
import type { QuorumCheckpoint } from '../api/schemas.ts';
import type { Source } from '../sources/source.ts';
import { QuorumRefusedError } from './errors.ts';
import type { TrustedSets } from './trusted-sets.ts';

export interface QuorumRules {
  readonly domain: Domain;
  readonly share: number;
}

/**
 * Checks the quorum that a vote names as its source: every signature, the set, and that the block is the chain's own.
 * The set's age does not matter: whoever signed, it is only a height of our own chain that the vote builds on.
 */
export class SourceQuorum {
  /** messages that were found to have a quorum */
  private readonly verified = new Set<bigint>();

  constructor(
    private readonly rules: QuorumRules,
    private readonly sets: TrustedSets,
  ) {}

  /**
   * @throws QuorumRefusedError when it is none, or the source chain has another block there; the sources' and the API's
   *   errors
   */
  async assertQuorum(source: Source, { attestation, signatures }: QuorumCheckpoint): Promise<void> {
    const { checkpoint } = attestation;
    const meta = { chain: source.id, height: String(checkpoint.height) };
    if (checkpoint.chainKey !== source.chainKey) throw new QuorumRefusedError('a quorum about another chain', meta);
    const message = attestationMessage(this.rules.domain, attestation);
    if (this.verified.has(message)) return;

    const trusted = await this.sets.get(attestation.setCommitment);
    if (!trusted) throw new QuorumRefusedError('a quorum of a set that the hub has not sealed', meta);
    const counted = new Set<number>();
    let signedGwei = 0n;
    for (const { key, signature } of signatures) {
      const slot = slotOf(trusted.set, key);
      if (slot < 0 || counted.has(slot) || !verify(key, message, signature)) continue;
      counted.add(slot);
      signedGwei += trusted.set.slots[slot]?.stakeGwei ?? 0n;
    }
    if (!isQuorum(signedGwei, totalStakeGwei(trusted.set), this.rules.share)) {
      throw new QuorumRefusedError('too little stake signed it', { ...meta, signedGwei: String(signedGwei) });
    }
    const ours = await source.checkpointAt(checkpoint.height);
    if (!sameCheckpoint(ours, checkpoint)) {
      throw new QuorumRefusedError('a quorum signed another block than the source chain has', {
        ...meta,
        signed: checkpoint.blockHash,
        actual: ours.blockHash,
      });
    }
    this.verified.add(message);
  }
}
