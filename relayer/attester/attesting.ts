// SPDX-License-Identifier: GPL-3.0-or-later
import { attestationMessage, type Attestation, type Checkpoint } from '../../protocol/attestation.ts';
import type { Domain } from '../../protocol/domain.ts';
import { toFr, type Fr } from '../../protocol/field.ts';
import { slotOf } from '../../protocol/validator-set.ts';
import type { Logger } from '../../runtime/log.ts';
import type { ApiClient } from '../api/api-client.ts';
import type { QuorumCheckpoint } from '../api/schemas.ts';
import type { Source } from '../sources/source.ts';
import type { AttestMetrics } from './attest-metrics.ts';
import { QuorumRefusedError, SlashableVoteError } from './errors.ts';
import type { FollowedLedger } from './followed-ledger.ts';
import type { Postbox } from './postbox.ts';
import type { SourceQuorum } from './source-quorum.ts';
import type { TrustedSets } from './trusted-sets.ts';
import type { Voter } from './voter.ts';

export interface AttestingParts {
  readonly source: Source;
  /** blocks between checkpoints */
  readonly interval: bigint;
  /** those that take this chain's checkpoints */
  readonly ledgers: readonly FollowedLedger[];
  readonly domain: Domain;
  readonly api: ApiClient;
  readonly sets: TrustedSets;
  readonly quorums: SourceQuorum;
  readonly voter: Voter;
  readonly postbox: Postbox;
  readonly metrics: AttestMetrics;
  readonly log: Logger;
}

/** False quorums that are passed over in one round. */
const MAX_REFUSED = 32;

/**
 * Votes for one source chain: always its newest finalised checkpoint, under every set by which some ledger wants it.
 */
export class Attesting {
  /** messages that were signed, or that nobody needs signed */
  private readonly settled = new Set<Fr>();
  private readonly bystander = new Set<Fr>();
  /** the last quorum that was found true */
  private verified: QuorumCheckpoint | undefined;

  constructor(private readonly parts: AttestingParts) {}

  /** One look at the chain, the ledgers and the latest quorum. */
  async round(): Promise<void> {
    const { source, interval } = this.parts;
    const finalised = await source.finalisedHeight();
    const height = finalised - (finalised % interval);
    if (height === 0n) return;
    const sourceHeight = sourceFor(await this.latestQuorum(height), height);
    const followers = await this.followers();
    if (followers.size === 0) return;
    const checkpoint = await source.checkpointAt(height);
    for (const [setCommitment, ledgers] of followers) {
      await this.attest({ setCommitment, sourceHeight, checkpoint }, ledgers);
    }
  }

  /**
   * The latest quorum up to a height that our nodes hold final. False ones are passed over: those who left a set, or
   * were slashed, have nothing to lose by one, and it must not stop everybody else's votes.
   * @throws QuorumRefusedError when too many are false
   */
  private async latestQuorum(height: bigint): Promise<QuorumCheckpoint | undefined> {
    const { source, api, quorums, metrics, log } = this.parts;
    let below = height + 1n;
    for (let refused = 0; ; refused++) {
      const latest = await api.latestCheckpoint(source.id, below);
      if (!latest) return undefined;
      const at = latest.attestation.checkpoint.height;
      try {
        if (at >= below) throw new QuorumRefusedError('not below what was asked for', { height: String(at) });
        await quorums.assertQuorum(source, latest);
        metrics.quorum.set({ chain: source.id }, Number(at));
        return (this.verified = latest);
      } catch (error) {
        if (!(error instanceof QuorumRefusedError)) throw error;
        metrics.criticalError.inc({ chain: source.id, kind: 'quorum' });
        log.error({ err: error, height: String(at) }, 'a quorum is not to be believed: not voting on it');
        if (at >= below || refused === MAX_REFUSED) throw error;
        // A false one beside it doesn't undo what was verified.
        const known = this.verified?.attestation.checkpoint.height;
        if (known !== undefined && known >= at && known <= height) return this.verified;
        below = at;
      }
    }
  }

  /** Ledgers by the latest set they go by. A ledger that does not answer keeps no other waiting. */
  private async followers(): Promise<Map<Fr, FollowedLedger[]>> {
    const { ledgers, log } = this.parts;
    const found = new Map<Fr, FollowedLedger[]>();
    const read = async (ledger: FollowedLedger): Promise<void> => {
      const commitment = await ledger.latestSet();
      if (commitment === 0n) return;
      const set = toFr(commitment, 'latestSet');
      found.set(set, [...(found.get(set) ?? []), ledger]);
    };
    for (const answer of await Promise.allSettled(ledgers.map(read))) {
      if (answer.status === 'rejected') log.warn({ err: answer.reason as unknown }, 'a ledger does not answer');
    }
    return found;
  }

  /**
   * After a rotation every ledger may hold the checkpoint already, by the old set: a vote would cost a proof for
   * nothing.
   */
  private async isWanted(checkpoint: Checkpoint, ledgers: readonly FollowedLedger[]): Promise<boolean> {
    const held = await Promise.allSettled(ledgers.map((ledger) => ledger.holds(checkpoint)));
    return held.some((answer) => answer.status === 'rejected' || !answer.value);
  }

  private async attest(attestation: Attestation, ledgers: readonly FollowedLedger[]): Promise<void> {
    const { domain, sets, voter, postbox, api, source, metrics, log } = this.parts;
    const { setCommitment, sourceHeight, checkpoint } = attestation;
    const message = attestationMessage(domain, attestation);
    if (this.settled.has(message)) return;
    const trusted = await sets.get(setCommitment);
    const about = { height: String(checkpoint.height), sourceHeight: String(sourceHeight), set: String(setCommitment) };
    if (!trusted) {
      log.info(about, 'the set is not published yet');
      return;
    }
    if (slotOf(trusted.set, voter.key) < 0) {
      if (!this.bystander.has(setCommitment)) log.info(about, 'our key is not in this set');
      this.bystander.add(setCommitment);
      return;
    }
    if (!(await this.isWanted(checkpoint, ledgers))) {
      this.settled.add(message);
      return;
    }
    try {
      const signature = voter.vote(attestation);
      postbox.offer(`${source.id} ${setCommitment}`, String(message), (url) =>
        api.postAttestation(url, attestation, voter.key, signature),
      );
    } catch (error) {
      if (!(error instanceof SlashableVoteError)) throw error;
      metrics.refused.inc({ chain: source.id, code: error.code });
      metrics.criticalError.inc({ chain: source.id, kind: 'slashable' });
      log.error({ err: error, ...about }, 'refused to sign what would be slashable');
      return;
    }
    this.settled.add(message);
    metrics.signed.inc({ chain: source.id });
    metrics.target.set({ chain: source.id }, Number(checkpoint.height));
    log.info({ ...about, blockHash: checkpoint.blockHash }, 'signed');
  }
}

/** Height of the latest quorum below the target. A quorum at the target itself vouches for the source that it names. */
function sourceFor(latest: QuorumCheckpoint | undefined, target: Checkpoint['height']): bigint {
  if (!latest) return 0n;
  const { checkpoint, sourceHeight } = latest.attestation;
  return checkpoint.height < target ? checkpoint.height : sourceHeight;
}
